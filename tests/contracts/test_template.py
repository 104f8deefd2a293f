"""What the templates promise, checked on the templates."""

import re
from collections import Counter
from importlib import resources as packages
from typing import Any

import pytest
import yaml

from tests.contracts.stack_template import NESTED, PROJECT, ROOT, functions, of_type, resources, transformed


def events(kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(function, event, properties) of every event of that kind."""
    return [
        (function, name, event["Properties"])
        for function, resource in functions().items()
        for name, event in resource["Properties"].get("Events", {}).items()
        if event["Type"] == kind
    ]


def test_the_stack_stays_far_below_cloudformations_limit() -> None:
    assert len(transformed()) <= 400


def test_every_resource_type_is_known_to_the_emulator() -> None:
    source = (packages.files("ministack") / "services/cloudformation/provisioners.py").read_text()
    known = set(re.findall(r'^    "(AWS::\w+::\w+)"', source, re.MULTILINE))
    used = {r["Type"] for r in transformed().values()} | {r["Type"] for f in NESTED for r in resources(f).values()}
    assert used <= known


def test_nobody_reserves_concurrency() -> None:
    assert [n for n, f in functions().items() if "ReservedConcurrentExecutions" in f["Properties"]] == []


@pytest.mark.parametrize("event", events("DynamoDB"), ids=lambda e: f"{e[0]}-{e[1]}")
def test_a_stream_loses_nothing(event: tuple[str, str, dict[str, Any]]) -> None:
    properties = event[2]
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert properties["BisectBatchOnFunctionError"] is True
    assert 0 < properties["MaximumRetryAttempts"] <= 10
    assert properties["MaximumRecordAgeInSeconds"] < 86_400
    assert "Fn::GetAtt" in properties["DestinationConfig"]["OnFailure"]["Destination"]


def test_a_stream_has_two_readers_at_most() -> None:
    readers = Counter(str(properties["Stream"]) for _, _, properties in events("DynamoDB"))
    assert len(readers) == 3
    assert max(readers.values()) == 2


def test_a_queue_answers_in_parts_and_waits_six_times_its_function() -> None:
    for function, _, properties in events("SQS"):
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        queue = of_type("AWS::SQS::Queue")[properties["Queue"]["Fn::GetAtt"][0]]["Properties"]
        timeout = functions()[function]["Properties"].get("Timeout", 20)
        assert queue["VisibilityTimeout"] >= 6 * timeout
        assert queue["RedrivePolicy"]["maxReceiveCount"] >= 3


def test_no_queue_takes_the_concurrency_that_people_wait_for() -> None:
    """An account has a thousand functions at once, and what is throttled comes nearer to its dead letters each time."""
    most = [properties["ScalingConfig"]["MaximumConcurrency"] for _, _, properties in events("SQS")]
    assert sum(most) <= 200


def test_a_stream_that_stands_still_is_noticed() -> None:
    parameters = resources()["Observability"]["Properties"]["Parameters"]
    late = [
        a
        for a in of_type("AWS::CloudWatch::Alarm", NESTED[1]).values()
        if a["Properties"]["MetricName"] == "IteratorAge"
    ]
    watched = {parameters[d["Value"]["Ref"]]["Ref"] for a in late for d in a["Properties"]["Dimensions"]}
    assert watched == {function for function, _, _ in events("DynamoDB")}


def test_every_queue_that_is_read_has_dead_letters_and_they_have_an_alarm() -> None:
    queues = of_type("AWS::SQS::Queue")
    dead = {name for name in queues if name.endswith("DeadLetters")}
    read = {properties["Queue"]["Fn::GetAtt"][0] for _, _, properties in events("SQS")}
    assert read == set(queues) - dead
    targets = {queues[name]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for name in read} | {
        p["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"][0] for _, _, p in events("DynamoDB")
    }
    assert targets == dead
    alarmed = resources()["Observability"]["Properties"]["Parameters"]
    watched = {v["Fn::GetAtt"][0] for k, v in alarmed.items() if k.endswith("DeadLettersName")}
    assert watched == dead
    alarms = of_type("AWS::CloudWatch::Alarm", NESTED[1])
    assert {k for k in alarmed if k.endswith("DeadLettersName")} <= {
        d["Value"]["Ref"] for a in alarms.values() for d in a["Properties"]["Dimensions"]
    }


def test_every_state_machine_task_may_be_called_by_its_role() -> None:
    for machine in of_type("AWS::Serverless::StateMachine").values():
        properties = machine["Properties"]
        definition = yaml.safe_load((PROJECT / properties["DefinitionUri"]).read_text(encoding="utf-8"))
        called = {
            re.sub(r"[${}]", "", str(state["Resource"]))
            for state in definition["States"].values()
            if state["Type"] == "Task"
        }
        granted = [s for policy in properties["Policies"] for s in policy["Statement"]]
        may = [
            r["Fn::GetAtt"][0]
            for s in granted
            if "lambda:InvokeFunction" in s["Action"]
            for r in (s["Resource"] if isinstance(s["Resource"], list) else [s["Resource"]])
        ]
        targets = {properties["DefinitionSubstitutions"][name]["Fn::GetAtt"][0] for name in called}
        assert targets == set(may)
        assert definition.get("QueryLanguage", "JSONPath") == "JSONPath"


def test_a_schedule_may_call_its_target_and_nothing_else() -> None:
    schedules = {n: r for n, r in transformed().items() if r["Type"] == "AWS::Scheduler::Schedule"}
    assert schedules
    for schedule in schedules.values():
        target = schedule["Properties"]["Target"]
        role = transformed()[target["RoleArn"]["Fn::GetAtt"][0]]["Properties"]
        assert "scheduler.amazonaws.com" in str(role["AssumeRolePolicyDocument"])
        statements = [s for p in role["Policies"] for s in p["PolicyDocument"]["Statement"]]
        assert [s["Action"] for s in statements] == ["lambda:InvokeFunction"]
        assert [s["Resource"] for s in statements] == [target["Arn"]]


def test_who_starts_the_machine_may_start_only_that() -> None:
    for name, function in functions().items():
        variables = function["Properties"].get("Environment", {}).get("Variables", {})
        statements = [s for p in function["Properties"].get("Policies", ()) for s in p["Statement"]]
        starts = [s for s in statements if "states:StartExecution" in s["Action"]]
        assert bool(starts) == ("CAMPAIGN_MACHINE_ARN" in variables), name
        assert all(s["Resource"] == {"Ref": "SendCampaign"} for s in starts)


def test_no_statement_allows_every_action_and_few_every_resource() -> None:
    for name, function in functions().items():
        for policy in function["Properties"].get("Policies", ()):
            for statement in policy["Statement"]:
                assert not any("*" in action for action in statement["Action"]), name
                if statement["Resource"] == "*":
                    # SES has no resource for the account and its suppression list, Lambda none for the account.
                    actions = set(statement["Action"]) - {"lambda:GetAccountSettings"}
                    assert all(a.startswith("ses:") for a in actions), name


def test_every_statement_gives_its_reason() -> None:
    lines = ROOT.read_text(encoding="utf-8").splitlines()
    statements = [i for i, line in enumerate(lines) if re.match(r"\s*- (\{)?Effect: Allow", line)]
    assert len(statements) > 50
    assert [lines[i] for i in statements if not lines[i - 1].strip().startswith("#")] == []


def test_logs_go_away_after_a_while() -> None:
    groups = of_type("AWS::Logs::LogGroup")
    assert all(0 < g["Properties"]["RetentionInDays"] <= 90 for g in groups.values())
    written = {str(f["Properties"]["LoggingConfig"]["LogGroup"]) for f in transformed_functions().values()}
    assert written == {str({"Ref": name}) for name in groups}


def transformed_functions() -> dict[str, dict[str, Any]]:
    return {n: r for n, r in transformed().items() if r["Type"] == "AWS::Lambda::Function"}


def test_only_the_console_answers_without_a_token_on_the_admin_api() -> None:
    admin = [(f, p) for f, _, p in events("HttpApi") if p["ApiId"] == {"Ref": "AdminApi"}]
    open_ = {function for function, p in admin if p.get("Auth", {}).get("Authorizer") == "NONE"}
    assert open_ == {"ConsoleFunction"}
    assert resources()["AdminApi"]["Properties"]["Auth"]["DefaultAuthorizer"] == "Login"


def test_data_outlives_every_deploy() -> None:
    for name, resource in resources(NESTED[0]).items():
        assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain", name
        if resource["Type"] == "AWS::DynamoDB::Table":
            assert resource["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
            assert resource["Properties"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True

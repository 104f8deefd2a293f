"""What the stack costs a month while nobody uses it, computed from the templates at the list prices of us-east-1.

Without any free tier. A resource of a type that is not priced here fails: somebody has to say what it costs.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.contracts.stack_template import NESTED, ROOT, functions, resources, transformed
from tests.contracts.test_template import events

LIMIT = 8.00
MINUTES = 30 * 24 * 60
#: Prices in dollars (2026-11). Requests are each; storage is per GB and month.
ALARM, SECRET, KEY = 0.10, 0.40, 1.00
LAMBDA_REQUEST, LAMBDA_GB_SECOND = 0.20e-6, 0.0000133334
SCHEDULER, SQS, READ = 1.00e-6, 0.40e-6, 0.125e-6
TABLE_GB, PITR_GB, S3_GB, LOGS_GB_IN, LOGS_GB_KEPT = 0.25, 0.20, 0.023, 0.50, 0.03
#: The demo company: all its tables, its lake and files; what a function logs each time it runs.
DEMO_GB, DEMO_LAKE_GB = 0.05, 0.05
LINE_BYTES = 700
#: Sixteen empty queries, one after the other.
TICK_SECONDS, TICK_QUERIES = 0.2, 16
#: Lambda keeps five long polls of 20 seconds open on each queue.
POLLS_A_MINUTE = 5 * 3

Resource = dict[str, Any]


def _free(_: str, __: Resource) -> dict[str, float]:
    return {}


def _queue(name: str, _: Resource) -> dict[str, float]:
    read = {properties["Queue"]["Fn::GetAtt"][0] for _, _, properties in events("SQS")}
    return {"polls of queues": POLLS_A_MINUTE * MINUTES * SQS if name in read else 0.0}


def _table(_: str, resource: Resource) -> dict[str, float]:
    properties = resource["Properties"]
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    kept = properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled")
    share = DEMO_GB / len([r for r in resources(NESTED[0]).values() if r["Type"] == "AWS::DynamoDB::Table"])
    return {"tables": share * TABLE_GB, "point-in-time recovery": share * PITR_GB if kept else 0.0}


def _schedule(name: str, resource: Resource) -> dict[str, float]:
    """The tick: a scheduler call, a run of the function and its queries; each run writes a line."""
    rate = str(resource["Properties"]["ScheduleExpression"])
    assert rate == "rate(1 minute)", f"{name}: say what {rate} costs"
    memory = functions()["TickFunction"]["Properties"]["MemorySize"] / 1024
    return {
        "schedules": MINUTES * SCHEDULER,
        "tick": MINUTES * (LAMBDA_REQUEST + memory * TICK_SECONDS * LAMBDA_GB_SECOND + TICK_QUERIES * READ),
        "logs": MINUTES * LINE_BYTES / 1e9 * (LOGS_GB_IN + LOGS_GB_KEPT),
    }


def _bucket(_: str, __: Resource) -> dict[str, float]:
    return {"files and lake": DEMO_LAKE_GB * S3_GB}


#: What a resource of each type costs while nothing happens.
PRICES: dict[str, Callable[[str, Resource], dict[str, float]]] = {
    "AWS::CloudWatch::Alarm": lambda _, r: {"alarms": ALARM * max(1, len(r["Properties"].get("Metrics", ())))},
    "AWS::SecretsManager::Secret": lambda *_: {"secrets": SECRET},
    "AWS::KMS::Key": lambda *_: {"keys": KEY},
    "AWS::SQS::Queue": _queue,
    "AWS::DynamoDB::Table": _table,
    "AWS::S3::Bucket": _bucket,
    "AWS::Scheduler::Schedule": _schedule,
    # Paid by use alone: a request, a mail, a login, a transition.
    **dict.fromkeys(
        (
            "AWS::ApiGatewayV2::Api",
            "AWS::ApiGatewayV2::Stage",
            "AWS::Cognito::UserPool",
            "AWS::Cognito::UserPoolClient",
            "AWS::Cognito::UserPoolDomain",
            "AWS::Lambda::Function",
            "AWS::Lambda::LayerVersion",
            "AWS::Logs::LogGroup",
            "AWS::SES::ConfigurationSet",
            "AWS::SES::ConfigurationSetEventDestination",
            "AWS::SES::EmailIdentity",
            "AWS::SNS::Subscription",
            "AWS::SNS::Topic",
            "AWS::StepFunctions::StateMachine",
        ),
        _free,
    ),
    # Rights, names and connections: nothing of them is ever billed. Nested stacks are counted by what is in them.
    **dict.fromkeys(
        (
            "AWS::CloudFormation::Stack",
            "AWS::IAM::Role",
            "AWS::Lambda::EventSourceMapping",
            "AWS::Lambda::Permission",
            "AWS::SNS::TopicPolicy",
            "AWS::SQS::QueuePolicy",
        ),
        _free,
    ),
}


def _all() -> list[tuple[str, Resource]]:
    nested = [pair for file in NESTED for pair in resources(file).items()]
    return [*transformed().items(), *nested]


def test_every_type_of_resource_has_a_price() -> None:
    assert {resource["Type"] for _, resource in _all()} - PRICES.keys() == set()
    # A schedule hides in the root template as a function's event: after the transform it is a resource.
    assert "AWS::Scheduler::Schedule" in {resource["Type"] for _, resource in _all()}, ROOT


def test_functions_wait_for_nothing_that_is_paid_for_idle() -> None:
    for name, function in functions().items():
        properties = function["Properties"]
        assert {"ProvisionedConcurrencyConfig", "SnapStart", "VpcConfig"} & properties.keys() == set(), name
    assert [p for _, _, p in events("SQS") if "ProvisionedPollerConfig" in p] == []


def test_idle_costs_at_most_eight_dollars_a_month() -> None:
    split: Counter[str] = Counter()
    for name, resource in _all():
        split.update(PRICES[resource["Type"]](name, resource))
    total = sum(split.values())
    print(f"\nIdle, a month: {total:.2f} $")
    for what, dollars in sorted(split.items(), key=lambda pair: -pair[1]):
        print(f"  {dollars:6.3f} $  {what}")
    assert total <= LIMIT
    assert split["alarms"] > 0
    assert split["polls of queues"] > 0

"""What each repair promises. A check passes on the repaired emulator and fails on stock."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.deployer import DeployError, deploy
from infra.local.http import request
from tests.local.probe import Probe

ROLE = "arn:aws:iam::000000000000:role/any"
PASSWORD = "A-long-Enough-Password-1"


def http_api(probe: Probe) -> None:
    opened = request("GET", f"{probe.ports.public_url}/c/abc?x=1&x=2")
    assert opened.status == 200
    assert (opened.json()["path"], opened.json()["query"]) == ("/c/abc", "x=1&x=2")
    assert request("GET", f"{probe.ports.admin_url}/c/abc").status == 404  # a route of the other API
    assert request("GET", f"{probe.ports.admin_url}/v1/things").status == 401
    token = {"Authorization": f"Bearer {_token(probe)}"}
    assert request("GET", f"{probe.ports.admin_url}/v1/things", headers=token).json()["path"] == "/v1/things"


def http_api_cors(probe: Probe) -> None:
    url = f"{probe.ports.aws_url}/_aws/execute-api/{probe.outputs['AdminApi']}/$default/v1/things"
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    answer = request("OPTIONS", url, headers={**asked, "Origin": f"http://127.0.0.1:{probe.ports.admin}"})
    assert answer.status in (403, 204)
    cors = probe.aws("apigatewayv2").get_api(ApiId=probe.outputs["AdminApi"])["CorsConfiguration"]
    assert cors["AllowOrigins"] == ["https://console.example"]


def lambda_errors(probe: Probe) -> None:
    answer = _invoke(probe, "SulkFunction")
    assert answer["errorType"] == "Sulky"
    assert answer["errorMessage"] == "not now"


def lambda_concurrency(probe: Probe) -> None:
    with ThreadPoolExecutor(8) as pool:
        begun = sorted(pool.map(lambda _: float(_invoke(probe, "SlowFunction")), range(8)))
    at_once = max(sum(1 for other in begun if start <= other < start + 0.3) for start in begun)
    assert at_once <= 2


def lambda_concurrency_of_a_queue(probe: Probe) -> None:
    sqs, queue = probe.aws("sqs"), probe.outputs["SlowQueue"]
    sqs.send_message_batch(QueueUrl=queue, Entries=[{"Id": str(n), "MessageBody": "{}"} for n in range(8)])
    taken: list[int] = []

    def empty() -> bool:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        waiting, at_work = (
            int(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name]) for name in names
        )
        taken.append(at_work)
        return waiting + at_work == 0

    probe.expect(empty, 20, "an empty queue")
    assert 0 < max(taken) <= 2


def dynamodb_stream_mapping(probe: Probe) -> None:
    mark = uuid.uuid4().hex
    good = {f"{mark}-{number}" for number in range(9)}
    probe.put_records(*sorted(good)[:4], f"poison-{mark}", *sorted(good)[4:])
    for topic in ("stream", "raising-stream"):
        probe.expect(
            lambda topic=topic: good == {key for key in _contents(probe, topic) if key.startswith(mark)},
            15,
            f"every record but the poisoned one in {topic}",
        )
    assert "DDBStreamBatchInfo" in json.loads(probe.receive("DeadLetters", 10)["Body"])


def dynamodb_ttl(probe: Probe) -> None:
    dynamodb, table = probe.aws("dynamodb"), probe.outputs["Notes"]
    described = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    assert described == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}
    ends = int(datetime.fromisoformat(probe.clock.now()).timestamp()) + 3600
    key = {"pk": {"S": "expiring"}, "sk": {"S": "#"}}
    dynamodb.put_item(TableName=table, Item={**key, "expires": {"N": str(ends)}})
    probe.clock.move(hours=2)
    probe.expect(lambda: "Item" not in dynamodb.get_item(TableName=table, Key=key), 5, "the sweep")


def scheduler(probe: Probe) -> None:
    due = datetime.fromisoformat(probe.clock.now()) + timedelta(seconds=2)
    wall = due.astimezone(ZoneInfo("Europe/Madrid")).strftime("at(%Y-%m-%dT%H:%M:%S)")
    mark, queue = uuid.uuid4().hex, probe.outputs["Queue"]
    sdk_call = json.dumps({"QueueUrl": queue, "MessageBody": mark})
    targets = {
        "function": {
            "Arn": probe.outputs["ScheduledFunction"],
            "Input": json.dumps({"mark": mark, "planned": "<aws.scheduler.scheduled-time>"}),
        },
        "sdk": {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "Input": sdk_call},
    }
    for name, target in targets.items():
        probe.aws("scheduler").create_schedule(
            Name=f"{name}-{mark}",
            ScheduleExpression=wall,
            ScheduleExpressionTimezone="Europe/Madrid",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={**target, "RoleArn": ROLE},
        )
    expected = {"mark": mark, "planned": due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    probe.expect(lambda: expected in _contents(probe, "scheduled"), 8, "the schedule in its own zone")
    probe.expect(lambda: mark in _contents(probe, "queue"), 8, "the SDK target")
    assert all(mark not in entry["Name"] for entry in probe.aws("scheduler").list_schedules()["Schedules"])


def scheduler_follows_the_clock(probe: Probe) -> None:
    mark = uuid.uuid4().hex
    due = datetime.fromisoformat(probe.clock.now()) + timedelta(days=3)
    probe.aws("scheduler").create_schedule(
        Name=mark,
        ScheduleExpression=due.strftime("at(%Y-%m-%dT%H:%M:%S)"),
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": probe.outputs["ScheduledFunction"], "RoleArn": ROLE, "Input": json.dumps({"mark": mark})},
    )
    probe.clock.move(days=4)
    probe.expect(lambda: {"mark": mark} in _contents(probe, "scheduled"), 8, "a schedule of three days ahead")
    time.sleep(0.6)  # three more ticks
    assert _contents(probe, "scheduled").count({"mark": mark}) == 1


def step_functions(probe: Probe) -> None:
    name = f"made-{uuid.uuid4().hex}"
    answer = _run_machine(probe, {"at": "2020-01-01T00:00:00Z", "name": name}, 15)
    assert answer["status"] == "SUCCEEDED", answer.get("cause")
    assert probe.aws("scheduler").get_schedule(Name=name)["ScheduleExpression"] == "at(2099-01-01T00:00:00)"


def secret_ref(probe: Probe) -> None:
    assert _invoke(probe, "SecretFunction") == "hush"


NESTING = """
Transform: AWS::Serverless-2016-10-31
Resources: {Data: {Type: AWS::Serverless::Application, Properties: {Location: data.yaml}}}
Outputs: {Stream: {Value: !GetAtt Data.Outputs.Stream}}
"""


NESTED = """
Resources:
  Kept:
    Type: AWS::DynamoDB::Table
    Properties: &table
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: pk, AttributeType: S}]
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  Changed: {Type: AWS::DynamoDB::Table, Properties: {<<: *table, DeletionProtectionEnabled: PROTECTED}}
Outputs: {Stream: {Value: !GetAtt Kept.StreamArn}}
"""


def nested_attributes(probe: Probe) -> None:
    stack = f"nesting-{uuid.uuid4().hex[:8]}"
    with TemporaryDirectory() as folder:
        template, data = Path(folder, "template.yaml"), Path(folder, "data.yaml")
        template.write_text(NESTING)
        streams = []
        for protected in ("false", "true"):
            data.write_text(NESTED.replace("PROTECTED", protected))
            try:
                streams.append(deploy(probe.ports.aws_url, template, stack, {})["Stream"])
            except DeployError as error:
                raise AssertionError(str(error)) from error
    assert streams[0] == streams[1]


def iam_batches(probe: Probe) -> None:
    sqs = as_user(probe, "sqs", "sqs:SendMessage", "*")
    url = probe.aws("sqs").create_queue(QueueName=uuid.uuid4().hex)["QueueUrl"]
    assert sqs.send_message_batch(QueueUrl=url, Entries=[{"Id": "1", "MessageBody": "{}"}])["Successful"]
    with pytest.raises(ClientError, match="not authorized"):
        sqs.purge_queue(QueueUrl=url)


def as_user(probe: Probe, service: str, action: str, resource: str) -> Any:
    """A client of somebody who may do that and nothing else."""
    iam, name = probe.aws("iam"), f"user-{uuid.uuid4().hex}"
    iam.create_user(UserName=name)
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource}]}
    iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return boto3.client(
        service,  # type: ignore[call-overload]  # the stubs list each service as a literal
        endpoint_url=probe.ports.aws_url,
        region_name="us-east-1",
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )


def clock(probe: Probe) -> None:
    before = request("GET", f"{probe.ports.public_url}/c/now")
    assert before.status == 200
    probe.aws("sqs").send_message(QueueUrl=probe.outputs["Queue"], MessageBody="delayed", DelaySeconds=600)
    tomorrow = datetime.fromisoformat(probe.clock.now()) + timedelta(days=1)
    execution = _start_machine(probe, {"at": tomorrow.isoformat(), "name": f"made-{uuid.uuid4().hex}"})
    now = probe.clock.move(days=2)
    after = request("GET", f"{probe.ports.public_url}/c/now").json()["now"]
    assert abs(after - datetime.fromisoformat(now).timestamp()) < 10
    assert after - before.json()["now"] > 2 * 86_400
    probe.expect(lambda: "delayed" in _contents(probe, "queue"), 8, "a message delayed by ten minutes")
    assert _ended(probe, execution, 15)["status"] == "SUCCEEDED"
    # The worker signed what it wrote with a time two days ahead, and this process with the real one.
    assert probe.notes("queue")


def quiet(probe: Probe) -> None:
    mark = uuid.uuid4().hex
    keys = {f"{mark}-{number}" for number in range(40)}
    probe.put_records(*keys)
    for key in keys:
        probe.aws("sqs").send_message(QueueUrl=probe.outputs["Queue"], MessageBody=key)
    probe.clock.move(days=1)
    for topic in ("stream", "raising-stream", "queue"):
        assert keys <= set(_contents(probe, topic))


def _token(probe: Probe) -> str:
    cognito, pool = probe.aws("cognito-idp"), probe.outputs["UserPool"]
    name = f"user-{uuid.uuid4().hex}"
    cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
    answer = cognito.initiate_auth(
        ClientId=probe.outputs["UserPoolClient"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )
    return str(answer["AuthenticationResult"]["AccessToken"])


def login_page(probe: Probe) -> None:
    """In the language of the address, else of the browser; and so is what comes back from a wrong password."""
    client = probe.aws("cognito-idp").create_user_pool_client(
        UserPoolId=probe.outputs["UserPool"],
        ClientName="page",
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        AllowedOAuthFlowsUserPoolClient=True,
        SupportedIdentityProviders=["COGNITO"],
        CallbackURLs=["http://127.0.0.1/back"],
    )["UserPoolClient"]["ClientId"]
    asked = f"client_id={client}&response_type=code&scope=openid&redirect_uri=http%3A%2F%2F127.0.0.1%2Fback"
    page = f"{probe.ports.aws_url}/oauth2/authorize?{asked}"
    spanish = {"Accept-Language": "es-ES,es;q=0.9"}
    assert "Contraseña" in request("GET", page, headers=spanish).text
    assert "Password" in request("GET", f"{page}&lang=en", headers=spanish).text
    drawn = request("GET", f"{page}&lang=es").text
    assert '<html lang="es">' in drawn
    assert 'action="/login?lang=es"' in drawn
    wrong = {"client_id": client, "redirect_uri": "http://127.0.0.1/back", "username": "nobody", "password": "x"}
    answer = request("POST", f"{probe.ports.aws_url}/login?lang=es", form=wrong)
    assert "El email o la contraseña no son correctos." in answer.text


def _contents(probe: Probe, topic: str) -> list[Any]:
    return [json.loads(note["content"]["S"]) for note in probe.notes(topic)]


def _invoke(probe: Probe, function: str) -> Any:
    answer = probe.aws("lambda").invoke(FunctionName=probe.outputs[function], Payload=b"{}")
    return json.loads(answer["Payload"].read())


def _start_machine(probe: Probe, given: dict[str, str]) -> str:
    machine = probe.outputs["Machine"]
    answer = probe.aws("stepfunctions").start_execution(stateMachineArn=machine, input=json.dumps(given))
    return str(answer["executionArn"])


def _ended(probe: Probe, execution: str, timeout: float) -> dict[str, Any]:
    limit = time.monotonic() + timeout
    while True:
        answer: dict[str, Any] = probe.aws("stepfunctions").describe_execution(executionArn=execution)
        if answer["status"] != "RUNNING" or time.monotonic() > limit:
            return answer
        time.sleep(0.1)


def _run_machine(probe: Probe, given: dict[str, str], timeout: float) -> dict[str, Any]:
    return _ended(probe, _start_machine(probe, given), timeout)

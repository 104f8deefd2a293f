"""Every Lambda function called with every event of a file, in a process of its own, as Lambda gives it one.

python -m tests.external.every_handler events.json → {function: {event: [outcome, [calls that write]]}}
"""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
from botocore.client import BaseClient
from moto import mock_aws

from infra.local.deployer.template import load

PROJECT = Path(__file__).parents[2]
_READS = ("Get", "BatchGet", "Query", "Scan", "List", "Head", "Describe")


class Context:
    """As much of Lambda's as functions look at."""

    aws_request_id = "request"
    function_name = "function"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:function"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@contextmanager
def account() -> Iterator[None]:
    """Tables, queues and a secret, all of them empty, and their names in the environment."""
    with mock_aws():
        for name, resource in load(PROJECT / "infra/data.yaml")["Resources"].items():
            if resource["Type"] == "AWS::DynamoDB::Table":
                declared = resource["Properties"]
                wanted = {k: declared[k] for k in declared if k not in ("TableName", "Tags", "Replicas")}
                boto3.client("dynamodb").create_table(
                    TableName=name,
                    **{k: wanted[k] for k in ("KeySchema", "AttributeDefinitions", "BillingMode")},
                    **{k: wanted[k] for k in ("GlobalSecondaryIndexes",) if k in wanted},
                )
                os.environ[f"{name.upper()}_TABLE"] = name
        for name in load(PROJECT / "template.yaml")["Globals"]["Function"]["Environment"]["Variables"]:
            if name.endswith("_QUEUE_URL"):
                os.environ[name] = boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"]
        secret = boto3.client("secretsmanager").create_secret(Name="tokens", SecretString=json.dumps({"now": "k" * 43}))
        os.environ |= {
            "TOKEN_SECRET_ARN": secret["ARN"],
            "LAKE_BUCKET": "lake",
            "FILES_BUCKET": "files",
            "CONFIGURATION_SET": "events",
            "USER_POOL_ID": "us-east-1_pool",
            "ALARM_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:alarms",
            "PUBLIC_URL": "https://public.example",
            "POWERTOOLS_SERVICE_NAME": "gotero",
        }
        yield


def outcome(handler: Any, event: dict[str, Any]) -> str:
    """`status 404`, `failures 2 of 2`, `raised WrongEventError` or `answered`."""
    try:
        answer = handler(deepcopy(event), Context())
    except Exception as error:
        return f"raised {type(error).__name__}"
    if isinstance(answer, dict) and "statusCode" in answer:
        return f"status {answer['statusCode']}"
    if isinstance(answer, dict) and "batchItemFailures" in answer:
        return f"failures {len(answer['batchItemFailures'])} of {len(event['Records'])}"
    return "answered"


def main(path: str) -> None:
    events = json.loads(Path(path).read_text())["events"]
    called: list[str] = []
    ask = vars(BaseClient)["_make_api_call"]

    def recorded(client: BaseClient, operation: str, parameters: Any) -> Any:
        called.append(operation)
        return ask(client, operation, parameters)

    logging.disable()
    seen: dict[str, dict[str, Any]] = {}
    with account(), patch.object(BaseClient, "_make_api_call", recorded):
        for app in sorted((PROJECT / "functions").glob("*/app.py")):
            handler = import_module(f"functions.{app.parent.name}.app").handler
            for name, event in events.items():
                called.clear()
                result = outcome(handler, event)
                writes = sorted({call for call in called if not call.startswith(_READS)})
                seen.setdefault(app.parent.name, {})[name] = [result, writes]
    json.dump(seen, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])

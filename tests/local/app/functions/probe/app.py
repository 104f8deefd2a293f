"""One handler per thing that a patch repairs."""

import json
import logging
import os
import time
from typing import Any

import boto3
from probing import note  # type: ignore[import-not-found]  # it comes in the layer

logging.getLogger().setLevel(logging.INFO)


class Sulky(Exception):
    """An error of our own, for Retry and Catch to match by name."""


def api(event: dict[str, Any], context: Any) -> dict[str, Any]:
    seen = {"path": event["rawPath"], "query": event["rawQueryString"], "now": time.time(), "body": event.get("body")}
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(seen)}


def stream(event: dict[str, Any], context: Any) -> dict[str, Any]:
    failed = []
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["pk"]["S"]
        if key.startswith("poison"):
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
            break  # what comes after it on the shard waits, as the checkpoint says
        note("stream", key)
    return {"batchItemFailures": failed}


def raising_stream(event: dict[str, Any], context: Any) -> None:
    keys = [record["dynamodb"]["Keys"]["pk"]["S"] for record in event["Records"]]
    if any(key.startswith("poison") for key in keys):
        raise Sulky("poison")
    for key in keys:
        note("raising-stream", key)


def queue(event: dict[str, Any], context: Any) -> dict[str, Any]:
    for record in event["Records"]:
        note("queue", record["body"])
    return {"batchItemFailures": []}


def sulk(event: dict[str, Any], context: Any) -> None:
    note("sulk", 1)
    raise Sulky("not now")


def slow(event: dict[str, Any], context: Any) -> float:
    begun = time.monotonic()
    time.sleep(0.3)
    return begun


def scheduled(event: dict[str, Any], context: Any) -> None:
    note("scheduled", event)


def secret(event: dict[str, Any], context: Any) -> str:
    answer = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["SECRET_ARN"])
    return str(answer["SecretString"])


def forbidden(event: dict[str, Any], context: Any) -> str:
    boto3.client("dynamodb").put_item(TableName=os.environ["RECORDS_TABLE"], Item={"pk": {"S": "x"}, "sk": {"S": "x"}})
    return "allowed"

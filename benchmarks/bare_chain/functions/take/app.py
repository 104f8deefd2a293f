"""The least that could take a form: what was posted becomes an item."""

import os
from base64 import b64decode
from typing import Any
from urllib.parse import parse_qsl

import boto3

table = boto3.resource("dynamodb").Table(os.environ["POSTS_TABLE"])


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    body = event.get("body") or ""
    posted = dict(parse_qsl(b64decode(body).decode() if event.get("isBase64Encoded") else body))
    table.put_item(Item={"id": event["requestContext"]["requestId"], **posted})
    return {"statusCode": 303, "headers": {"location": "https://bare.example/thanks"}}

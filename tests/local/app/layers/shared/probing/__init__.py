"""Notes what happened in a table, so that a test can read it."""

import json
import os
import time
import uuid
from typing import Any

import boto3

_dynamodb = boto3.client("dynamodb")


def note(topic: str, content: Any) -> None:
    at = f"{time.time():020.6f}"
    item = {
        "pk": {"S": topic},
        "sk": {"S": f"{at}#{uuid.uuid4().hex}"},
        "at": {"S": at},
        "content": {"S": json.dumps(content)},
    }
    _dynamodb.put_item(TableName=os.environ["NOTES_TABLE"], Item=item)

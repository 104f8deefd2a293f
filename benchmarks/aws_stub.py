"""AWS behind the SDK's own door: requests are built, signed and counted as ever, and answered from memory.

DynamoDB keeps items by key and looks at no condition: what is measured is the client's work and the number of calls.
Capacity is counted as DynamoDB bills it: a KB written is a unit, two in a transaction; 4 KB read consistently is one.
"""

import hashlib
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from threading import Lock, local
from typing import Any

from botocore.awsrequest import AWSResponse

Json = dict[str, Any]


class _Raw:
    """The body of an answer, as urllib3 would give it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self._body


class _Mine(local):
    cpu: float = 0.0


@dataclass
class AwsStub:
    """One account. `calls` by operation, `capacity` in units."""

    ses_seconds: float = 0.05
    calls: Counter[str] = field(default_factory=Counter)
    capacity: Counter[str] = field(default_factory=Counter)
    tables: dict[tuple[str, str, str], Json] = field(default_factory=dict)
    mails: Counter[str] = field(default_factory=Counter)
    #: Processor that answering itself took: no part of what is measured.
    cpu: float = 0.0
    #: The same of the thread that asks.
    mine: Any = field(default_factory=_Mine)
    _ids: Any = field(default_factory=lambda: count(1))
    _lock: Lock = field(default_factory=Lock)

    def attach(self, client: Any) -> Any:
        client.meta.events.register("before-send.*.*", self._answer)
        return client

    def _answer(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        began = time.thread_time()
        operation = event_name.rpartition(".")[2]
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        with self._lock:
            self.calls[operation] += 1
        handler = getattr(self, f"_{operation}", None)
        answer = json.dumps(handler(json.loads(body or b"{}")) if handler else {}).encode()
        headers: Any = {"content-type": "application/x-amz-json-1.0", "content-length": str(len(answer))}
        response = AWSResponse(request.url, 200, headers, _Raw(answer))
        spent = time.thread_time() - began
        self.mine.cpu += spent
        with self._lock:
            self.cpu += spent
        return response

    # -- SES ------------------------------------------------------------------------------------------------------

    def _SendEmail(self, body: Json) -> Json:
        time.sleep(self.ses_seconds)
        with self._lock:
            self.mails[body["Destination"]["ToAddresses"][0]] += 1
            # As long as a real one: each KB begun of an item is paid for.
            return {"MessageId": f"0100019aa3f0c5d2-3f2b6d52-7a1e-4c60-9d5b-{next(self._ids):012d}-000000"}

    # -- SQS ------------------------------------------------------------------------------------------------------

    def _SendMessage(self, body: Json) -> Json:
        return {"MessageId": "m", "MD5OfMessageBody": hashlib.md5(body["MessageBody"].encode()).hexdigest()}

    # -- DynamoDB -------------------------------------------------------------------------------------------------

    def _PutItem(self, body: Json) -> Json:
        self._put(body["TableName"], body["Item"], 1)
        return {}

    def _GetItem(self, body: Json) -> Json:
        item = self.tables.get((body["TableName"], body["Key"]["pk"]["S"], body["Key"]["sk"]["S"]))
        self._read(item)
        return {"Item": item} if item else {}

    def _BatchGetItem(self, body: Json) -> Json:
        found: dict[str, list[Json]] = {}
        for table, wanted in body["RequestItems"].items():
            items = [self.tables.get((table, key["pk"]["S"], key["sk"]["S"])) for key in wanted["Keys"]]
            for item in items:
                self._read(item)
            found[table] = [item for item in items if item]
        return {"Responses": found, "UnprocessedKeys": {}}

    def _BatchWriteItem(self, body: Json) -> Json:
        for table, wanted in body["RequestItems"].items():
            for request in wanted:
                self._put(table, request["PutRequest"]["Item"], 1)
        return {"UnprocessedItems": {}}

    def _UpdateItem(self, body: Json) -> Json:
        item = self._stored(body)
        self._write(item, 1)
        return {"Attributes": item}

    def _TransactWriteItems(self, body: Json) -> Json:
        for action in body["TransactItems"]:
            if "Put" in action:
                self._put(action["Put"]["TableName"], action["Put"]["Item"], 2)
            else:
                self._write(self._stored(action["Update"]), 2)
        return {}

    def _stored(self, named: Json) -> Json:
        return self.tables.get((named["TableName"], named["Key"]["pk"]["S"], named["Key"]["sk"]["S"]), {})

    def _put(self, table: str, item: Json, times: int) -> None:
        self.tables[table, item["pk"]["S"], item["sk"]["S"]] = item
        self._write(item, times)

    def _write(self, item: Json, times: int) -> None:
        with self._lock:
            self.capacity["write"] += max(1, ceil(_size(item) / 1024)) * times

    def _read(self, item: Json | None) -> None:
        with self._lock:
            self.capacity["read"] += max(1, ceil(_size(item or {}) / 4096))


def _size(value: Any) -> int:
    """Bytes as DynamoDB counts them: names and values, without the tags of its JSON."""
    if isinstance(value, dict):
        if len(value) == 1 and (tag := next(iter(value))) in ("S", "N", "BOOL", "NULL", "M", "L"):
            inner = value[tag]
            return _size(inner) if tag in ("S", "M", "L") else (len(inner) // 2 + 1 if tag == "N" else 1)
        return sum(len(name) + _size(inner) for name, inner in value.items())
    if isinstance(value, list):
        return sum(map(_size, value))
    return len(value.encode()) if isinstance(value, str) else 1

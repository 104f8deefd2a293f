"""`Queue` on SQS: batches of ten, of which some may be refused and are tried again."""

import json
import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TYPE_CHECKING

from gotero.domain.errors import TransientError
from gotero.domain.lane import Lane, lane_of
from gotero.ports import Json, Queue

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

_BATCH = 10
_ATTEMPTS = 3
#: What SQS refuses in a message, of what JSON lets stand in a text; escaped it is the same JSON.
_REFUSED = re.compile("[\ud800-\udfff\ufffe\uffff]")


class SendQueues:
    """The send queue, in three: what somebody waits for, or is due to one, stands in no line behind what many get."""

    def __init__(self, answers: Queue, drips: Queue, bulk: Queue) -> None:
        self._lanes: dict[Lane, Queue] = {"answer": answers, "drip": drips, "bulk": bulk}

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None:
        sorted_: dict[Lane, list[Json]] = {lane: [] for lane in self._lanes}
        for body in bodies:
            sorted_[lane_of(body.get("messages", ()))].append(body)
        for lane, waiting in sorted_.items():
            if waiting:
                self._lanes[lane].put(waiting, delay_seconds)


class SqsQueue:
    """One queue. With `group` it is a fair one: SQS lets no group of messages wait long behind a larger one's."""

    def __init__(self, client: "SQSClient", url: str, group: Callable[[Json], str] = lambda body: "") -> None:
        self._client = client
        self._url = url
        self._group = group

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None:
        left = iter(bodies)
        while batch := list(islice(left, _BATCH)):
            self._put(batch, delay_seconds)

    def _put(self, batch: list[Json], delay_seconds: int) -> None:
        entries = {str(i): self._entry(str(i), body, delay_seconds) for i, body in enumerate(batch)}
        for _ in range(_ATTEMPTS):
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=list(entries.values()))
            failed = {failure["Id"] for failure in answer.get("Failed", ())}
            entries = {i: entry for i, entry in entries.items() if i in failed}
            if not entries:
                return
        raise TransientError("the queue refuses messages")

    def _entry(self, id: str, body: Json, delay_seconds: int) -> "SendMessageBatchRequestEntryTypeDef":
        entry: SendMessageBatchRequestEntryTypeDef = {
            "Id": id,
            "MessageBody": _REFUSED.sub(_escaped, json.dumps(body, ensure_ascii=False)),
            "DelaySeconds": delay_seconds,
        }
        if group := self._group(body):
            entry["MessageGroupId"] = group
        return entry


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"

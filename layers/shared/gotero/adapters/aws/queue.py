"""`Queue` on SQS: batches of ten, of which some may be refused and are tried again."""

import json
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from gotero.domain.errors import TransientError
from gotero.ports import Json

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

_BATCH = 10
_ATTEMPTS = 3


class SqsQueue:
    """One queue."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None:
        left = iter(bodies)
        while batch := list(islice(left, _BATCH)):
            self._put(batch, delay_seconds)

    def _put(self, batch: list[Json], delay_seconds: int) -> None:
        entries = {str(i): json.dumps(body, ensure_ascii=False) for i, body in enumerate(batch)}
        for _ in range(_ATTEMPTS):
            answer = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[{"Id": i, "MessageBody": body, "DelaySeconds": delay_seconds} for i, body in entries.items()],
            )
            failed = {failure["Id"] for failure in answer.get("Failed", ())}
            entries = {i: body for i, body in entries.items() if i in failed}
            if not entries:
                return
        raise TransientError("the queue refuses messages")

"""What goes to SQS: in which queue, in which group, again where it was refused, and as SQS takes it."""

import json
import re
from typing import Any

import pytest

from gotero.adapters.aws.queue import SendQueues, SqsQueue
from gotero.adapters.memory.queue import MemoryQueue

#: What a message may hold (SendMessage, `MessageBody`); anything else is refused, each time that it is tried.
TAKEN = re.compile("[\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


class Client:
    """Refuses what is named, the first time."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.sent: list[Any] = []

    def send_message_batch(self, QueueUrl: str, Entries: list[Any]) -> Any:  # as boto3 names them
        self.sent.append(Entries)
        return {"Failed": [{"Id": id} for id in self.refused]} if len(self.sent) == 1 else {}


def test_what_somebody_waits_for_has_a_queue_of_its_own() -> None:
    answers, drips, bulk = MemoryQueue(), MemoryQueue(), MemoryQueue()
    answer, drip = {"messages": ["contacts-a-wf-w1-1"]}, {"messages": ["contacts-a-as-x1-1"]}
    SendQueues(answers, drips, bulk).put([answer, {"job": "j", "chunk": 1}, drip], 5)
    assert (answers.bodies, drips.bodies, bulk.bodies) == ([answer], [drip], [{"job": "j", "chunk": 1}])
    assert (answers.delays, drips.delays, bulk.delays) == ([5], [5], [5])


def test_chunks_carry_their_job_as_group_and_what_was_refused_is_put_again() -> None:
    client: Any = Client("1")
    queue = SqsQueue(client, "url", lambda body: str(body.get("job", "")))
    queue.put([{"job": "j", "chunk": 1}, {"messages": ["m"]}], 5)
    first, again = client.sent
    assert [(entry["Id"], entry.get("MessageGroupId")) for entry in first] == [("0", "j"), ("1", None)]
    assert [(entry["MessageBody"], entry["DelaySeconds"]) for entry in again] == [('{"messages": ["m"]}', 5)]


@pytest.mark.parametrize("text", ["Núñez €", "a\x00b", "\ufffe", "\uffff", "\ud800", "😀", "\\ufffe"])
def test_whatever_a_browser_calls_itself_is_a_message_that_sqs_takes(text: str) -> None:
    client: Any = Client()
    SqsQueue(client, "url").put([{"user_agent": text}])
    [[entry]] = client.sent
    assert TAKEN.fullmatch(entry["MessageBody"])
    assert json.loads(entry["MessageBody"]) == {"user_agent": text}

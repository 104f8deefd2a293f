"""What taking in an audience asks of DynamoDB: beside one write a message, a few calls for each 500 recipients."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.aws_stub import AwsStub
from gotero.adapters.dynamodb import table
from gotero.adapters.dynamodb.jobs import DynamoJobs
from gotero.adapters.dynamodb.messages import DynamoMessages
from gotero.adapters.dynamodb.suppressions import DynamoSuppressions
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords
from gotero.adapters.memory.world import SetClock
from gotero.domain.job import CAMPAIGN_SEND, Job
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.ports import IndexKeys
from gotero.services.freeze_audience import AudienceFreezer
from gotero.services.freeze_job import FreezeStep, freeze_job

AT = "2026-11-21T09:00:00.000Z"


class _Listed:
    """`Lake`, as far as freezing asks."""

    def __init__(self, refs: list[Ref]) -> None:
        self._refs = refs

    def caught_up(self) -> bool:
        return True

    def audience(self, audience: object, batch: int, after: Ref | None = None) -> Any:
        left = [ref for ref in self._refs if after is None or ref.id > after.id]
        return iter([left[start : start + batch] for start in range(0, len(left), batch)])


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsStub]:
    monkeypatch.setenv("MESSAGES_TABLE", "Messages")
    monkeypatch.setenv("JOBS_TABLE", "Jobs")
    stub, client = AwsStub(), _as_any(table.connection().client)
    stub.attach(client)
    yield stub
    client.meta.events.unregister("before-send.*.*", stub._answer)


def _as_any(thing: object) -> Any:
    return thing


def _freeze(aws: AwsStub, people: int) -> Counter[str]:
    """The calls of taking in that many."""
    records, refs = MemoryRecords(), [Ref("contacts", f"c{n:06d}") for n in range(people)]
    for n, ref in enumerate(refs):
        record = Record(ref.module, ref.id, f"CON-{n}", "u1", {"email": f"p{n}@example.com"}, AT, "u1", AT)
        records.create(record, RecordEvent(ref.id, "create", Cause("system", "test"), AT), IndexKeys())
    jobs, clock, lake = DynamoJobs(), SetClock(), _Listed(refs)
    freezer = AudienceFreezer(
        jobs,
        DynamoMessages(),
        records,
        DynamoSuppressions(lambda: ("secret",)),
        MemoryNumbers(),
        lake,  # type: ignore[arg-type]  # only what freezing asks of it
        clock,
        MemoryDueIndex(),
    )
    audience = {"segments": ["s"], "except": [], "everyone": False}
    params = {"campaign": "c1", "template_id": "t1", "template": "t", "class": "marketing", "sender": "company"}
    jobs.create(Job("job1", CAMPAIGN_SEND, "running", {**params, "audience": audience}, AT, "u1"))
    before = aws.calls.copy()
    assert freeze_job(freezer, "job1", "e1", lambda: 600.0) == FreezeStep(done=True)
    return aws.calls - before


def test_each_five_hundred_recipients_cost_a_few_calls_beside_their_messages(aws: AwsStub) -> None:
    calls = _freeze(aws, 1000)
    more = _freeze(aws, 1500) - calls
    assert more == {
        "PutItem": 500,  # the messages; each is conditional, which a batch cannot be
        "TransactWriteItems": 1,  # chunks and cursor
        "UpdateItem": 1,  # so many are prepared
        "BatchGetItem": 5 + 10,  # whose the addresses are; the suppression list, each address in clear and as a hash
        "BatchWriteItem": 20,  # whose the addresses are from now on
    }
    chunks = [item for (name, _, sort), item in aws.tables.items() if name == "Jobs" and sort.startswith("CHUNK#")]
    assert max(len(chunk["recipients"]["S"]) for chunk in chunks) < 2000, "no item holds more than a chunk's recipients"

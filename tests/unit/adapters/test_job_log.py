"""What steps of jobs note: the same in memory and on DynamoDB, whatever its size."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest

from gotero.adapters.dynamodb.job_log import DynamoJobLog, NoteItem
from gotero.adapters.memory.job_log import MemoryJobLog
from gotero.ports import JobLog

UNTIL = datetime(2026, 12, 22, tzinfo=UTC)


@pytest.fixture(params=["memory", "dynamodb"])
def log(
    request: pytest.FixtureRequest, dynamodb_tables: Callable[[], AbstractContextManager[None]]
) -> Iterator[JobLog]:
    if request.param == "memory":
        yield MemoryJobLog()
        return
    with dynamodb_tables():
        yield DynamoJobLog()


def test_a_note_comes_back_as_it_was_written_last(log: JobLog) -> None:
    large = [{"id": str(n), "before": {"description": "ñ" * 150_000}} for n in range(4)]
    log.write("j1", "undo#000000", large, UNTIL)
    assert log.read("j1", "undo#000000") == large
    log.write("j1", "undo#000000", large[:1], UNTIL)
    assert log.read("j1", "undo#000000") == large[:1], "what a longer one left behind is not read"
    log.write("j1", "undo#000001", [], UNTIL)
    assert (log.read("j1", "undo#000001"), log.read("j1", "undo#000002")) == ([], None)
    assert log.read("j2", "undo#000000") is None


def test_one_kind_of_note_is_paged_in_order(log: JobLog) -> None:
    for turn in (2, 0, 1):
        log.write("j1", f"errors#00000{turn}", [{"id": str(turn)}], UNTIL)
    log.write("j1", "undo#000000", [{"id": "x"}], UNTIL)
    rows, after = log.page("j1", "errors", 2)
    assert [row["id"] for row in rows] == ["0", "1"]
    rows, after = log.page("j1", "errors", 2, after)
    assert ([row["id"] for row in rows], after) == (["2"], None)


def test_a_note_goes_when_nothing_can_be_undone_any_more(
    dynamodb_tables: Callable[[], AbstractContextManager[None]],
) -> None:
    with dynamodb_tables():
        DynamoJobLog().write("j1", "undo#000000", [{"id": "a"}], UNTIL)
        (item,) = NoteItem.query("JOB#j1")
        assert int(item.ttl) == int(UNTIL.timestamp())


def test_a_note_is_forgotten_with_all_its_parts(log: JobLog) -> None:
    log.write("j1", "undo#000000", [{"id": str(n), "before": {"description": "n" * 250_000}} for n in range(3)], UNTIL)
    log.write("j1", "undo#000001", [{"id": "x"}], UNTIL)
    for _ in range(2):
        log.forget("j1", "undo#000000")
    assert log.read("j1", "undo#000000") is None
    assert log.page("j1", "undo", 9)[0] == [{"id": "x"}]

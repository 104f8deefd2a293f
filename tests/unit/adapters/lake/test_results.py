"""What became of the messages of a campaign: totals and their course."""

from typing import Any

import pytest

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.lake import MemoryLake
from gotero.ports import Lake, LakeRow
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_record


@pytest.fixture(params=["duckdb", "memory"])
def lake(request: pytest.FixtureRequest) -> Lake:
    return S3Lake(MemoryObjects(), StoppedClock()) if request.param == "duckdb" else MemoryLake(StoppedClock())


def a_message(id: str, version: int = 1, **values: Any) -> LakeRow:
    return a_record("messages", id, version, campaign="twitter", **values)


def test_totals_recount_the_messages_of_a_campaign(lake: Lake) -> None:
    lake.append(
        "messages",
        [
            a_message("m1", status="delivered", delivered=True, opened=4, clicked=1),
            a_message("m2", status="bounced", bounced=1, delivered=False),
            a_message("m3", status="skipped", no_email=True),
            a_message("m4", status="claimed"),
            a_message("m5", 2, status="accepted"),
            a_message("m5", 1, status="planned"),
            a_record("messages", "other", status="delivered", delivered=True),
        ],
        AS_OF,
    )
    totals, as_of, exact = lake.message_totals("twitter")
    assert (as_of, exact) == (AS_OF, True)
    assert {name: count for name, count in totals.items() if count} == {
        "total": 5,
        "sent": 3,
        "delivered": 1,
        "opened": 1,
        "clicked": 1,
        "bounced": 1,
        "no_email": 1,
        "skipped": 1,
        "pending": 1,
    }
    assert totals.keys() >= {"dropped", "spam", "unsubscribed", "failed", "uncertain", "held", "cancelled"}


def test_a_series_counts_hour_by_hour_what_happened(lake: Lake) -> None:
    def happened(id: str, kind: str, at: str, count: int = 1, campaign: str = "twitter") -> LakeRow:
        return LakeRow(id, 1, {"campaign": campaign, "kind": kind, "at": at, "count": count})

    lake.append(
        "activity",
        [
            happened("1", "opened", "2026-11-21T09:10:00.000Z", 2),
            happened("2", "opened", "2026-11-21T09:59:59.999Z"),
            happened("3", "clicked", "2026-11-21T11:00:00.000Z"),
            happened("4", "held", "2026-11-21T12:00:00.000Z"),
            happened("5", "opened", "2026-11-21T09:10:00.000Z", campaign="another"),
        ],
        AS_OF,
    )
    first, second = lake.message_series("twitter")
    assert (first["at"], first["opened"], first["clicked"]) == ("2026-11-21T09:00:00.000Z", 3, 0)
    assert (second["at"], second["opened"], second["clicked"]) == ("2026-11-21T11:00:00.000Z", 0, 1)

"""Rows for the lake's tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from gotero.ports import LakeRow

NOW = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
AS_OF = "2026-11-21T21:30:00.000Z"


class StoppedClock:
    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def a_contact(id: str, version: int = 1, *, number: int = 1, deleted: bool = False, **values: Any) -> LakeRow:
    """A version of a contact, as the projection appends it."""
    return a_record("contacts", id, version, number=f"CON-{number}", deleted=deleted, **values)


def a_record(
    module: str, id: str, version: int = 1, *, number: str = "N-1", deleted: bool = False, **values: Any
) -> LakeRow:
    data = {
        "module": module,
        "id": id,
        "number": number,
        "owner": "admin",
        "tags": [],
        "created_at": "2026-01-01T00:00:00.000Z",
        "created_by": "admin",
        "updated_at": "2026-01-01T00:00:00.000Z",
        "version": version,
        "values": values,
    }
    return LakeRow(id, version, data, deleted)


def a_member(
    segment: str, module: str, record: str, version: int = 1, *, since: str = "2026", left: bool = False
) -> LakeRow:
    sources = [] if left else [{"kind": "manual", "id": "admin", "since": since, "cause": {"user": "admin"}}]
    data = {
        "segment": segment,
        "module": module,
        "record": record,
        "since": since,
        "source": None if left else "manual",
        "sources": sources,
    }
    return LakeRow(f"{segment}#{module}#{record}", version, data, deleted=left)


def ids(items: Sequence[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]

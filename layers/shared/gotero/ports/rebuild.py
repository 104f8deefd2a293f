"""What rebuilding asks: the tables from beginning to end, and a lake that takes them as a new generation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from gotero.domain.assignment import Assignment
from gotero.domain.job import Chunk, Job
from gotero.domain.membership import Membership, Standing
from gotero.domain.message import Message
from gotero.domain.record import Record, Ref
from gotero.domain.record_link import RecordLink
from gotero.domain.suppression import Suppression
from gotero.ports.lake import LakeRow
from gotero.ports.records import TimelineEntry
from gotero.ports.world import Json

Table = Literal["records", "memberships", "messages", "timeline", "assignments", "jobs"]


@dataclass(frozen=True, slots=True)
class Posted:
    """A form was posted for a record."""

    ref: Ref
    event: str
    form: str
    at: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A record entered or left a segment. `id` is that of its timeline entry."""

    id: str
    ref: Ref
    segment: str
    kind: str
    at: str


#: Standings come without their memberships, and those alone that the time may change; timeline entries, those alone
#: that tell of tasks which wait.
_OfRecords = Record | Posted | RecordLink | Membership | Standing
Item = _OfRecords | Message | Suppression | Moved | TimelineEntry | Assignment | Job | Chunk


class Truth(Protocol):
    """The tables, read whole. For the background alone: nothing that anybody waits for does this."""

    def scan(
        self, table: Table, segment: int, segments: int, after: Json | None, limit: int
    ) -> tuple[list[Item], Json | None]:
        """Some more of one of so many equal parts of a table, and where to go on; None at its end.

        Strongly consistent: what was written before the call is in it. What leads to something else (keys, counters,
        addresses) is left out.
        """


class LakeRebuild(Protocol):
    """A new generation of a dataset, beside the one that is read and appended to meanwhile."""

    def begin(self, dataset: str, job: str) -> None:
        """From here on what is appended is kept apart from what was there: the new generation replaces that alone."""

    def stage(self, dataset: str, job: str, turn: int, rows: Sequence[LakeRow]) -> None:
        """Rows of the new generation, read after `begin`. Again is once; nobody sees them yet."""

    def swap(self, dataset: str, job: str) -> bool:
        """Replace what was there by what was staged, without what was forgotten since, under what was appended since.

        Again is once. False when another job has begun meanwhile, which then is to do it, or this one was given up:
        what it had staged is swept when it has added nothing for a day.
        """

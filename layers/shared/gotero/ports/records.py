"""Records, their numbers and timelines, and what people define."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gotero.domain.numbering import Numbering
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.ports.world import Json


@dataclass(frozen=True, slots=True)
class IndexKeys:
    """What a record can be found by besides its id; written in the record's own transaction."""

    #: Field -> normalised value that no other record of the module may hold.
    unique: Mapping[str, str] = field(default_factory=dict)
    #: Normalised e-mail addresses, of any field, shared or not.
    addresses: frozenset[str] = frozenset()
    #: (field, record) that it points to, where a change of that one must find it.
    relations: frozenset[tuple[str, Ref]] = frozenset()


@dataclass(frozen=True, slots=True)
class Post:
    """A form that was posted for a record."""

    form: str
    at: str


class Records(Protocol):
    """The truth about records, item by item, strongly consistent."""

    def get(self, ref: Ref) -> Record | None: ...

    def get_many(self, refs: Sequence[Ref]) -> dict[Ref, Record]: ...

    def find_unique(self, module: str, field: str, key: str) -> str | None:
        """The id of the record that holds this normalised unique value."""

    def holders(self, module: str, field: str, keys: Sequence[str]) -> dict[str, str]:
        """The same of many values at once: value -> id, of those that are held."""

    def with_address(self, address: str, limit: int, after: str | None = None) -> tuple[list[Ref], str | None]:
        """Accounts, contacts and leads that have this normalised e-mail address, with the position to go on from."""

    def create(self, record: Record, event: RecordEvent, keys: IndexKeys) -> None:
        """Write record, event and keys in one transaction.

        Raises DuplicateError when a unique value is held, ConflictError when the record itself exists.
        """

    def update(self, record: Record, event: RecordEvent, before: IndexKeys, after: IndexKeys) -> None:
        """Write `record` over version - 1; the keys move in the same transaction.

        Raises ConflictError when the stored version is another one, DuplicateError as above. What a task of a workflow
        does at one event is done once: AppliedError, whatever has been written since.
        """

    def applied(self, ref: Ref, cause: Cause, at: str) -> bool:
        """Note that a task of a workflow has found nothing to change at this event; False when it had been applied."""

    def pointing(
        self, target: Ref, module: str, field: str, limit: int, after: str | None = None
    ) -> tuple[list[Ref], str | None]:
        """Records of `module` that point to `target` through `field`, with the position to go on from."""

    def posts(self, ref: Ref) -> list[Post]:
        """Every form that was posted for the record, as its events told it; written with the record."""

    def forget(self, ref: Ref) -> None:
        """Delete what stands beside a record that is gone: its first matches, its posts, and what points to it."""

    def link(self, one: Ref, other: Ref, cause: Cause, at: str) -> bool:
        """Link two records, many to many: `pointing` finds each from the other, through the field LINK.

        Whether it was news: twice is once.
        """

    def unlink(self, one: Ref, other: Ref, cause: Cause | None, at: str) -> bool:
        """The reverse. Without a cause the lake alone is told: of a record that is gone for ever."""

    def first_match(self, ref: Ref, workflow: str, event: str) -> bool:
        """True for the first event by which this record matches this workflow, however often that event comes."""


class Numbers(Protocol):
    """The visible numbers of records: CON-1, CAM355, MSG-000001."""

    def draw(self, kind: str, count: int, usual: Numbering) -> list[str]:
        """The next `count` numbers, as the settings write them, else as usual; those not used leave gaps."""

    def start_at(self, kind: str, number: int) -> None:
        """The next number will be `number`, unless it is past that already."""

    def write_as(self, kind: str, numbering: Numbering) -> None:
        """From now on numbers are written so."""

    def given(self) -> Mapping[str, tuple[int, Numbering | None]]:
        """The last number given of each kind that has one, and how it is written where the settings say so."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a record. `id` makes a second write of the same thing one."""

    ref: Ref
    at: str
    kind: str
    cause: Cause
    id: str
    data: Json = field(default_factory=dict)
    #: Days after which it may go; None keeps it as long as the record.
    keep_days: int | None = None


class Timeline(Protocol):
    def add(self, entries: Sequence[TimelineEntry]) -> None: ...

    def page(self, ref: Ref, limit: int, after: str | None) -> tuple[list[TimelineEntry], str | None]:
        """Newest first, with the position to go on from."""

    def told(self, places: Collection[tuple[Ref, str, str]]) -> set[tuple[Ref, str, str]]:
        """Those of the places (record, instant, id) at which there is an entry."""

    def forget(self, ref: Ref) -> None:
        """Delete all entries of a record."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A small thing that people define: segment, workflow, form, template, action, plan, user, setting…"""

    kind: str
    id: str
    data: Json
    version: int
    created_at: str
    updated_at: str
    #: Who wrote this version.
    cause: Json = field(default_factory=dict)


class Definitions(Protocol):
    """All definitions, cached by the version of their kind."""

    def get(self, kind: str, id: str) -> Definition | None: ...

    def all(self, kind: str) -> list[Definition]: ...

    def look(self) -> None:
        """See all kinds at once, as they are now."""

    def seen(self, kind: str) -> list[Definition]:
        """All of a kind as they were at the last look, or later; without a look as they are now.

        For whoever begins with a look, and needs nothing that was written after it.
        """

    def seen_one(self, kind: str, id: str) -> Definition | None:
        """The same of one of them, without reading the others of its kind."""

    def put(self, definition: Definition, *, names: Mapping[str, str] | None = None) -> None:
        """Write `definition` over version - 1 (0: must not exist), else ConflictError.

        `names` are values that no other definition of the kind may hold (DuplicateError), e.g. {"name": "twitter"}.
        """

    def delete(self, kind: str, id: str) -> None: ...

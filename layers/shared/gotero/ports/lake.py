"""Everything that looks at many."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from gotero.domain.audience import Audience
from gotero.domain.record import Ref
from gotero.ports.world import Json


@dataclass(frozen=True, slots=True)
class LakeRow:
    """One version of a row of a dataset; the highest version of an id wins, `deleted` hides it."""

    id: str
    version: int
    #: The row as JSON: a record as `Record.to_json`, a member as {segment, module, record, since, source, sources}.
    data: Json
    deleted: bool = False
    #: Deleted, and to be looked at in the bin: its data are kept. Of any other deleted row they are not.
    binned: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Json]
    #: The sort values and id of the last row, when there are more.
    after: list[Any] | None
    as_of: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Count:
    count: int
    sample: list[Json]
    as_of: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Sizes:
    """Segment -> module -> number of members; a segment without any is not there."""

    counts: Mapping[str, Mapping[str, int]]
    as_of: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Census:
    """What a send would decide about an audience."""

    #: Reason -> recipients; under an empty one those who are written to, as far as each by themselves is concerned.
    counts: Mapping[str, int]
    #: Distinct addresses of those: two records with one address are one mail.
    mails: int
    #: Of the records that get them.
    owners: Collection[str]
    as_of: str
    exact: bool


class Judge(Protocol):
    """Why a record of this module with these values is not written to, if it is not; and the key of its address."""

    def __call__(self, module: str, values: Json | None, suppressed: bool | None) -> tuple[str, str]:
        """`values` None: there is no such record. `suppressed` None: to be found out."""


class Lists(Protocol):
    """What people look at: pages and counts of records and of members."""

    def page(
        self,
        module: str,
        *,
        condition: Json | None = None,
        search: str | None = None,
        sort: Sequence[tuple[str, bool]] = (),
        limit: int = 50,
        after: list[Any] | None = None,
        binned: bool = False,
    ) -> Page:
        """Rows as the JSON of records. `sort`: (column, descending). `binned`: those in the bin instead."""

    def group(
        self,
        module: str,
        by: str,
        *,
        condition: Json | None = None,
        search: str | None = None,
        limit: int = 200,
        initial: bool = False,
    ) -> tuple[list[tuple[str | None, int]], str, bool]:
        """How many records there are of each value of a column, most first, with as_of and exact.

        A record stands under each value of a list, and without any value under None. With `initial`, it is each first
        letter of the values, as a capital.
        """

    def count(self, module: str, condition: Json | None, sample: int = 5, search: str | None = None) -> Count: ...

    def members(
        self,
        segment: str,
        *,
        module: str | None = None,
        limit: int = 50,
        after: list[Any] | None = None,
        owners: Mapping[str, Collection[str]] | None = None,
    ) -> Page:
        """Rows {module, id, number, title, since, source, sources}, newest first.

        `owners`: of the modules named only members whose record belongs to one of these.
        """

    def member_counts(self, segment: str) -> dict[str, int]:
        """Module -> number of members."""

    def sizes(self, segment: str | None = None) -> Sizes:
        """How many members there are: of every segment, or of this one."""

    def blocked(
        self,
        segment: str,
        *,
        module: str,
        limit: int = 50,
        after: list[Any] | None = None,
        owners: Mapping[str, Collection[str]] | None = None,
    ) -> Page:
        """Who was taken out by name and is kept out: rows as those of `members`, with `blocked`."""

    def segment_moves(self, segment: str, unit: Literal["hour", "day"]) -> list[Json]:
        """Who came and went, told by the hour or day (UTC): [{"at", "module", "entered", "left"}], the oldest first."""


class Lake(Lists, Protocol):
    """Everything that looks at many: lists, counts, members, audiences, results.

    Datasets are the modules, `links` (of two records, many to many), `members`, `transitions` (who entered and left
    them, when) and `activity` (what happened to messages).
    """

    def append(self, dataset: str, rows: Sequence[LakeRow], as_of: str, lag: float = 0.0) -> None:
        """Lay `rows` over the dataset, as projected at `as_of`, `lag` seconds after the newest of them was written.

        Twice, late or in another order is the same as once: the highest version of an id wins.
        """

    def rows(self, dataset: str, record_id: str) -> list[LakeRow]:
        """Every row that this record is a part of: its own, and those whose id names it. Ended ones too."""

    def forget(self, dataset: str, rows: Sequence[LakeRow]) -> None:
        """Lay `rows` over the dataset, and keep no version of them below: not in what is listed, nor in any object.

        What the projection brings later than this is of no effect, and stays in its object until the next time.
        """

    def given(self, segment: str, source: str, limit: int, after: str | None = None) -> tuple[list[Ref], str | None]:
        """Who has this source in the segment, counted or not, in stable order, with the position to go on from."""

    def caught_up(self) -> bool:
        """Whether people and memberships are projected as they were a moment ago."""

    def audience(
        self, audience: Audience, batch: int, after: Ref | None = None, *, search: str = "", among: Sequence[Ref] = ()
    ) -> Iterator[list[Ref]]:
        """Everybody of the audience: once, by module and id.

        `after` goes on behind that recipient; `search` keeps those found by these words, `among` those in this list.
        """

    def audience_size(self, audience: Audience) -> int: ...

    def census(self, audience: Audience, suppressed: Collection[str], judge: Judge) -> Census:
        """Everybody of an audience of any size as `judge` decides; `suppressed` are keys of addresses."""

    def message_totals(self, campaign: str) -> tuple[dict[str, int], str, bool]:
        """Sums of a campaign's messages for its results, with as_of and exact."""

    def message_breakdown(self, campaign: str) -> Json:
        """{"reasons": [{"status", "reason", "count"}], "bounces": [{"text", "count"}], "links": [{"url", "clicks"}]}:
        why messages were not sent, what servers said that returned them, which links were followed; the most first.
        """

    def message_series(self, campaign: str) -> list[Json]:
        """Hour by hour (UTC), how often things happened: [{"at", "sent", "delivered", "opened", "clicked", …}]."""

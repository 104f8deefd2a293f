"""`Lake` on S3 and DuckDB."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import cached_property
from typing import Any, Literal

from gotero.adapters.lake import census, membership, results
from gotero.adapters.lake.around import asked_around
from gotero.adapters.lake.columns import (
    ACTIVITY,
    MEMBERS,
    TRANSITIONS,
    columns_of,
    in_bin,
    literal,
    quote,
    rows_table,
)
from gotero.adapters.lake.objects import Objects
from gotero.adapters.lake.ordering import Key, Ordering
from gotero.adapters.lake.search import contains_words, people_found
from gotero.adapters.lake.tables import Freshness, Tables
from gotero.adapters.lake.writer import LakeWriter
from gotero.domain import modules as declared
from gotero.domain.audience import Audience
from gotero.domain.condition import parse, to_sql
from gotero.domain.modules import MODULES, Module
from gotero.domain.record import Ref
from gotero.ports import Census, Clock, Count, Json, Judge, LakeRow, Page, Sizes

_NEWEST = (("created_at", True),)


class S3Lake:
    """Answers from tables in this process, checked against the manifests before every question."""

    def __init__(
        self,
        objects: Objects,
        clock: Clock,
        zone: Callable[[], tzinfo] = lambda: UTC,
        modules: Mapping[str, Module] = MODULES,
        uncounted: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        """`zone` says in whose days "today" is counted, `uncounted` which sources make nobody a member; both are asked
        for with each question, since they change.
        """
        self._objects = objects
        self._clock = clock
        self._zone = zone
        self._modules = modules
        self._uncounted = uncounted
        self._writer = LakeWriter(objects)

    @cached_property
    def _tables(self) -> Tables:
        """Made by the first question: who only appends never starts DuckDB for it."""
        return Tables(self._objects, self._modules, self._clock.now)

    def append(self, dataset: str, rows: Sequence[LakeRow], as_of: str, lag: float = 0.0) -> None:
        self._writer.append(dataset, rows, as_of, lag)

    def rows(self, dataset: str, record_id: str) -> list[LakeRow]:
        self._tables.refresh([dataset])
        query = f"SELECT id, version, data, deleted FROM {quote(rows_table(dataset))} WHERE contains(id, ?) ORDER BY id"
        return [LakeRow(id, v, json.loads(data), gone) for id, v, data, gone in self._rows(query, [record_id])]

    def forget(self, dataset: str, rows: Sequence[LakeRow]) -> None:
        self._writer.forget(dataset, rows)

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
        where, parameters, datasets = self._searched(module, condition, search)
        ordering = Ordering.of(sort or _NEWEST, columns_of(module, self._modules), self._modules)
        source = in_bin(module) if binned else quote(module)
        return self._page(source, where, parameters, ordering, limit, after, [*datasets, *ordering.modules])

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
        where, parameters, datasets = self._searched(module, condition, search)
        column = next(column for column in columns_of(module, self._modules) if column.name == by)
        each = f"CAST(r.{column.quoted} AS VARCHAR)"
        if initial:
            each = f"upper(left({each}, 1))"
        if column.type == "VARCHAR[]":
            each = f"unnest(CASE WHEN len(r.{column.quoted}) > 0 THEN r.{column.quoted} ELSE [NULL] END)"
        freshness = self._tables.refresh(datasets)
        values = f"SELECT {each} AS value FROM {quote(module)} r WHERE {where}"
        query = f"SELECT nullif(value, '') AS v, count(*) AS n FROM ({values}) GROUP BY v ORDER BY n DESC, v LIMIT ?"
        found = self._rows(query, [*parameters, limit])
        return [(value, count) for value, count in found], freshness.as_of, freshness.exact

    def count(self, module: str, condition: Json | None, sample: int = 5, search: str | None = None) -> Count:
        where, parameters, datasets = self._searched(module, condition, search)
        freshness = self._tables.refresh(datasets)
        (total,) = self._rows(f"SELECT count(*) FROM {quote(module)} r WHERE {where}", parameters)[0]
        newest = f"SELECT data FROM {quote(module)} r WHERE {where} ORDER BY r.created_at DESC, r.id LIMIT ?"
        rows = self._rows(newest, [*parameters, sample])
        return Count(total, [_shown(data) for (data,) in rows], freshness.as_of, freshness.exact)

    def members(
        self,
        segment: str,
        *,
        module: str | None = None,
        limit: int = 50,
        after: list[Any] | None = None,
        owners: Mapping[str, Collection[str]] | None = None,
    ) -> Page:
        where, parameters = membership.seen(owners or {})
        where, parameters = f"r.segment = ?{where}", [segment, *parameters]
        if module is not None:
            where, parameters = f"{where} AND r.module = ?", [*parameters, module]
        ordering = Ordering((Key("r.since", "VARCHAR", descending=True),))
        page = self._page(
            membership.living(self._uncounted()), where, parameters, ordering, limit, after, membership.DATASETS
        )
        return Page(self._named(page.items), page.after, page.as_of, page.exact)

    def given(self, segment: str, source: str, limit: int, after: str | None = None) -> tuple[list[Ref], str | None]:
        self._tables.refresh([MEMBERS])
        position = [] if after is None else [after]
        rows = self._rows(membership.given(after), [segment, source, *position, limit + 1])
        refs = [Ref(module, id) for module, id in rows[:limit]]
        return refs, str(refs[-1]) if len(rows) > limit else None

    def member_counts(self, segment: str) -> dict[str, int]:
        return dict(self.sizes(segment).counts.get(segment, {}))

    def sizes(self, segment: str | None = None) -> Sizes:
        freshness = self._tables.refresh(membership.DATASETS)
        where = "true" if segment is None else "segment = ?"
        query = (
            f"SELECT segment, module, count(*) FROM {membership.living(self._uncounted())} "
            f"WHERE {where} GROUP BY segment, module ORDER BY segment, module"
        )
        counts: dict[str, dict[str, int]] = {}
        for of, module, count in self._rows(query, [] if segment is None else [segment]):
            counts.setdefault(of, {})[module] = count
        return Sizes(counts, freshness.as_of, freshness.exact)

    def blocked(
        self,
        segment: str,
        *,
        module: str,
        limit: int = 50,
        after: list[Any] | None = None,
        owners: Mapping[str, Collection[str]] | None = None,
    ) -> Page:
        # A membership that has ended is a tombstone; of one that is blocked the data are kept.
        seen, theirs = membership.seen(owners or {})
        where = f"r.segment = ? AND r.module = ?{seen}"
        ordering = Ordering((Key("r.since", "VARCHAR", descending=True),))
        page = self._page(
            in_bin(MEMBERS), where, [segment, module, *theirs], ordering, limit, after, membership.DATASETS
        )
        return Page(self._named(page.items), page.after, page.as_of, page.exact)

    def segment_moves(self, segment: str, unit: Literal["hour", "day"]) -> list[Json]:
        self._tables.refresh([TRANSITIONS])
        rows = self._rows(membership.MOVES.format(unit=literal(unit)), [segment])
        return [dict(zip(("at", "module", "entered", "left"), row, strict=True)) for row in rows]

    def caught_up(self) -> bool:
        return self._tables.refresh(membership.DATASETS).exact

    def audience(
        self, audience: Audience, batch: int, after: Ref | None = None, *, search: str = "", among: Sequence[Ref] = ()
    ) -> Iterator[list[Ref]]:
        query = membership.narrowed(self._audience(audience), after, among, people_found(search))
        # A cursor of its own: the rows of this instant, however long the caller takes and whatever is asked meanwhile.
        cursor = self._tables.connection.cursor().execute(query.sql, list(query.parameters))
        return iter(lambda: [Ref(module, id) for module, id in cursor.fetchmany(batch)], [])

    def audience_size(self, audience: Audience) -> int:
        people = self._audience(audience)
        (size,) = self._rows(f"SELECT count(*) FROM ({people.sql})", people.parameters)[0]
        return int(size)

    def census(self, audience: Audience, suppressed: Collection[str], judge: Judge) -> Census:
        people = self._audience(audience)
        freshness = self._tables.refresh(membership.DATASETS)
        counts, mails, owners = census.count(self._rows, people, audience, suppressed, judge)
        return Census(counts, mails, owners, freshness.as_of, freshness.exact)

    def _audience(self, audience: Audience) -> membership.Part:
        filters, datasets = [], [*membership.DATASETS, *(["messages"] if audience.not_opened else [])]
        for part in audience.filters:
            where, parameters, read = self._where(part.module, part.condition)
            rows = f"SELECT {literal(part.module)} AS module, r.id AS record FROM {quote(part.module)} r WHERE {where}"
            filters.append(membership.Part(rows, parameters))
            datasets += read
        self._tables.refresh(list(dict.fromkeys(datasets)))
        return membership.audience(audience, filters, self._uncounted())

    def message_totals(self, campaign: str) -> tuple[dict[str, int], str, bool]:
        freshness = self._tables.refresh(["messages"])
        counted = self._rows(results.totals(), [campaign])[0]
        return dict(zip(results.NAMES, counted, strict=True)), freshness.as_of, freshness.exact

    def message_breakdown(self, campaign: str) -> Json:
        self._tables.refresh(["messages", "activity"])
        return {
            name: [dict(zip(columns, row, strict=True)) for row in self._rows(query, [campaign])]
            for name, (columns, query) in results.BREAKDOWN.items()
        }

    def message_series(self, campaign: str) -> list[Json]:
        self._tables.refresh([ACTIVITY])
        hours = self._rows(results.series(), [campaign])
        return [{"at": at, **dict(zip(results.SERIES, counts, strict=True))} for at, *counts in hours]

    def _searched(self, module: str, condition: Json | None, search: str | None) -> tuple[str, list[Any], list[str]]:
        where, parameters, datasets = self._where(module, condition)
        if search:
            found, words = contains_words(search)
            where, parameters = f"{where} AND {found}", [*parameters, *words]
        return where, parameters, datasets

    def _where(self, module: str, condition: Json | None) -> tuple[str, list[Any], list[str]]:
        """SQL of a condition on `r`, and the datasets that it reads."""
        declaration = declared.module(module, self._modules)
        if condition is None:
            return "true", [], [module]
        parsed = parse(condition, declaration, self._modules, context="filter")
        members = membership.counted(self._uncounted())
        where, parameters = to_sql(parsed, now=self._clock.now(), zone=self._zone(), members=members)
        return where, parameters, [module, *asked_around(parsed, declaration)]

    def _page(
        self,
        source: str,
        where: str,
        parameters: Sequence[Any],
        ordering: Ordering,
        limit: int,
        after: list[Any] | None,
        datasets: Sequence[str],
    ) -> Page:
        parameters = list(parameters)
        if after is not None:
            later, position = ordering.later_than(after)
            where, parameters = f"{where} AND {later}", [*parameters, *position]
        freshness: Freshness = self._tables.refresh(datasets)
        query = (
            f"SELECT data, {ordering.position()} FROM {source} r WHERE {where} ORDER BY {ordering.order_by()} LIMIT ?"
        )
        rows = self._rows(query, [*parameters, limit + 1])
        items = [_shown(row[0]) for row in rows[:limit]]
        last = list(rows[limit - 1][1:]) if len(rows) > limit else None
        return Page(items, last, freshness.as_of, freshness.exact)

    def _named(self, members: Sequence[Json]) -> list[Json]:
        """Members with the number and title of their record."""
        ids: dict[str, list[str]] = {}
        for member in members:
            ids.setdefault(member["module"], []).append(member["record"])
        records = {module: self._tables.records(module, wanted) for module, wanted in ids.items()}
        return [
            membership.named(member, self._modules[member["module"]], records[member["module"]].get(member["record"]))
            for member in members
        ]

    def _rows(self, query: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._tables.connection.execute(query, list(parameters)).fetchall()


def _shown(data: str) -> Json:
    """A row as it is listed: what activity conditions count stays here."""
    row: Json = json.loads(data)
    row.pop("facts", None)
    return row

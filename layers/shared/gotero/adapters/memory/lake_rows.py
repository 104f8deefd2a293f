"""The rows of a lake in memory, and which of them meet a condition: decided one at a time, as workflows decide."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo
from typing import Any

from gotero.adapters.memory.ordering import Place, contains_words
from gotero.domain import instant
from gotero.domain import modules as declared
from gotero.domain.condition import POSTS, Link, View, decide, links_read, parse, relations_read, segments_read
from gotero.domain.condition.activity import FORM_POSTED
from gotero.domain.condition.related import as_told
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.message import MessageKey
from gotero.domain.modules import MODULES, RECIPIENTS, Module
from gotero.domain.record import Ref
from gotero.ports import Clock, Json, LakeRow, Page

_MAX_LAG = 2.0
_REMEMBERED = timedelta(seconds=5)


class LakeRows:
    """Rows in dictionaries. What is appended is seen at once."""

    def __init__(
        self,
        clock: Clock,
        zone: Callable[[], tzinfo] = lambda: UTC,
        modules: Mapping[str, Module] = MODULES,
        uncounted: Callable[[], Collection[str]] = frozenset,
    ) -> None:
        self._clock = clock
        self._zone = zone
        self._modules = modules
        self._uncounted = uncounted
        self._rows: defaultdict[str, dict[str, LakeRow]] = defaultdict(dict)
        self._projected: dict[str, tuple[str, float]] = {}

    def append(self, dataset: str, rows: Sequence[LakeRow], as_of: str, lag: float = 0.0) -> None:
        stored = self._rows[dataset]
        for row in rows:
            known = stored.get(row.id)
            if known is None or row.version > known.version:
                stored[row.id] = row
        if rows:
            self._projected[dataset] = (as_of, lag)

    def rows(self, dataset: str, record_id: str) -> list[LakeRow]:
        return [row for id, row in sorted(self._rows[dataset].items()) if record_id in id]

    def forget(self, dataset: str, rows: Sequence[LakeRow]) -> None:
        for row in rows:
            known = self._rows[dataset].get(row.id)
            if known is None or row.version >= known.version:
                self._rows[dataset][row.id] = replace(row, data={}) if row.deleted and not row.binned else row

    def _living(self, dataset: str, *, binned: bool = False) -> list[Json]:
        """Copies, so that no caller can change what is stored."""
        rows = [row for row in self._rows[dataset].values() if (row.binned if binned else not row.deleted)]
        return [json.loads(json.dumps(row.data)) for row in rows]

    def _members(self) -> list[Json]:
        """Memberships whose record has not been deleted. A record that is not projected yet counts as there."""
        gone = {(module, row.id) for module in RECIPIENTS for row in self._rows[module].values() if row.deleted}
        return [member for member in self._counted() if (member["module"], member["record"]) not in gone]

    def _counted(self) -> list[Json]:
        """Memberships that have a source which counts; of old rows that do not name them, all."""
        uncounted = frozenset(self._uncounted())
        members = self._living("members")
        return [m for m in members if not m.get("source_ids") or not uncounted.issuperset(m["source_ids"])]

    def _row(self, ref: Ref) -> Json | None:
        row = self._rows[ref.module].get(ref.id)
        return row.data if row and not row.deleted else None

    def _title(self, module: str, id: str) -> str:
        row = self._rows[module].get(id)
        return declared.title(self._modules[module], row.data["values"]) if row and not row.deleted else ""

    def _searched(self, module: str, condition: Json | None, search: str | None, *, binned: bool = False) -> list[Json]:
        items, fields = self._matching(module, condition, binned=binned), self._modules[module].search_fields
        return [item for item in items if not search or contains_words(search, item, fields)]

    def _matching(self, module: str, condition: Json | None, *, binned: bool = False) -> list[Json]:
        declaration = declared.module(module, self._modules)
        parsed = parse(condition, declaration, self._modules, context="filter")
        targets = {relation: declaration.column(relation) for relation in relations_read(parsed)}
        modules = {relation: field.relation for relation, field in targets.items() if field and field.relation}

        around = {link.key: self._many(link) for link in links_read(parsed)}
        members = self._counted() if segments_read(parsed) else []

        def holds(item: Json) -> bool:
            related = {name: self._columns(target, item["values"].get(name)) for name, target in modules.items()}
            many = {key: found.get(item["id"], []) for key, found in around.items()}
            inside = {m["segment"] for m in members if (m["module"], m["record"]) == (module, item["id"])}
            now, zone = self._clock.now(), self._zone()
            return decide(parsed, View(flat(item), now, zone, related=related, many=many, segments=frozenset(inside)))

        return [_shown(item) for item in self._living(module, binned=binned) if holds(item)]

    def _many(self, link: Link) -> dict[str, list[Json]]:
        """Id of a record -> what points to it, or is linked with it."""
        found: defaultdict[str, list[Json]] = defaultdict(list)
        if link.linked:
            for row in self._living("links"):
                ends = {row["one_module"]: row["one"], row["other_module"]: row["other"]}
                other = self._columns(link.module, ends.get(link.module))
                if other and link.subject in ends:
                    found[ends[link.subject]].append(other)
            return found
        if link.module == POSTS:
            for post in self._living("activity"):
                if (post["module"], post["kind"]) == (link.subject, FORM_POSTED):
                    found[post["record"]].append({"form": post["detail"], "at": post["at"]})
        for item in self._living(link.module) if link.module != POSTS else ():
            if link.field:
                found[item["values"].get(link.field)].append(flat(item))
            elif (to := MessageKey.parse(item["id"]).recipient).module == link.subject:
                found[to.id].append({**as_told(flat(item)), "facts": item["facts"]})
        return found

    def _columns(self, module: str, id: str | None) -> Json | None:
        row = self._rows[module].get(id) if id else None
        return flat(row.data) if row and not row.deleted else None

    def _page(
        self,
        items: list[Json],
        keys: Callable[[Json], list[Place]],
        limit: int,
        after: list[Any] | None,
        datasets: Sequence[str],
    ) -> Page:
        """`after` is the last row's keys themselves."""
        placed = sorted(((keys(item), item) for item in items), key=lambda pair: pair[0])
        if after is not None:
            try:
                placed = [pair for pair in placed if pair[0] > after]
            except TypeError as error:
                raise InvalidError(FieldError("cursor", "cursor")) from error
        shown = placed[:limit]
        last = shown[-1][0] if len(placed) > limit else None
        return Page([item for _, item in shown], last, *self._freshness(datasets))

    def _freshness(self, datasets: Sequence[str]) -> tuple[str, bool]:
        now = self._clock.now()
        known = [self._projected[dataset] for dataset in datasets if dataset in self._projected]
        exact = not any(lag > _MAX_LAG and now - instant.read(at) < _REMEMBERED for at, lag in known)
        return min((at for at, _ in known), default=instant.write(now)), exact


def _shown(item: Json) -> Json:
    """As it is listed: what activity conditions count stays here."""
    return {name: value for name, value in item.items() if name != "facts"}


def flat(item: Json) -> Json:
    """A record's JSON as conditions name its parts."""
    own = {name: item.get(name) for name in ("number", "owner", "tags", "created_at", "updated_at", "created_by")}
    return {**item["values"], **own}

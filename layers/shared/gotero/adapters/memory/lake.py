"""`Lake` in memory, in plain Python: conditions are decided one record at a time, as workflows decide them."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo
from typing import Any, Literal

from gotero.adapters.memory.ordering import Place, contains_words, fields_of, place, sort_keys
from gotero.domain import instant
from gotero.domain import modules as declared
from gotero.domain.audience import Audience
from gotero.domain.condition import POSTS, Link, View, decide, links_read, parse, relations_read, segments_read
from gotero.domain.condition.activity import FORM_POSTED
from gotero.domain.condition.related import as_told
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.message import MessageKey
from gotero.domain.modules import MODULES, RECIPIENTS, Module
from gotero.domain.record import Ref
from gotero.ports import Clock, Count, Json, LakeRow, Page, Sizes

_MAX_LAG = 2.0
_REMEMBERED = timedelta(seconds=5)
_SENT = frozenset({"accepted", "delivered", "dropped", "bounced"})
_FLAGS = ("delivered", "opened", "clicked", "bounced", "dropped", "spam", "unsubscribed", "no_email")
_STATES = ("skipped", "failed", "uncertain", "held", "cancelled")
_SERIES = ("sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "spam")


class MemoryLake:
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
        declaration = declared.module(module, self._modules)
        items = self._searched(module, condition, search, binned=binned)
        keys = fields_of(sort or (("created_at", True),), declaration)
        return self._page(items, lambda item: sort_keys(item, keys, self._title), limit, after, [module])

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
        found: Counter[str | None] = Counter()
        for item in map(_flat, self._searched(module, condition, search)):
            value = item.get(by)
            each = value if isinstance(value, list) else [value]
            texts = [_as_text(one) for one in each or [None]]
            found.update(text[:1].upper() if text and initial else text for text in texts)
        # DuckDB puts what has no value behind those that have.
        groups = sorted(found.items(), key=lambda group: (-group[1], group[0] is None, group[0] or ""))
        return groups[:limit], *self._freshness([module])

    def count(self, module: str, condition: Json | None, sample: int = 5, search: str | None = None) -> Count:
        items = self._searched(module, condition, search)
        newest = sorted(sorted(items, key=lambda i: i["id"]), key=lambda i: i["created_at"], reverse=True)
        return Count(len(items), newest[:sample], *self._freshness([module]))

    def members(
        self,
        segment: str,
        *,
        module: str | None = None,
        limit: int = 50,
        after: list[Any] | None = None,
        owners: Mapping[str, Collection[str]] | None = None,
    ) -> Page:
        members = [m for m in self._members() if m["segment"] == segment and module in (None, m["module"])]
        members = [m for m in members if self._seen(m, owners or {})]

        def newest_first(member: Json) -> list[Place]:
            return [place(member["since"], descending=True), place(f"{segment}#{member['module']}#{member['record']}")]

        page = self._page(members, newest_first, limit, after, ["members", *RECIPIENTS])
        return Page([self._named(member) for member in page.items], page.after, page.as_of, page.exact)

    def _seen(self, member: Json, owners: Mapping[str, Collection[str]]) -> bool:
        row = self._rows[member["module"]].get(member["record"])
        return member["module"] not in owners or (row is not None and row.data["owner"] in owners[member["module"]])

    def given(self, segment: str, source: str, limit: int, after: str | None = None) -> tuple[list[Ref], str | None]:
        having = [m for m in self._living("members") if m["segment"] == segment and source in m.get("source_ids", ())]
        refs = sorted((Ref(m["module"], m["record"]) for m in having), key=str)
        left = [ref for ref in refs if after is None or str(ref) > after]
        return left[:limit], str(left[limit - 1]) if len(left) > limit else None

    def member_counts(self, segment: str) -> dict[str, int]:
        return dict(self.sizes(segment).counts.get(segment, {}))

    def sizes(self, segment: str | None = None) -> Sizes:
        counts: dict[str, dict[str, int]] = {}
        members = [(m["segment"], m["module"]) for m in self._members() if segment in (None, m["segment"])]
        for (of, module), count in sorted(Counter(members).items()):
            counts.setdefault(of, {})[module] = count
        return Sizes(counts, *self._freshness(["members", *RECIPIENTS]))

    def blocked(
        self,
        segment: str,
        *,
        module: str,
        limit: int = 50,
        after: list[Any] | None = None,
        owners: Mapping[str, Collection[str]] | None = None,
    ) -> Page:
        kept = [row for row in self._living("members", binned=True) if self._seen(row, owners or {})]
        rows = [row for row in kept if (row["segment"], row["module"]) == (segment, module)]

        def newest_first(row: Json) -> list[Place]:
            return [place(row["since"], descending=True), place(f"{segment}#{row['module']}#{row['record']}")]

        page = self._page(rows, newest_first, limit, after, ["members", *RECIPIENTS])
        return Page([self._named(row) for row in page.items], page.after, page.as_of, page.exact)

    def segment_moves(self, segment: str, unit: Literal["hour", "day"]) -> list[Json]:
        rest = ":00:00.000Z" if unit == "hour" else "T00:00:00.000Z"
        moves: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for told in self._living("transitions"):
            if told["segment"] == segment:
                moves[told["at"][: 13 if unit == "hour" else 10] + rest, told["module"]][told["kind"]] += 1
        return [
            {"at": at, "module": module, "entered": counts["segment_entered"], "left": counts["segment_left"]}
            for (at, module), counts in sorted(moves.items())
        ]

    def caught_up(self) -> bool:
        return True

    def audience(
        self, audience: Audience, batch: int, after: Ref | None = None, *, search: str = "", among: Sequence[Ref] = ()
    ) -> Iterator[list[Ref]]:
        behind = (after.module, after.id) if after else ("", "")
        people = [ref for ref in self._audience(audience) if (ref.module, ref.id) > behind]
        if among:
            people = [ref for ref in people if ref in among]
        if search.strip():
            people = [ref for ref in people if self._finds(search, ref)]
        return iter([people[start : start + batch] for start in range(0, len(people), batch)])

    def audience_size(self, audience: Audience) -> int:
        return len(self._audience(audience))

    def _audience(self, audience: Audience) -> list[Ref]:
        """In the order of module and id."""
        included: set[Ref] = set()
        if audience.everyone:
            included |= {Ref(module, item["id"]) for module in RECIPIENTS for item in self._living(module)}
        included |= {Ref(m["module"], m["record"]) for m in self._members() if m["segment"] in audience.segments}
        for part in audience.filters:
            included |= {Ref(part.module, item["id"]) for item in self._matching(part.module, part.condition)}
        included |= {ref for ref in audience.records if self._row(ref)}
        if audience.not_opened:
            included |= self._not_opened(audience.not_opened)
        excepted = {Ref(m["module"], m["record"]) for m in self._counted() if m["segment"] in audience.except_segments}
        return sorted(included - excepted, key=lambda ref: (ref.module, ref.id))

    def _not_opened(self, job: str) -> set[Ref]:
        reached, opened = set(), set()
        for message in self._living("messages"):
            key = MessageKey.parse(message["id"])
            if (key.source_kind, key.source_id) != ("job", job):
                continue
            if message["values"].get("status") in ("accepted", "delivered"):
                reached.add(key.recipient)
            if message["values"].get("opened"):
                opened.add(key.recipient)
        return reached - opened

    def _row(self, ref: Ref) -> Json | None:
        row = self._rows[ref.module].get(ref.id)
        return row.data if row and not row.deleted else None

    def _finds(self, search: str, ref: Ref) -> bool:
        row = self._row(ref)
        return row is not None and contains_words(search, row, declared.module(ref.module, self._modules).search_fields)

    def message_totals(self, campaign: str) -> tuple[dict[str, int], str, bool]:
        sent_to = [item["values"] for item in self._living("messages") if item["values"].get("campaign") == campaign]
        status = Counter(values.get("status") for values in sent_to)
        totals = {"total": len(sent_to), "sent": sum(status[state] for state in _SENT)}
        totals |= {flag: sum(bool(values.get(flag)) for values in sent_to) for flag in _FLAGS}
        totals["pending"] = status["planned"] + status["claimed"]
        totals |= {state: status[state] for state in _STATES}
        return totals, *self._freshness(["messages"])

    def message_breakdown(self, campaign: str) -> Json:
        messages = [item["values"] for item in self._living("messages") if item["values"].get("campaign") == campaign]
        reasons = Counter((m["status"], m.get("reason") or "") for m in messages if m.get("status") in _STATES)
        bounces = Counter(m.get("reason") or "" for m in messages if m.get("bounced"))
        links: Counter[str] = Counter()
        for happened in self._living("activity"):
            if happened["campaign"] == campaign and happened["kind"] == "clicked" and happened["detail"]:
                links[happened["detail"]] += happened["count"]
        return {
            "reasons": [{"status": status, "reason": why, "count": n} for (status, why), n in _ranked(reasons)],
            "bounces": [{"text": text, "count": n} for text, n in _ranked(bounces)],
            "links": [{"url": url, "clicks": n} for url, n in _ranked(links)],
        }

    def message_series(self, campaign: str) -> list[Json]:
        hours: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for happened in self._living("activity"):
            if happened["campaign"] == campaign and happened["kind"] in _SERIES:
                hours[f"{happened['at'][:13]}:00:00.000Z"][happened["kind"]] += happened["count"]
        return [{"at": at, **{kind: hours[at][kind] for kind in _SERIES}} for at in sorted(hours)]

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
            return decide(parsed, View(_flat(item), now, zone, related=related, many=many, segments=frozenset(inside)))

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
                found[item["values"].get(link.field)].append(_flat(item))
            elif (to := MessageKey.parse(item["id"]).recipient).module == link.subject:
                found[to.id].append({**as_told(_flat(item)), "facts": item["facts"]})
        return found

    def _columns(self, module: str, id: str | None) -> Json | None:
        row = self._rows[module].get(id) if id else None
        return _flat(row.data) if row and not row.deleted else None

    def _title(self, module: str, id: str) -> str:
        row = self._rows[module].get(id)
        return declared.title(self._modules[module], row.data["values"]) if row and not row.deleted else ""

    def _named(self, member: Json) -> Json:
        row = self._rows[member["module"]].get(member["record"])
        module = self._modules[member["module"]]
        return {
            "module": module.id,
            "id": member["record"],
            "number": row.data["number"] if row else None,
            "title": self._title(module.id, member["record"]),
            "since": member["since"],
            "source": member["source"],
            "sources": member["sources"],
            "blocked": member.get("blocked"),
        }

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


def _as_text(value: Any) -> str | None:
    if value in (None, ""):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _flat(item: Json) -> Json:
    """A record's JSON as conditions name its parts."""
    own = {name: item.get(name) for name in ("number", "owner", "tags", "created_at", "updated_at", "created_by")}
    return {**item["values"], **own}


def _ranked(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """The most first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

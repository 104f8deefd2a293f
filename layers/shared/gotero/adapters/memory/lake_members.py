"""Members of segments and audiences in memory."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal

from gotero.adapters.memory.lake_rows import LakeRows
from gotero.adapters.memory.ordering import Place, contains_words, place
from gotero.domain import modules as declared
from gotero.domain.audience import Audience
from gotero.domain.message import MessageKey
from gotero.domain.modules import RECIPIENTS
from gotero.domain.record import Ref
from gotero.ports import Census, Json, Judge, Page, Sizes


class LakeMembers(LakeRows):
    """What is asked about many segments and recipients."""

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

    def census(self, audience: Audience, suppressed: Collection[str], judge: Judge) -> Census:
        counts, owners = Counter[str](), dict[str, str]()
        for ref in self._audience(audience):
            row = self._row(ref)
            reason, key = judge(ref.module, row["values"] if row else None, None)
            counts[reason] += 1
            if not reason and row:
                owners.setdefault(key, row["owner"])
        return Census(counts, len(owners), frozenset(owners.values()), *self._freshness([*RECIPIENTS]))

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

    def _finds(self, search: str, ref: Ref) -> bool:
        row = self._row(ref)
        return row is not None and contains_words(search, row, declared.module(ref.module, self._modules).search_fields)

    def _seen(self, member: Json, owners: Mapping[str, Collection[str]]) -> bool:
        row = self._rows[member["module"]].get(member["record"])
        return member["module"] not in owners or (row is not None and row.data["owner"] in owners[member["module"]])

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

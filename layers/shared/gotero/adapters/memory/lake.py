"""`Lake` in memory, in plain Python."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from gotero.adapters.memory.lake_members import LakeMembers
from gotero.adapters.memory.lake_rows import flat
from gotero.adapters.memory.ordering import fields_of, sort_keys
from gotero.domain import modules as declared
from gotero.ports import Count, Json, Page

_SENT = frozenset({"accepted", "delivered", "dropped", "bounced"})
_FLAGS = ("delivered", "opened", "clicked", "bounced", "dropped", "spam", "unsubscribed", "no_email")
_STATES = ("skipped", "failed", "uncertain", "held", "cancelled")
_SERIES = ("sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "spam")


class MemoryLake(LakeMembers):
    """Lists and counts of records, and the results of campaigns, over the same rows as members and audiences."""

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
        for item in map(flat, self._searched(module, condition, search)):
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

    def caught_up(self) -> bool:
        return True

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


def _as_text(value: Any) -> str | None:
    if value in (None, ""):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _ranked(counts: Counter[Any]) -> list[tuple[Any, int]]:
    """The most first."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

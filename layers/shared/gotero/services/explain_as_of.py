"""Whether a record was in a segment at an instant, by the record's timeline, and what the segment's rules said of it.

The record is told backwards: every change keeps the values before it. What stands around it (related records,
messages, other segments) is not kept that way, nor is all of a long text: rules that look there are told without a
verdict.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.autosync import Rule
from gotero.domain.errors import NotFoundError
from gotero.domain.ids import is_id
from gotero.domain.record import Record, Ref
from gotero.domain.segment import MODULES
from gotero.ports import Timeline, TimelineEntry
from gotero.services.evaluate_record import Evaluator
from gotero.services.project_change import was_cut

PAGE = 100
ENTERED, LEFT = "segment_entered", "segment_left"


@dataclass(slots=True)
class _Past:
    """What the timeline tells of the instant."""

    last: TimelineEntry | None = None
    next: TimelineEntry | None = None
    existed: bool = True
    #: Values, owner and tags as they were, of those that have changed since.
    values: dict[str, Any] = field(default_factory=dict)


def explain_as_of(evaluator: Evaluator, timeline: Timeline, segment: str, ref: Ref, moment: datetime) -> dict[str, Any]:
    """{at, member, since, until, sources, cause, rules}. NotFoundError for what cannot be a member at all."""
    if ref.module not in MODULES or not is_id(ref.id):
        raise NotFoundError(str(ref))
    at = instant.write(moment)
    past = _past(timeline, segment, ref, at)
    # Of a history that begins with a leaving (an older entry was not told yet) it is known that it was in.
    member = past.last.kind == ENTERED if past.last else bool(past.next and past.next.kind == LEFT)
    return {
        "at": at,
        "member": member,
        "since": past.last.at if past.last else None,
        "until": past.next.at if past.next else None,
        "sources": list(past.last.data.get("sources") or ()) if past.last and member else [],
        "cause": past.last.cause.to_json() if past.last else None,
        "rules": _told(evaluator, segment, ref, past, moment),
    }


def _past(timeline: Timeline, segment: str, ref: Ref, at: str) -> _Past:
    past = _Past()
    for entry in _entries(timeline, ref):
        later = entry.at > at
        if entry.kind in (ENTERED, LEFT) and entry.data.get("segment") == segment:
            if not later:
                past.last = entry
                return past
            past.next = entry
        elif later and entry.kind in ("created", "restored"):
            past.existed = False
        elif later and entry.kind == "deleted":
            past.existed = True
        elif later and entry.kind == "changed":
            past.values |= {name: old for name, (old, _) in entry.data.items()}
    return past


def _entries(timeline: Timeline, ref: Ref) -> Iterator[TimelineEntry]:
    """Newest first, a page at a time: what is older than the answer is not read."""
    after: str | None = None
    while True:
        entries, after = timeline.page(ref, PAGE, after)
        yield from entries
        if after is None:
            return


def _told(evaluator: Evaluator, segment: str, ref: Ref, past: _Past, moment: datetime) -> list[dict[str, Any]]:
    """The rules as they are now, on the record as it was then."""
    record = evaluator.records.get(ref) if past.existed else None
    if record is None:
        return []
    view = conditions.View(conditions.columns(_as_it_was(record, past.values)), moment, evaluator.zone())
    rules = evaluator.rules.now().index.rules.values()
    cut = {name for name, old in past.values.items() if was_cut(old)}
    return [_rule(rule, view, cut) for rule in rules if (rule.segment, rule.module) == (segment, ref.module)]


def _as_it_was(record: Record, old: Mapping[str, Any]) -> Record:
    values = {**record.values, **{name: value for name, value in old.items() if name not in ("owner", "tags")}}
    return replace(
        record, values=values, owner=old.get("owner", record.owner), tags=tuple(old.get("tags", record.tags))
    )


def _rule(rule: Rule, view: conditions.View, cut: Collection[str]) -> dict[str, Any]:
    asked = rule.condition
    around = conditions.relations_read(asked) or conditions.links_read(asked) or conditions.segments_read(asked)
    alone = not around and conditions.fields_read(asked).isdisjoint(cut)
    return {
        "id": rule.id,
        "filter_id": rule.filter_id,
        "verdict": conditions.decide(asked, view) if alone else None,
        "tree": conditions.explain(asked, view) if alone else None,
    }

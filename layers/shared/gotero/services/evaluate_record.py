"""Decide some rules for one record and write what follows: one transaction over the version that was read first.

Every write of something that a rule reads is followed by an evaluation that starts after it. An evaluation that was
overtaken finds another version and starts over; one that changes nothing still moves the version when a change set it
off, so that whoever has read older inputs cannot write after it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.autosync import Rule
from gotero.domain.condition import Condition
from gotero.domain.delay import zone_of
from gotero.domain.errors import ConflictError, TransientError
from gotero.domain.membership import Membership, Source, SourceKind, Standing
from gotero.domain.record import Cause, Record, Ref
from gotero.ports import MAX_SETTLED, Clock, Definitions, DueIndex, Memberships, Messages, Records
from gotero.services.assign import company_zone
from gotero.services.autosync_rules import Ruled, Rules
from gotero.services.view_record import Surroundings, view_record

#: Evaluations of one record meet when it and what it points to change at once.
ATTEMPTS = 10
FILTER: SourceKind = "filter"
FLIP = "flip"


@dataclass(frozen=True, slots=True)
class Evaluator:
    """What evaluations read and write."""

    records: Records
    messages: Messages
    memberships: Memberships
    definitions: Definitions
    rules: Rules
    due_index: DueIndex
    clock: Clock

    def zone(self) -> ZoneInfo:
        return zone_of(company_zone(self.definitions))


def flip_record(evaluator: Evaluator, ref: Ref) -> None:
    """The instant has come at which the time alone could turn something: decide what moves with it, plan the next."""
    rules = evaluator.rules.now().index.by_time(ref.module)
    evaluate_record(evaluator, ref, rules, cause=Cause("system", "clock"), heard=True, all_by_time=True)


def evaluate_record(
    evaluator: Evaluator,
    ref: Ref,
    rules: Sequence[Rule],
    *,
    cause: Cause,
    heard: bool,
    also: Collection[str] = (),
    all_by_time: bool = False,
) -> bool:
    """Whether anything was written. `heard`: a change set it off. `also`: segments to tidy beside the rules' own.

    `all_by_time`: the rules are all that move with the time, so that what they say of the next instant is the truth.
    """
    ids = [rule.id for rule in rules]
    segments = {rule.segment for rule in rules} | set(also)
    looked_at = segments.union(*(conditions.segments_read(rule.condition) for rule in rules))
    written = False
    for _ in range(ATTEMPTS):
        standing = evaluator.memberships.standing(ref, looked_at if segments else None)
        ruled = evaluator.rules.now()
        record = evaluator.records.get(ref)
        wanted = _wanted(ruled, ids, standing, record)
        alive = record if record and not record.deleted_at else None
        view = view_of(evaluator, alive, [r.condition for r in wanted], standing) if alive and wanted else None
        mine = replace(
            standing, memberships=tuple(m for m in standing.memberships if not segments or m.segment in segments)
        )
        changed = _changed(mine, wanted, view, ruled, cause, instant.write(evaluator.clock.now()))
        flip_at = _flip_at(evaluator, standing, wanted, view, all_by_time=all_by_time)
        if not changed and flip_at == standing.flip_at and not (heard and not written):
            return written
        at = instant.write(evaluator.clock.now())
        try:
            evaluator.memberships.settle(standing, changed[:MAX_SETTLED], ruled.uncounted, flip_at, cause, at)
        except ConflictError:
            continue
        written = True
        if len(changed) <= MAX_SETTLED:
            return True
    raise TransientError("a record is being evaluated by many at once")


def matches(evaluator: Evaluator, ref: Ref, condition: Condition) -> bool:
    """Whether the record, as it stands, meets a condition on its module."""
    record = evaluator.records.get(ref)
    if record is None or record.deleted_at:
        return False
    return conditions.decide(condition, view_of(evaluator, record, [condition]))


def view_of(
    evaluator: Evaluator, record: Record, asked: Iterable[Condition], standing: Standing | None = None
) -> conditions.View:
    """The record and what the conditions look at around it.

    With a standing, it is in the segments whose last transition said so: each of them is followed by an evaluation,
    while a generation that has just begun to count has not been told record by record yet.
    """
    inside = frozenset(m.segment for m in standing.memberships if m.inside) if standing else None
    around = Surroundings(evaluator.records, evaluator.messages, evaluator.memberships)
    return view_record(around, record, asked, now=evaluator.clock.now(), zone=evaluator.zone(), segments=inside)


def _wanted(ruled: Ruled, ids: Sequence[str], standing: Standing, record: Record | None) -> list[Rule]:
    """The rules to decide, as they are now; for a record in the bin, those that have given it something."""
    known = ruled.index.rules
    if record is None or record.deleted_at:
        given = {source.id for m in standing.memberships for source in m.sources}
        return [known[id] for id in sorted(given & known.keys())]
    return [known[id] for id in ids if id in known]


def _flip_at(
    evaluator: Evaluator, standing: Standing, rules: Sequence[Rule], view: conditions.View | None, *, all_by_time: bool
) -> str:
    """The instant to look at the record again, with an entry of the due index for it; as it stands if that comes first.

    An event that only postpones writes nothing: what is due too early looks at everything and plans what is next.
    """
    flips = [conditions.next_flip(rule.condition, view) for rule in rules] if view else []
    first = min((flip for flip in flips if flip), default=None)
    planned, now = standing.flip_at, instant.write(evaluator.clock.now())
    if first is None:
        return "" if all_by_time else planned
    at = instant.write(first)
    if not all_by_time and (at == planned or now < planned < at):
        return planned
    # Before the write: an entry too many is looked at for nothing, one that is missing would be missed for ever.
    evaluator.due_index.put(first, f"{FLIP}#{standing.ref}", {})
    return at


def _changed(
    standing: Standing, rules: Sequence[Rule], view: conditions.View | None, ruled: Ruled, cause: Cause, at: str
) -> list[Membership]:
    """The memberships that are to be written: another set of sources, or a transition that was not told yet."""
    before = {m.segment: m for m in standing.memberships}
    after = dict(before)
    for rule in rules:
        membership = after.get(rule.segment) or Membership(rule.segment, standing.ref)
        holds = view is not None and conditions.decide(rule.condition, view)
        source = Source(FILTER, rule.id, at, cause)
        after[rule.segment] = membership.given(source) if holds else membership.without(FILTER, rule.id)
    for segment, membership in after.items():
        for source in membership.sources:
            if source.id in ruled.retired:
                after[segment] = after[segment].without(FILTER, source.id)
    return [
        m
        for segment, m in after.items()
        if m != (before.get(segment) or Membership(segment, standing.ref)) or m.transition(ruled.uncounted)
    ]

"""When the time alone can turn a verdict: the edges of the checks that move with it, and the first one that counts.

A check of days turns at the beginning of a local day, one of hours at its instant. Between two edges of all leaves of
a condition nothing changes, so the first edge at which the verdict is another one is the instant, exactly.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gotero.domain import instant
from gotero.domain.condition.activity import ActivityLeaf
from gotero.domain.condition.nodes import FieldLeaf, Node
from gotero.domain.condition.periods import turns
from gotero.domain.condition.related import RelatedLeaf, of_related
from gotero.domain.condition.view import Moment, View

if TYPE_CHECKING:
    from gotero.domain.condition import Condition

#: The same days of the calendar come back after so many years at the latest: 29 February skips eight around 2100.
_CYCLE = 9
#: What turns later than this never does: 9999-12-31 means "no end", and the days around it are none of the calendar's.
_NEVER = datetime(9800, 1, 1, tzinfo=UTC)
#: Operands of the operators on ages.
_AGES = ("years", "ages")
_DAY = timedelta(days=1)
_MILLISECOND = timedelta(milliseconds=1)


def next_flip(condition: "Condition", view: View) -> datetime | None:
    """The first instant after `view.now` at which the verdict on this record is another one; None for never."""
    if not condition.by_time:
        return None
    edges = {at for at in _edges(condition.leaves(), view) if view.now < at < _NEVER}
    verdict = condition.holds(view)
    return next((at for at in sorted(edges) if condition.holds(replace(view, now=at)) != verdict), None)


def moves(leaf: Node) -> bool:
    """Whether the time alone can turn the leaf."""
    match leaf:
        case FieldLeaf():
            return leaf.operator.relative
        case RelatedLeaf():
            return any(moves(inner) for inner in leaf.inner())
        case ActivityLeaf():
            return leaf.window.moves or any(moves(inner) for inner in leaf.inner())
    return False


def _asked(leaves: Iterable[Node], view: View) -> Iterator[tuple[FieldLeaf, View]]:
    """Every moving leaf on a field, with the record that it is asked of."""
    for leaf in leaves:
        if isinstance(leaf, FieldLeaf):
            if leaf.operator.relative:
                yield leaf, view
        elif isinstance(leaf, RelatedLeaf | ActivityLeaf):
            moving = [inner for inner in leaf.inner() if inner.operator.relative]
            items = view.many.get(leaf.link.key if isinstance(leaf, RelatedLeaf) else leaf.key, ()) if moving else ()
            for item in items:
                yield from ((inner, of_related(view, item)) for inner in moving)


def _edges(leaves: Iterable[Node], view: View) -> Iterator[datetime]:
    moment, leaves = Moment(view.now, view.zone), tuple(leaves)
    once: list[datetime] = []
    yearly: list[date] = []
    horizon = view.now.year
    for leaf in leaves:
        if isinstance(leaf, ActivityLeaf) and leaf.window.moves:
            told = {at for at in leaf.instants(view) if at < instant.write(_NEVER)}
            once += (edge for at in told for edge in leaf.window.edges(at, moment))
    for field, of in _asked(leaves, view):
        value = field.value(of)
        if value is None:
            continue
        try:
            if field.field.anniversary and (field.operator.id == "is_today" or field.operator.operand in _AGES):
                yearly.append(date.fromisoformat(value))
                ages = field.operand if isinstance(field.operand, list) else [field.operand or 0]
                if yearly[-1].year < _NEVER.year:
                    horizon = max(horizon, yearly[-1].year + max(ages) + 1)
            else:
                once += _edges_of(field, value, moment)
        except (ValueError, OverflowError):
            continue  # no date of a calendar: nothing comes near it
    yield from once
    if yearly:
        last = max([horizon, *(edge.year for edge in once if edge < _NEVER)]) + _CYCLE
        for year in range(moment.today.year, min(last, _NEVER.year) + 1):
            for born in yearly:
                yield from (moment.midnight(day) for day in _around(born, year))


def _edges_of(leaf: FieldLeaf, value: str, moment: Moment) -> Iterator[datetime]:
    if leaf.operator.operand == "period":
        yield from (moment.midnight(day) for day in turns(leaf.operand, _local_day(value, moment)))
        return
    drift, count = leaf.operator.drift, leaf.operand or 0
    if drift is None:
        return
    if drift.unit == "hours":
        at = instant.read(value)
        if drift.high is not None:
            yield at - timedelta(hours=drift.high * count)
        if drift.low is not None:
            yield at - timedelta(hours=drift.low * count) + _MILLISECOND
        return
    day = _local_day(value, moment)
    if drift.high is not None:
        yield moment.midnight(day - timedelta(days=drift.high * count))
    if drift.low is not None:
        yield moment.midnight(day - timedelta(days=drift.low * count) + _DAY)


def _local_day(value: Any, moment: Moment) -> date:
    if len(value) == len("2026-11-21"):
        return date.fromisoformat(value)
    return instant.read(value).astimezone(moment.zone).date()


def _around(born: date, year: int) -> list[date]:
    """The days of a year on which an anniversary begins or is over; whoever was born on a leap day has two."""
    if (born.month, born.day) == (2, 29):
        return [date(year, 2, 28), date(year, 3, 1) - _DAY, date(year, 3, 1)]
    day = born.replace(year=year)
    return [day, day + _DAY]

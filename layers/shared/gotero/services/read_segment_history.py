"""How large a segment was, and whether a record was in it, as the transitions tell.

Nothing is counted while members come and go: the curve is the size of now, less what has moved since.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any, Literal

from gotero.domain import instant
from gotero.ports import Clock, Lake

#: A curve that is shorter than this is told by the hour.
BY_HOUR = timedelta(days=3)


def read_segment_history(lake: Lake, clock: Clock, segment: str) -> dict[str, Any]:
    """{as_of, exact, unit, items}: at the end of each hour or day in which somebody came or went, the size by module.

    The oldest item is the hour or day before the first that is known of: what the segment held by then.
    """
    sizes = lake.sizes(segment)
    days = lake.segment_moves(segment, "day")
    first = instant.read(days[0]["at"]) if days else clock.now()
    unit: Literal["hour", "day"] = "hour" if clock.now() - first < BY_HOUR else "day"
    moves = lake.segment_moves(segment, "hour") if days and unit == "hour" else days
    told: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for move in moves:
        told[move["at"]].append(move)
    counts = dict(sizes.counts.get(segment, {}))
    items: list[dict[str, Any]] = []
    for at in sorted(told, reverse=True):
        came, went = (sum(move[way] for move in told[at]) for way in ("entered", "left"))
        items.append(_item(at, counts, came, went))
        for move in told[at]:
            # A record in the bin left no trace among the transitions before this was told: nothing is below nobody.
            counts[move["module"]] = max(0, counts.get(move["module"], 0) - move["entered"] + move["left"])
    if items:
        items.append(_item(instant.write(_before(instant.read(items[-1]["at"]), unit)), counts, 0, 0))
    return {"as_of": sizes.as_of, "exact": sizes.exact, "unit": unit, "items": items[::-1]}


def _item(at: str, counts: dict[str, int], entered: int, left: int) -> dict[str, Any]:
    known = {module: count for module, count in sorted(counts.items()) if count}
    return {"at": at, "count": sum(known.values()), "counts": known, "entered": entered, "left": left}


def _before(at: datetime, unit: Literal["hour", "day"]) -> datetime:
    return at - (timedelta(hours=1) if unit == "hour" else timedelta(days=1))

"""Segments that depend on other segments: what a condition names is there, and nothing depends on itself."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from gotero.domain.condition.names import names
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Ref
from gotero.ports import Definition, Definitions, Records
from gotero.services.autosync_rules import SEGMENTS

CAMPAIGNS = "campaigns"
#: Segments in a row, each asking for the members of the next: every step goes through the stream once.
MAX_CHAIN = 10


def missing(
    definitions: Definitions, records: Records, condition: Any, path: str = "condition", known: Collection[str] = ()
) -> list[FieldError]:
    """An error for everything that the condition names and that is not there: it would count nothing for ever.

    `known`: campaigns that were there when they were chosen. One that was deleted since is no error: its mails count.
    """
    return missing_definitions(definitions, condition, path) + [
        FieldError(where, "gone")
        for where, kind, id in names(condition, path)
        if kind == CAMPAIGNS and id not in known and _is_gone(records, Ref(kind, id))
    ]


def missing_definitions(definitions: Definitions, condition: Any, path: str = "condition") -> list[FieldError]:
    """The same without the campaigns."""
    return [
        FieldError(where, "not_found")
        for where, kind, id in names(condition, path)
        if kind != CAMPAIGNS and definitions.get(kind, id) is None
    ]


def _is_gone(records: Records, ref: Ref) -> bool:
    record = records.get(ref)
    return record is None or record.deleted_at is not None


def campaigns_of(condition: Any) -> frozenset[str]:
    """The campaigns that a condition names."""
    return frozenset(id for _, kind, id in names(condition) if kind == CAMPAIGNS)


def refuse(errors: Sequence[FieldError]) -> None:
    """InvalidError with all of them, if there are any."""
    if errors:
        raise InvalidError(*errors)


def refuse_loop(definitions: Definitions, segment: Definition, condition: Any) -> None:
    """InvalidError where the segment, kept in step with the condition, would depend on itself; it names the loop."""
    known = {d.id: d for d in definitions.all(SEGMENTS)} | {segment.id: segment}
    asking = {id: sorted(set(segments_of(d))) for id, d in known.items()}
    for path, kind, id in names(condition, "condition"):
        if kind != SEGMENTS:
            continue
        if way := _way(asking, id, segment.id):
            loop = " → ".join(str(known[step].data["name"]) for step in [segment.id, *way])
            raise InvalidError(FieldError(path, "segment_loop", (("loop", loop),)))
        if _depth(asking, id) >= MAX_CHAIN:
            raise InvalidError(FieldError(path, "segment_chain", (("limit", str(MAX_CHAIN)),)))


def _way(asking: Mapping[str, Sequence[str]], start: str, target: str) -> list[str]:
    """The segments from one to the other, each asking for the next; none where there is no way."""
    came: dict[str, str | None] = {start: None}
    left = [start]
    while left:
        at = left.pop()
        if at == target:
            way = [at]
            while (before := came[way[0]]) is not None:
                way.insert(0, before)
            return way
        for following in asking.get(at, ()):
            if following not in came:
                came[following] = at
                left.append(following)
    return []


def _depth(asking: Mapping[str, Sequence[str]], start: str) -> int:
    """How many segments stand in a row from this one; looked at level by level, so no further than it matters."""
    level, depth = {start}, 0
    while level and depth < MAX_CHAIN:
        level, depth = {following for at in level for following in asking.get(at, ())}, depth + 1
    return depth


def segments_of(definition: Definition | None) -> Iterator[str]:
    """The segments that the rules of a segment ask for."""
    for rule in (definition.data.get("autosync") or ()) if definition else ():
        yield from (id for _, kind, id in names(rule["condition"]) if kind == SEGMENTS)

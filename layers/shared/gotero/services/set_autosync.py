"""Turn AutoSync on and off for a segment: a new generation is filled by a job and then takes the old one's place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gotero.domain.autosync import being_filled, switched_off, switched_on
from gotero.domain.errors import ConflictError, FieldError, InvalidError, TransientError
from gotero.domain.record import Cause
from gotero.domain.segment import ACTIVE, MODULES
from gotero.ports import Definition, Json
from gotero.services.autosync_rules import SEGMENTS
from gotero.services.find_filter import Chosen
from gotero.services.segment_links import missing_definitions, refuse, refuse_loop
from gotero.services.write_definition import DefinitionWriter, get_definition, replace_definition, written

ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Switch:
    """What is to be done after AutoSync was turned: fill this rule, take these generations away."""

    definition: Definition
    rule: str | None = None
    retired: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        return bool(self.rule or self.retired)


def turn_on(writer: DefinitionWriter, segment_id: str, chosen: Chosen, *, replaces: str | None, cause: Cause) -> Switch:
    """Keep the segment in step with a filter. The same filter twice is one; a changed one is a new generation.

    Whoever asks again while it is being filled is given its rule again: whoever asked first may have died before the
    job began (start_fill.py).

    ConflictError for an inactive segment, InvalidError for a module that has no members.
    """
    if chosen.module not in MODULES:
        raise InvalidError(FieldError("module", "choice", (("choices", ", ".join(MODULES)),)))
    new = writer.ids.new()
    segment = get_definition(writer.definitions, SEGMENTS, segment_id)
    refuse(missing_definitions(writer.definitions, chosen.condition))
    refuse_loop(writer.definitions, segment, chosen.condition)

    def turned(data: Json) -> Json:
        if data["status"] != ACTIVE:
            raise ConflictError("inactive", "segment_inactive", "status")
        return switched_on(data, new, chosen.module, chosen.condition, chosen.filter_id, replaces)

    before, after = rewrite(writer, segment_id, turned, cause)
    filling = being_filled(after.data, chosen.module, chosen.condition, chosen.filter_id)
    if filling == new:
        _unless_two_made_a_loop(writer, after, chosen, new, cause)
    return Switch(after, filling, _newly_retired(before, after))


def _unless_two_made_a_loop(
    writer: DefinitionWriter, after: Definition, chosen: Chosen, new: str, cause: Cause
) -> None:
    """Two segments that were turned to each other at once have each seen none: who looks after its write sees it."""
    try:
        refuse_loop(writer.definitions, after, chosen.condition)
    except InvalidError:
        rewrite(writer, after.id, lambda data: switched_off(data, new, None, None), cause)
        raise


def turn_off(
    writer: DefinitionWriter, segment_id: str, chosen: Chosen | None, *, rule_id: str | None, cause: Cause
) -> Switch:
    """What it gave counts no more from this write on; a job takes it away record by record, and so whatever is left
    of somebody who died before his job began.
    """

    def turned(data: Json) -> Json:
        condition = (chosen.module, chosen.condition) if chosen else None
        return switched_off(data, rule_id, chosen.filter_id if chosen else None, condition)

    before, after = rewrite(writer, segment_id, turned, cause)
    return Switch(after, None, _newly_retired(before, after) or tuple(after.data.get("retired") or ()))


def rewrite(
    writer: DefinitionWriter, segment_id: str, change: Callable[[Json], Json], cause: Cause
) -> tuple[Definition, Definition]:
    """The segment before and after `change` was laid over it; nothing is written where it changes nothing."""
    for _ in range(ATTEMPTS):
        before = get_definition(writer.definitions, SEGMENTS, segment_id)
        data = change(written(before))
        if data == written(before):
            return before, before
        try:
            after = replace_definition(
                writer, before, data, cause=cause, expected_version=None, names={"name": data["name"]}
            )
        except ConflictError:
            continue
        return before, after
    raise TransientError("the segment is being changed by many at once")


def _newly_retired(before: Definition, after: Definition) -> tuple[str, ...]:
    known: Sequence[str] = before.data.get("retired") or ()
    return tuple(id for id in after.data.get("retired") or () if id not in known)

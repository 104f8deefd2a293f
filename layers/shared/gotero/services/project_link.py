"""A link between two records becomes a row of the lake, and an entry of both timelines."""

from dataclasses import dataclass

from gotero.domain.ids import derived_id
from gotero.domain.record import RecordEvent
from gotero.domain.record_link import RecordLink
from gotero.ports import LakeRow, TimelineEntry

LINKS = "links"


@dataclass(frozen=True, slots=True)
class LinkChange:
    after: RecordLink
    #: None when nobody is told: one of the records is gone for ever.
    event: RecordEvent | None = None

    @property
    def at(self) -> str:
        return self.after.at


def link_row(link: RecordLink) -> LakeRow:
    """Both ends, under one id: what comes late or twice is known by its version."""
    data = {
        "one_module": link.one.module,
        "one": link.one.id,
        "other_module": link.other.module,
        "other": link.other.id,
        "since": link.at,
    }
    return LakeRow(f"{link.one}#{link.other}", link.version, data, deleted=not link.linked)


def link_entries(change: LinkChange) -> list[TimelineEntry]:
    """Either record's timeline names the other; what that one is called is read when the timeline is."""
    event = change.event
    if event is None:
        return []
    kind = "linked" if change.after.linked else "unlinked"
    return [
        TimelineEntry(ref, event.at, kind, event.cause, derived_id("event", event.id, str(ref)), other.to_json())
        for ref, other in change.after.ends
    ]

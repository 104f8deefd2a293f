"""Two records that are linked many to many, or were: one thing with a version, whichever end it is looked at from."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from gotero.domain.ids import derived_id
from gotero.domain.record import Cause, Change, Record, RecordEvent, Ref


@dataclass(frozen=True, slots=True)
class RecordLink:
    """`one` stands before `other` in the order of their texts, so that a pair has one link. Version 0: never linked."""

    one: Ref
    other: Ref
    linked: bool = False
    version: int = 0
    #: Since when it is as it is.
    at: str = ""

    @classmethod
    def between(cls, first: Ref, second: Ref) -> "RecordLink":
        one, other = sorted((first, second), key=str)
        return cls(one, other)

    @property
    def ends(self) -> tuple[tuple[Ref, Ref], tuple[Ref, Ref]]:
        """Each record with the one at the other end."""
        return (self.one, self.other), (self.other, self.one)

    def turned(self, at: str) -> "RecordLink":
        """The next version: linked where it was not, and the other way round."""
        return replace(self, linked=not self.linked, version=self.version + 1, at=at)

    def event(self, cause: Cause) -> RecordEvent:
        """What this version tells; derived, so that a repeated write tells the same event."""
        id = derived_id("link", str(self.one), str(self.other), str(self.version))
        return RecordEvent(id, "relate" if self.linked else "unrelate", cause, self.at)


def heard_at_both_ends(link: RecordLink, event: RecordEvent, read: Callable[[Ref], Record | None]) -> list[Change]:
    """The event as a change of either record, as it stands; of one that is gone by then, none.

    Nothing in the record itself has changed: what was before is what is.
    """
    found = [(read(ref), other) for ref, other in link.ends]
    return [Change(event, record, record, {"other": other}) for record, other in found if record]

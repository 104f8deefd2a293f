"""Who is in which segment, and why."""

from collections.abc import Collection, Sequence
from typing import Protocol

from gotero.domain.membership import Membership, Source, Standing
from gotero.domain.record import Cause, Ref


class Memberships(Protocol):
    """Every write that begins or ends a membership, as readers see it, tells so once."""

    def of(self, ref: Ref) -> list[Membership]: ...

    def get(self, segment: str, ref: Ref) -> Membership | None: ...

    def add(self, segment: str, ref: Ref, source: Source, *, keeps_out: bool = False) -> bool:
        """Add a source; True when the record has just entered. `keeps_out`: the segment's own (domain/segment.py)."""

    def remove(self, segment: str, ref: Ref, source: tuple[str, str] | None, cause: Cause, at: str) -> bool:
        """Take away the source (kind, id); for None the whole membership, by name. True when it has just left."""

    def free(self, segment: str, ref: Ref, cause: Cause, at: str) -> bool:
        """End what keeps AutoSync away from the record; True where something did."""

    def members_of(self, segments: Collection[str], refs: Sequence[Ref]) -> frozenset[Ref]:
        """Those of `refs` that are in one of the segments now, strongly consistent."""

    def standing(self, ref: Ref, segments: Collection[str] | None = None) -> Standing:
        """A record's memberships, all or those of `segments`, ended and blocked ones too, strongly consistent.

        With them the version to write over, which is read before anything that the caller reads after it.
        """

    def settle(
        self,
        before: Standing,
        changed: Sequence[Membership],
        uncounted: Collection[str],
        flip_at: str,
        cause: Cause,
        at: str,
    ) -> None:
        """Write what an evaluation found, over the versions of `before`, in one transaction; ConflictError.

        `uncounted`: the sources that did not count when it was found.
        """

    def forget(self, ref: Ref) -> None:
        """Delete everything about a record that is gone."""


#: Memberships that one transaction can take, beside the version.
MAX_SETTLED = 90

__all__ = ["MAX_SETTLED", "Membership", "Memberships", "Source", "Standing"]

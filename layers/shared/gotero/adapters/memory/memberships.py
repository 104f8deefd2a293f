"""`Memberships` in a dictionary, with the same refusals as on DynamoDB."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from threading import RLock

from gotero.domain.errors import ConflictError
from gotero.domain.membership import Membership, Source, Standing, Transition
from gotero.domain.record import Cause, Ref


class MemoryMemberships:
    """`told` is its stream: every transition, in order."""

    def __init__(self, uncounted: Callable[[], Collection[str]] = frozenset) -> None:
        self._uncounted = uncounted
        self._lock = RLock()
        self._stored: dict[Ref, dict[str, Membership]] = {}
        self._evaluations: dict[Ref, tuple[int, str]] = {}
        self.told: list[tuple[Transition, Membership]] = []

    def of(self, ref: Ref) -> list[Membership]:
        uncounted = self._uncounted()
        return [m for stored in self._stored.get(ref, {}).values() if (m := stored.counted(uncounted))]

    def get(self, segment: str, ref: Ref) -> Membership | None:
        stored = self._stored.get(ref, {}).get(segment)
        return stored.counted(self._uncounted()) if stored else None

    def add(self, segment: str, ref: Ref, source: Source, *, keeps_out: bool = False) -> bool:
        given = self._change(segment, ref, lambda m: m.given(source, keeps_out=keeps_out))
        return given is not None and given[1] == "segment_entered"

    def remove(self, segment: str, ref: Ref, source: tuple[str, str] | None, cause: Cause, at: str) -> bool:
        def change(membership: Membership) -> Membership:
            return membership.without(*source) if source else membership.ended(cause, at)

        taken = self._change(segment, ref, change)
        return taken is not None and taken[1] == "segment_left"

    def free(self, segment: str, ref: Ref, cause: Cause, at: str) -> bool:
        return self._change(segment, ref, Membership.freed) is not None

    def members_of(self, segments: Collection[str], refs: Sequence[Ref]) -> frozenset[Ref]:
        return frozenset(ref for ref in refs if any(self.get(segment, ref) for segment in segments))

    def standing(self, ref: Ref, segments: Collection[str] | None = None) -> Standing:
        version, flip_at = self._evaluations.get(ref, (0, ""))
        stored = self._stored.get(ref, {}).values()
        return Standing(ref, version, flip_at, tuple(m for m in stored if segments is None or m.segment in segments))

    def settle(
        self,
        before: Standing,
        changed: Sequence[Membership],
        uncounted: Collection[str],
        flip_at: str,
        cause: Cause,
        at: str,
    ) -> None:
        with self._lock:
            now = self.standing(before.ref)
            if now.version != before.version or any(now.of(m.segment).version != m.version for m in changed):
                raise ConflictError("somebody else has evaluated the record")
            for membership in changed:
                self._write(membership, uncounted)
            self._evaluations[before.ref] = (before.version + 1, flip_at)

    def forget(self, ref: Ref) -> None:
        with self._lock:
            self._stored.pop(ref, None)
            self._evaluations.pop(ref, None)

    def _change(
        self, segment: str, ref: Ref, change: Callable[[Membership], Membership]
    ) -> tuple[Membership, Transition | None] | None:
        with self._lock:
            before = self._stored.get(ref, {}).get(segment) or Membership(segment, ref)
            after = change(before)
            return None if after == before else (after, self._write(after, self._uncounted()))

    def _write(self, membership: Membership, uncounted: Collection[str]) -> Transition | None:
        transition = membership.transition(uncounted)
        inside = membership.inside if transition is None else transition == "segment_entered"
        written = replace(membership, inside=inside, version=membership.version + 1)
        self._stored.setdefault(membership.ref, {})[membership.segment] = written
        if transition:
            self.told.append((transition, written))
        return transition

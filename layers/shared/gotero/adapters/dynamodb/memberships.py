"""Memberships of records in segments.

Access patterns: all of one record (its partition, with the version of its evaluations); some by record and segment.
The members of a segment come from the lake. A membership that has ended stays, with no sources, so that its history
can be told and a block be kept. The stream carries `event` when, and only when, a record enters or leaves.
"""

import json
from collections.abc import Callable, Collection, Sequence
from typing import Any

from pynamodb.attributes import BooleanAttribute, ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import BATCH_GET, FAILED, PASSING, FromEnv, Item, codes_of, connection, plain
from gotero.domain.errors import ConflictError, TransientError
from gotero.domain.ids import derived_id
from gotero.domain.membership import Block, Membership, Source, Standing
from gotero.domain.record import Cause, Ref
from gotero.ports import Json

#: Two writers of one membership meet now and then; more than this many times in a row is something else.
ATTEMPTS = 8


class _Table:
    table_name = FromEnv("MEMBERSHIPS_TABLE")


class MembershipItem(Item):
    class Meta(_Table):
        pass

    segment = UnicodeAttribute()
    module = UnicodeAttribute()
    record = UnicodeAttribute()
    since = UnicodeAttribute()
    sources: ListAttribute[Any] = ListAttribute(default=list)
    version = NumberAttribute(default=0)
    blocked: MapAttribute[str, Any] = MapAttribute(null=True)
    inside = BooleanAttribute(null=True)
    event = UnicodeAttribute(null=True)


class EvaluationItem(Item):
    """How often the record has been evaluated, and when the time alone may change something."""

    class Meta(_Table):
        pass

    version = NumberAttribute()
    flip_at = UnicodeAttribute(null=True)


def membership_of(image: Json) -> Membership:
    """The membership in an item, or in the image of a stream."""
    blocked, inside = image.get("blocked"), image.get("inside")
    return Membership(
        segment=image["segment"],
        ref=Ref(image["module"], image["record"]),
        since=image["since"],
        sources=tuple(Source.from_json(source) for source in image["sources"]),
        blocked=Block.from_json(blocked) if blocked else None,
        inside=bool(image["sources"]) if inside is None else inside,
        version=int(image["version"]),
    )


def _event(item: MembershipItem, kind: str, cause: Cause, at: str) -> str:
    """The transition as workflows see it; its id is derived, so that a repeated write tells the same event."""
    event_id = derived_id("membership", item.pk, item.sk, str(item.version), kind)
    return json.dumps({"id": event_id, "kind": kind, "cause": cause.to_json(), "at": at})


class DynamoMemberships:
    """`Memberships` on DynamoDB: read, change, write over the version read; again when somebody was faster."""

    def __init__(self, uncounted: Callable[[], Collection[str]] = frozenset) -> None:
        """`uncounted` says which sources do not count now: see domain/membership.py."""
        self._uncounted = uncounted

    def of(self, ref: Ref) -> list[Membership]:
        uncounted = self._uncounted()
        return [m for stored in self.standing(ref).memberships if (m := stored.counted(uncounted))]

    def get(self, segment: str, ref: Ref) -> Membership | None:
        return membership_of(plain(self._read(segment, ref).attribute_values)).counted(self._uncounted())

    def add(self, segment: str, ref: Ref, source: Source, *, keeps_out: bool = False) -> bool:
        given = self._change(segment, ref, lambda m: m.given(source, keeps_out=keeps_out), source.cause, source.since)
        return given is not None and given[1] == "segment_entered"

    def remove(self, segment: str, ref: Ref, source: tuple[str, str] | None, cause: Cause, at: str) -> bool:
        def change(membership: Membership) -> Membership:
            return membership.without(*source) if source else membership.ended(cause, at)

        taken = self._change(segment, ref, change, cause, at)
        return taken is not None and taken[1] == "segment_left"

    def free(self, segment: str, ref: Ref, cause: Cause, at: str) -> bool:
        return self._change(segment, ref, Membership.freed, cause, at) is not None

    def members_of(self, segments: Collection[str], refs: Sequence[Ref]) -> frozenset[Ref]:
        wanted = {(keys.record(ref), keys.membership(segment)) for ref in refs for segment in segments}
        found = MembershipItem.batch_get(sorted(wanted), consistent_read=True) if wanted else ()
        memberships = (membership_of(plain(item.attribute_values)) for item in found)
        uncounted = self._uncounted()
        return frozenset(membership.ref for membership in memberships if membership.counted(uncounted))

    def standing(self, ref: Ref, segments: Collection[str] | None = None) -> Standing:
        # The version is read before the memberships are: whoever writes in between makes `settle` start over.
        try:
            evaluated = EvaluationItem.get(keys.record(ref), keys.SELF, consistent_read=True)
        except EvaluationItem.DoesNotExist:
            evaluated = EvaluationItem(keys.record(ref), keys.SELF, version=0)
        if segments is not None and len(segments) <= BATCH_GET:
            wanted = [(keys.record(ref), keys.membership(segment)) for segment in sorted(segments)]
            found = MembershipItem.batch_get(wanted, consistent_read=True)
        else:
            found = MembershipItem.query(keys.record(ref), MembershipItem.sk.startswith("S#"), consistent_read=True)
        memberships = tuple(membership_of(plain(item.attribute_values)) for item in found)
        return Standing(ref, int(evaluated.version), evaluated.flip_at or "", memberships)

    def settle(
        self,
        before: Standing,
        changed: Sequence[Membership],
        uncounted: Collection[str],
        flip_at: str,
        cause: Cause,
        at: str,
    ) -> None:
        evaluated = EvaluationItem(
            keys.record(before.ref), keys.SELF, version=before.version + 1, flip_at=flip_at or None
        )
        try:
            with TransactWrite(connection=connection()) as write:
                write.save(evaluated, condition=_over(EvaluationItem, before.version))
                for membership in changed:
                    item, _ = _next(membership, uncounted, cause, at)
                    write.save(item, condition=_over(MembershipItem, membership.version))
        except TransactWriteError as refused:
            codes = codes_of(refused)
            if FAILED in codes or "TransactionConflict" in codes:
                raise ConflictError("somebody else has evaluated the record") from refused
            if PASSING.intersection(codes):
                raise TransientError("the table is throttled") from refused
            raise

    def forget(self, ref: Ref) -> None:
        with EvaluationItem.batch_write() as batch:
            for item in EvaluationItem.query(keys.record(ref), consistent_read=True, attributes_to_get=["pk", "sk"]):
                batch.delete(item)

    def _read(self, segment: str, ref: Ref) -> MembershipItem:
        try:
            return MembershipItem.get(keys.record(ref), keys.membership(segment), consistent_read=True)
        except MembershipItem.DoesNotExist:
            return MembershipItem(
                keys.record(ref), keys.membership(segment), segment=segment, module=ref.module, record=ref.id, since=""
            )

    def _change(
        self, segment: str, ref: Ref, change: Callable[[Membership], Membership], cause: Cause, at: str
    ) -> tuple[Membership, str | None] | None:
        """Apply `change` until its write meets the version it read; what was written, and the transition it made."""
        for _ in range(ATTEMPTS):
            before = membership_of(plain(self._read(segment, ref).attribute_values))
            after = change(before)
            if after == before:
                return None
            item, transition = _next(after, self._uncounted(), cause, at)
            try:
                item.save(condition=_over(MembershipItem, before.version))
            except PutError as error:
                if error.cause_response_code != "ConditionalCheckFailedException":
                    raise
                continue
            return after, transition
        raise TransientError("a membership is being written by many at once")


def _next(
    membership: Membership, uncounted: Collection[str], cause: Cause, at: str
) -> tuple[MembershipItem, str | None]:
    """The item of the next version, and the transition that it tells."""
    item = MembershipItem(
        keys.record(membership.ref),
        keys.membership(membership.segment),
        segment=membership.segment,
        module=membership.ref.module,
        record=membership.ref.id,
        since=membership.since,
        sources=[source.to_json() for source in membership.sources],
        version=membership.version + 1,
        blocked=membership.blocked.to_json() if membership.blocked else None,
        inside=membership.inside,
    )
    transition = membership.transition(uncounted)
    if transition:
        item.inside = transition == "segment_entered"
        item.event = _event(item, transition, cause, at)
    return item, transition


def _over(model: type[MembershipItem] | type[EvaluationItem], version: int) -> Condition:
    condition: Condition = model.version == version if version else model.pk.does_not_exist()
    return condition

"""Memberships of records in segments.

Access patterns: all of one record (its partition); one by record and segment. The members of a segment come from the
lake. A membership that has ended stays, with no sources, so that its history can be told.
The stream carries `event` when, and only when, a record enters or leaves.
"""

import json
from collections.abc import Callable
from typing import Any

from pynamodb.attributes import ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item, plain
from gotero.domain.errors import TransientError
from gotero.domain.ids import derived_id
from gotero.domain.record import Cause, Ref
from gotero.ports import Json, Membership, Source

#: Two writers of one membership meet now and then; more than this many times in a row is something else.
ATTEMPTS = 8


class MembershipItem(Item):
    class Meta:
        table_name = FromEnv("MEMBERSHIPS_TABLE")

    segment = UnicodeAttribute()
    module = UnicodeAttribute()
    record = UnicodeAttribute()
    since = UnicodeAttribute()
    sources: ListAttribute[Any] = ListAttribute(default=list)
    version = NumberAttribute(default=0)
    left_at = UnicodeAttribute(null=True)
    left_cause: MapAttribute[str, Any] = MapAttribute(null=True)
    event = UnicodeAttribute(null=True)


def _source_json(source: Source) -> Json:
    return {"kind": source.kind, "id": source.id, "since": source.since, "cause": source.cause.to_json()}


def membership_of(image: Json) -> Membership:
    """The membership in an item, or in the image of a stream."""
    sources = tuple(Source(s["kind"], s["id"], s["since"], Cause.from_json(s["cause"])) for s in image["sources"])
    return Membership(image["segment"], Ref(image["module"], image["record"]), image["since"], sources)


def _event(item: MembershipItem, kind: str, cause: Cause, at: str) -> str:
    """The transition as workflows see it; its id is derived, so that a repeated write tells the same event."""
    event_id = derived_id("membership", item.pk, item.sk, str(item.version), kind)
    return json.dumps({"id": event_id, "kind": kind, "cause": cause.to_json(), "at": at})


class DynamoMemberships:
    """`Memberships` on DynamoDB: read, change, write over the version read; again when somebody was faster."""

    def of(self, ref: Ref) -> list[Membership]:
        items = MembershipItem.query(keys.record(ref), MembershipItem.sk.startswith("S#"), consistent_read=True)
        return [membership_of(plain(item.attribute_values)) for item in items if item.sources]

    def get(self, segment: str, ref: Ref) -> Membership | None:
        item = self._read(segment, ref)
        return membership_of(plain(item.attribute_values)) if item.sources else None

    def add(self, segment: str, ref: Ref, source: Source) -> bool:
        def change(item: MembershipItem) -> bool | None:
            sources = plain(item.sources)
            if any((s["kind"], s["id"]) == (source.kind, source.id) for s in sources):
                return None
            entered = not sources
            item.sources = [*sources, _source_json(source)]
            item.version += 1
            if entered:
                item.since, item.left_at, item.left_cause = source.since, None, None
                item.event = _event(item, "segment_entered", source.cause, source.since)
            return entered

        return self._change(segment, ref, change)

    def remove(self, segment: str, ref: Ref, source: tuple[str, str] | None, cause: Cause, at: str) -> bool:
        def change(item: MembershipItem) -> bool | None:
            sources = plain(item.sources)
            kept = [s for s in sources if source and (s["kind"], s["id"]) != source]
            if len(kept) == len(sources):
                return None
            item.sources = kept
            item.version += 1
            if not kept:
                item.left_at, item.left_cause = at, cause.to_json()
                item.event = _event(item, "segment_left", cause, at)
            return not kept

        return self._change(segment, ref, change)

    def _read(self, segment: str, ref: Ref) -> MembershipItem:
        try:
            return MembershipItem.get(keys.record(ref), keys.membership(segment), consistent_read=True)
        except MembershipItem.DoesNotExist:
            return MembershipItem(
                keys.record(ref),
                keys.membership(segment),
                segment=segment,
                module=ref.module,
                record=ref.id,
                since="",
            )

    def _change(self, segment: str, ref: Ref, change: Callable[[MembershipItem], bool | None]) -> bool:
        """Apply `change` (None: nothing to write) until its write meets the version it read."""
        for _ in range(ATTEMPTS):
            item = self._read(segment, ref)
            version = item.version
            transition = change(item)
            if transition is None:
                return False
            condition = MembershipItem.version == version if version else MembershipItem.pk.does_not_exist()
            try:
                item.save(condition=condition)
            except PutError as error:
                if error.cause_response_code != "ConditionalCheckFailedException":
                    raise
                continue
            return transition
        raise TransientError("a membership is being written by many at once")

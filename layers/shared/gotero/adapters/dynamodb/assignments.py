"""Assignments: who is on which scheduled action.

Access patterns: one by its key; all of a recipient, or those on one scheduled action (the recipient's partition, by
sort key); one by its id; those that came by one plan. The id is a hash of the key, so that a message can carry it: an
item of its own, written before the assignment and never changed, leads from the id to the key, and one more for each
plan leads from that to the key (docs/adr/0061). Nothing finds what is due from here: the due index does.
"""

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from pynamodb.attributes import ListAttribute, MapAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FAILED, PASSING, FromEnv, Item, codes_of, connection, plain
from gotero.adapters.dynamodb.timeline import TimelineItem, item_of
from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import ConflictError, TransientError
from gotero.domain.record import Cause, Ref
from gotero.ports import TimelineEntry

#: Partitions of one plan: together they take in what a new on-demand table does (4,000 writes a second).
SHARDS = 4


class _Table:
    table_name = FromEnv("ASSIGNMENTS_TABLE")


class AssignmentItem(Item):
    class Meta(_Table):
        pass

    key: MapAttribute[str, Any] = MapAttribute()
    state = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    due_at = UnicodeAttribute(null=True)
    zone = UnicodeAttribute()
    via: ListAttribute[Any] = ListAttribute(default=list)
    cause: MapAttribute[str, Any] = MapAttribute()
    assigned_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    claimed_at = UnicodeAttribute(null=True)
    seen: ListAttribute[Any] = ListAttribute(default=list)
    came_by: ListAttribute[Any] = ListAttribute(default=list)
    version = NumberAttribute()


class IdItem(Item):
    """From an id to the key that it was derived from."""

    class Meta(_Table):
        pass

    key: MapAttribute[str, Any] = MapAttribute()


class PlanItem(Item):
    """From a plan to the key of what came by it."""

    class Meta(_Table):
        pass

    key: MapAttribute[str, Any] = MapAttribute()


def assignment_of(image: Mapping[str, Any]) -> Assignment:
    """The assignment in an item."""
    return Assignment(
        key=Key.from_json(image["key"]),
        state=image["state"],
        reason=image.get("reason"),
        due_at=image.get("due_at"),
        zone=image["zone"],
        via=tuple(image["via"]),
        cause=Cause.from_json(image["cause"]),
        assigned_at=image["assigned_at"],
        updated_at=image["updated_at"],
        claimed_at=image.get("claimed_at"),
        seen=tuple(image["seen"]),
        # Those of before it was kept.
        came_by=tuple(image.get("came_by") or image["via"]),
        version=image["version"],
    )


class DynamoAssignments:
    """`Assignments` on DynamoDB."""

    def get(self, key: Key) -> Assignment | None:
        try:
            item = AssignmentItem.get(keys.record(key.recipient), keys.assignment(key), consistent_read=True)
        except AssignmentItem.DoesNotExist:
            return None
        return assignment_of(plain(item.attribute_values))

    def find(self, id: str) -> Assignment | None:
        try:
            item = IdItem.get(keys.assignment_id(id), keys.SELF, consistent_read=True)
        except IdItem.DoesNotExist:
            return None
        return self.get(Key.from_json(plain(item.key)))

    def of(
        self, recipient: Ref, *, scheduled_action: str | None = None, limit: int = 1000, after: Key | None = None
    ) -> tuple[list[Assignment], Key | None]:
        partition = keys.record(recipient)
        condition = AssignmentItem.sk.startswith(f"{scheduled_action}#") if scheduled_action else None
        start = {"pk": {"S": partition}, "sk": {"S": keys.assignment(after)}} if after else None
        items = AssignmentItem.query(
            partition, condition, consistent_read=True, limit=limit + 1, last_evaluated_key=start
        )
        found = [assignment_of(plain(item.attribute_values)) for item in items]
        return found[:limit], found[limit - 1].key if len(found) > limit else None

    def of_plan(self, plan: str, limit: int, after: Key | None = None) -> tuple[list[Assignment], Key | None]:
        found: list[Key] = []
        for shard in range(_shard(after.recipient) if after else 0, SHARDS):
            partition, start = keys.plan_shard(plan, shard), None
            if after and shard == _shard(after.recipient):
                start = {"pk": {"S": partition}, "sk": {"S": keys.of_plan(after)}}
            wanted = limit + 1 - len(found)
            items = PlanItem.query(partition, consistent_read=True, limit=wanted, last_evaluated_key=start)
            found += [Key.from_json(plain(item.key)) for item in items]
            if len(found) > limit:
                break
        page = found[:limit]
        named = [(keys.record(key.recipient), keys.assignment(key)) for key in page]
        read = AssignmentItem.batch_get(named, consistent_read=True) if named else ()
        stored = {one.key: one for one in (assignment_of(plain(item.attribute_values)) for item in read)}
        # Of one that was being written when the writer died, only what leads to it is there.
        return [stored[key] for key in page if key in stored], page[-1] if len(found) > limit else None

    def forget(self, recipient: Ref) -> None:
        found = list(AssignmentItem.query(keys.record(recipient), consistent_read=True))
        gone = [assignment_of(plain(item.attribute_values)) for item in found]
        with IdItem.batch_write() as batch:
            for assignment in gone:
                batch.delete(IdItem(keys.assignment_id(assignment.id), keys.SELF))
        with PlanItem.batch_write() as batch:
            for pointer in (pointer for assignment in gone for pointer in _plan_items(assignment)):
                batch.delete(pointer)
        with AssignmentItem.batch_write() as batch:
            for item in found:
                batch.delete(item)

    def put(self, assignment: Assignment, told: TimelineEntry | None = None) -> None:
        first = assignment.version == 1
        if first:
            IdItem(keys.assignment_id(assignment.id), keys.SELF, key=assignment.key.to_json()).save()
        # Whatever is claimed has been written unclaimed before, by all its routes.
        for pointer in _plan_items(assignment) if not assignment.claimed_at else ():
            pointer.save()
        before = AssignmentItem.pk.does_not_exist() if first else AssignmentItem.version == assignment.version - 1
        if told:
            _save_both(_item(assignment), before, item_of(told))
            return
        try:
            _item(assignment).save(condition=before)
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            raise ConflictError("assignment") from error


def _save_both(item: AssignmentItem, condition: Condition, told: TimelineItem) -> None:
    try:
        with TransactWrite(connection=connection()) as write:
            write.save(item, condition=condition)
            write.save(told)
    except TransactWriteError as error:
        codes = codes_of(error)
        if FAILED in codes:
            raise ConflictError("assignment") from error
        if PASSING.intersection(codes):
            raise TransientError("another transaction is at work on the same assignment") from error
        raise


def _shard(recipient: Ref) -> int:
    return crc32(str(recipient).encode()) % SHARDS


def _plan_items(assignment: Assignment) -> list[PlanItem]:
    key, shard = assignment.key, _shard(assignment.key.recipient)
    return [PlanItem(keys.plan_shard(p, shard), keys.of_plan(key), key=key.to_json()) for p in assignment.plans]


def _item(assignment: Assignment) -> AssignmentItem:
    return AssignmentItem(
        keys.record(assignment.key.recipient),
        keys.assignment(assignment.key),
        key=assignment.key.to_json(),
        state=assignment.state,
        reason=assignment.reason,
        due_at=assignment.due_at,
        zone=assignment.zone,
        via=list(assignment.via),
        cause=assignment.cause.to_json(),
        assigned_at=assignment.assigned_at,
        updated_at=assignment.updated_at,
        claimed_at=assignment.claimed_at,
        seen=list(assignment.seen),
        came_by=list(assignment.came_by),
        version=assignment.version,
    )

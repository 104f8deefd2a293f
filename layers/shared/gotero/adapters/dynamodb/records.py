"""Records: the truth about every module but messages.

Access patterns: one record by module and id, and the forms posted for it; the holder of a unique value; the records
with an address (one partition an address); the records that point to one, by module and field, or are linked with it;
all writes of records conditional, with their keys in the same transaction, and with a note of the task that writes.
The stream carries `event` (JSON text): workflows react to a write whose event id differs from the old image's.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pynamodb.attributes import ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from gotero.adapters.dynamodb import keys, record_links
from gotero.adapters.dynamodb.table import FAILED, PASSING, FromEnv, Item, Values, codes_of, connection, plain
from gotero.domain import instant
from gotero.domain.errors import AppliedError, ConflictError, DuplicateError, TransientError
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.domain.record_link import RecordLink
from gotero.ports import IndexKeys, Post

#: A dead letter is kept for two weeks, and what it names may still be given back then.
TASK_DAYS = 15


class _Table:
    table_name = FromEnv("RECORDS_TABLE")


class RecordItem(Item):
    class Meta(_Table):
        pass

    module = UnicodeAttribute()
    id = UnicodeAttribute()
    number = UnicodeAttribute()
    owner = UnicodeAttribute()
    tags: ListAttribute[Any] = ListAttribute(default=list)
    values = Values()
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute()
    updated_at = UnicodeAttribute()
    version = NumberAttribute()
    deleted_at = UnicodeAttribute(null=True)
    merged_into = UnicodeAttribute(null=True)
    absorbed: ListAttribute[Any] = ListAttribute(null=True)
    event = UnicodeAttribute()


class KeyItem(Item):
    """A unique value (`holder` has it), an address of a record, or a first match (`holder` is its event)."""

    class Meta(_Table):
        pass

    holder = UnicodeAttribute(null=True)


class TaskItem(Item):
    """A task of a workflow that has been applied to the record at some event. Nothing brings that event again after."""

    class Meta(_Table):
        pass

    ttl = NumberAttribute()


class PostItem(Item):
    """A form that was posted for a record."""

    class Meta(_Table):
        pass

    form = UnicodeAttribute()
    at = UnicodeAttribute()


def record_of(image: Mapping[str, Any]) -> Record:
    """The record in an item, or in the image of a stream."""
    return Record(
        module=image["module"],
        id=image["id"],
        number=image["number"],
        owner=image["owner"],
        values=image["values"],
        created_at=image["created_at"],
        created_by=image["created_by"],
        updated_at=image["updated_at"],
        version=int(image["version"]),
        tags=tuple(image.get("tags") or ()),
        deleted_at=image.get("deleted_at"),
        merged_into=image.get("merged_into"),
        absorbed=tuple(image.get("absorbed") or ()),
    )


def _item(record: Record, event: RecordEvent) -> RecordItem:
    return RecordItem(
        keys.record(record.ref),
        keys.SELF,
        module=record.module,
        id=record.id,
        number=record.number,
        owner=record.owner,
        tags=list(record.tags),
        values=dict(record.values),
        created_at=record.created_at,
        created_by=record.created_by,
        updated_at=record.updated_at,
        version=record.version,
        deleted_at=record.deleted_at,
        merged_into=record.merged_into,
        absorbed=list(record.absorbed) or None,
        event=json.dumps(event.to_json(), ensure_ascii=False),
    )


def _record(item: RecordItem) -> Record:
    return record_of(plain(item.attribute_values))


def _relation(record: Record, field: str, target: Ref) -> KeyItem:
    return KeyItem(keys.record(target), keys.relation(record.module, field, record.id))


def _save_post(write: TransactWrite, record: Record, event: RecordEvent) -> None:
    if event.form:
        write.save(PostItem(keys.record(record.ref), keys.post(event.id), form=event.form, at=event.at))


def _task(ref: Ref, cause: Cause, at: str) -> TaskItem:
    forgotten = instant.read(at) + timedelta(days=TASK_DAYS)
    return TaskItem(keys.record(ref), keys.task(cause.execution), ttl=int(forgotten.timestamp()))


class DynamoRecords:
    """`Records` on DynamoDB."""

    def get(self, ref: Ref) -> Record | None:
        try:
            return _record(RecordItem.get(keys.record(ref), keys.SELF, consistent_read=True))
        except RecordItem.DoesNotExist:
            return None

    def get_many(self, refs: Sequence[Ref]) -> dict[Ref, Record]:
        found = RecordItem.batch_get([(keys.record(r), keys.SELF) for r in dict.fromkeys(refs)], consistent_read=True)
        return {record.ref: record for record in map(_record, found)}

    def find_unique(self, module: str, field: str, key: str) -> str | None:
        try:
            return KeyItem.get(keys.unique(module, field, key), keys.SELF, consistent_read=True).holder
        except KeyItem.DoesNotExist:
            return None

    def holders(self, module: str, field: str, keys_: Sequence[str]) -> dict[str, str]:
        named = {keys.unique(module, field, key): key for key in keys_}
        found = KeyItem.batch_get([(pk, keys.SELF) for pk in named], consistent_read=True) if named else ()
        return {named[item.pk]: item.holder for item in found if item.holder}

    def with_address(self, address: str, limit: int, after: str | None = None) -> tuple[list[Ref], str | None]:
        behind = KeyItem.sk > after if after else None
        found = list(KeyItem.query(keys.address(address), behind, consistent_read=True, limit=limit + 1))
        return [Ref.parse(item.sk) for item in found[:limit]], found[limit - 1].sk if len(found) > limit else None

    def create(self, record: Record, event: RecordEvent, keys_: IndexKeys) -> None:
        with _Transaction(self, record, list(keys_.unique.items()), deletes=0) as write:
            write.save(_item(record, event), condition=RecordItem.pk.does_not_exist())
            for field, value in keys_.unique.items():
                self._take(write, record, field, value)
            for address in sorted(keys_.addresses):
                write.save(KeyItem(keys.address(address), keys.record(record.ref)))
            for field, target in sorted(keys_.relations, key=str):
                write.save(_relation(record, field, target))
            _save_post(write, record, event)

    def update(self, record: Record, event: RecordEvent, before: IndexKeys, after: IndexKeys) -> None:
        new = [(f, v) for f, v in after.unique.items() if before.unique.get(f) != v]
        old = [(f, v) for f, v in before.unique.items() if after.unique.get(f) != v]
        gone = sorted(before.addresses - after.addresses)
        left = sorted(before.relations - after.relations, key=str)
        deletes = len(old) + len(gone) + len(left)
        with _Transaction(self, record, new, deletes, by_task=bool(event.cause.execution)) as write:
            write.save(_item(record, event), condition=RecordItem.version == record.version - 1)
            for field, value in new:
                self._take(write, record, field, value)
            for field, value in old:
                write.delete(
                    KeyItem(keys.unique(record.module, field, value), keys.SELF), condition=KeyItem.holder == record.id
                )
            for address in sorted(after.addresses - before.addresses):
                write.save(KeyItem(keys.address(address), keys.record(record.ref)))
            for address in gone:
                write.delete(KeyItem(keys.address(address), keys.record(record.ref)))
            for field, target in sorted(after.relations - before.relations, key=str):
                write.save(_relation(record, field, target))
            for field, target in left:
                write.delete(_relation(record, field, target))
            _save_post(write, record, event)
            if event.cause.execution:
                write.save(_task(record.ref, event.cause, event.at), condition=TaskItem.pk.does_not_exist())

    def pointing(
        self, target: Ref, module: str, field: str, limit: int, after: str | None = None
    ) -> tuple[list[Ref], str | None]:
        prefix = keys.relation(module, field, "")
        # "~" stands after every character of an id.
        wanted = KeyItem.sk.between(f"{prefix}{after}!" if after else prefix, f"{prefix}~")
        found = KeyItem.query(keys.record(target), wanted, consistent_read=True, limit=limit + 1)
        ids = [item.sk.removeprefix(prefix) for item in found]
        return [Ref(module, id) for id in ids[:limit]], ids[limit - 1] if len(ids) > limit else None

    def posts(self, ref: Ref) -> list[Post]:
        found = PostItem.query(keys.record(ref), PostItem.sk.startswith(keys.post("")), consistent_read=True)
        return [Post(item.form, item.at) for item in found]

    def forget(self, ref: Ref) -> None:
        with KeyItem.batch_write() as batch:
            for item in KeyItem.query(keys.record(ref), KeyItem.sk > keys.SELF, consistent_read=True):
                batch.delete(item)

    def link(self, one: Ref, other: Ref, cause: Cause, at: str) -> bool:
        return record_links.turn(RecordLink.between(one, other), True, cause, at)

    def unlink(self, one: Ref, other: Ref, cause: Cause | None, at: str) -> bool:
        return record_links.turn(RecordLink.between(one, other), False, cause, at)

    def first_match(self, ref: Ref, workflow: str, event: str) -> bool:
        item = KeyItem(keys.record(ref), keys.first_match(workflow), holder=event)
        try:
            item.save(condition=KeyItem.pk.does_not_exist() | (KeyItem.holder == event))
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def applied(self, ref: Ref, cause: Cause, at: str) -> bool:
        try:
            _task(ref, cause, at).save(condition=TaskItem.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def _take(self, write: TransactWrite, record: Record, field: str, value: str) -> None:
        write.save(
            KeyItem(keys.unique(record.module, field, value), keys.SELF, holder=record.id),
            condition=KeyItem.pk.does_not_exist() | (KeyItem.holder == record.id),
        )


class _Transaction:
    """A TransactWrite whose refusals are our errors.

    pynamodb sends deletes before puts, and the reasons stand in that order: after the deletes comes the record, then
    the unique values that it takes; last, that a task has done so.
    """

    def __init__(
        self, store: DynamoRecords, record: Record, taken: list[tuple[str, str]], deletes: int, *, by_task: bool = False
    ) -> None:
        self._store, self._record, self._taken, self._deletes = store, record, taken, deletes
        self._by_task = by_task
        self._write = TransactWrite(connection=connection())

    def __enter__(self) -> TransactWrite:
        return self._write.__enter__()

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        try:
            self._write.__exit__(kind, error, trace)
        except TransactWriteError as refused:
            for reason in self._refusals(refused):
                raise reason from refused
            raise

    def _refusals(self, refused: TransactWriteError) -> Iterator[Exception]:
        codes = codes_of(refused)
        if self._by_task and codes[-1:] == [FAILED]:
            yield AppliedError("applied")
        own, *taken = codes[self._deletes :] or [""]
        for (field, value), code in zip(self._taken, taken, strict=False):
            if code == FAILED:
                holder = self._store.find_unique(self._record.module, field, value)
                released = TransientError("the unique value was just released")
                yield DuplicateError(f"values.{field}", holder) if holder else released
        if own == FAILED:
            yield ConflictError("the record has another version")
        if PASSING.intersection(codes):
            yield TransientError("another transaction is at work on the same items")

"""The bin: what is deleted lies there for thirty days, can be taken out, and is emptied by itself.

Deleting hides a record everywhere and frees its unique values. Its memberships by hand and its links with others rest,
and count again when it is taken out; AutoSync's end and begin anew. What goes for good after the thirty days: values,
tags, timeline, memberships and links. An empty husk stays, so that the id is never another's; messages and assignments
stay, they are the proof.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from gotero.domain import instant, modules
from gotero.domain.errors import ConflictError, DuplicateError, NotFoundError, TransientError
from gotero.domain.ids import is_id
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.ports import DueIndex, IndexKeys, Memberships, Timeline
from gotero.services.link_records import forget_links
from gotero.services.save_record import ATTEMPTS, RecordWriter, event_of, get_record, index_keys

KEPT = timedelta(days=30)
PURGE = "purge"
_EMPTIED = Cause("system", "bin")


@dataclass(frozen=True, slots=True)
class Bin:
    """What putting in and taking out needs."""

    writer: RecordWriter
    due_index: DueIndex


def bin_record(bin: Bin, ref: Ref, *, cause: Cause, expected_version: int | None = None) -> None:
    """Delete it, to be emptied in thirty days. NotFoundError, ConflictError."""
    # Before the write: an entry too many is looked at for nothing, a missing one would keep the record for ever.
    plan_purge(bin, ref)
    delete_record(bin.writer, ref, cause=cause, expected_version=expected_version)


def delete_record(writer: RecordWriter, ref: Ref, *, cause: Cause, expected_version: int | None = None) -> None:
    """Put a record into the bin: it disappears from every list and releases its unique values.

    Raises ConflictError when `expected_version` is not the stored one; without it what somebody else has just written
    goes along (TransientError when there is too much of it).
    """
    module = modules.module(ref.module)
    for _ in range(ATTEMPTS):
        before = get_record(writer.records, ref)
        if expected_version is not None and before.version != expected_version:
            raise ConflictError("stale")
        at = instant.write(writer.clock.now())
        after = replace(before.changed({}, at=at), deleted_at=at)
        event = event_of(writer, "delete", cause, after)
        try:
            writer.records.update(after, event, index_keys(module, before.values), IndexKeys())
        except ConflictError:
            continue  # the next look says whether it is the version that was asked for
        return
    raise TransientError("the record is being written by many at once")


def plan_purge(bin: Bin, ref: Ref) -> None:
    bin.due_index.put(bin.writer.clock.now() + KEPT, f"{PURGE}#{ref}", {})


def restore_record(writer: RecordWriter, ref: Ref, *, cause: Cause, unmerge: bool = False) -> Record:
    """Take it out of the bin, as it was. NotFoundError when it does not lie there.

    DuplicateError names who has taken a unique value meanwhile; ConflictError for what was merged: that is undone.
    """
    for _ in range(ATTEMPTS):
        before = in_bin(writer, ref)
        if before.merged_into and not unmerge:
            raise ConflictError("merged", "unmerge_first", "id", into=before.merged_into)
        after = replace(before.changed({}, at=instant.write(writer.clock.now())), deleted_at=None, merged_into=None)
        if _written(writer, before, after, event_of(writer, "restore", cause, after)):
            return after
    raise TransientError("the record is being written by many at once")


def in_bin(writer: RecordWriter, ref: Ref) -> Record:
    """The record as it lies in the bin; NotFoundError."""
    record = writer.records.get(ref) if is_id(ref.id) else None
    if record is None or not record.deleted_at or not record.values:
        raise NotFoundError(str(ref))
    return record


def purge_record(writer: RecordWriter, timeline: Timeline, memberships: Memberships, ref: Ref) -> None:
    """Its thirty days are over: empty it. Once however often it comes; what was taken out meanwhile stays."""
    record = writer.records.get(ref)
    if record is None or not record.deleted_at:
        return
    now = writer.clock.now()
    if now - instant.read(record.deleted_at) < KEPT:
        return  # taken out and deleted again: that has an entry of its own
    if record.values:
        husk = emptied(record, at=instant.write(now))
        if not _written(writer, record, husk, event_of(writer, "purge", _EMPTIED, husk)):
            raise TransientError("the record is being written")
    # What happened to somebody who was merged is a part of another's timeline now.
    timelines = [] if record.merged_into else [timeline.forget]
    forget_links(writer.records, ref, instant.write(now))
    for forget in (writer.records.forget, memberships.forget, *timelines):
        forget(ref)


def merge_away(bin: Bin, ref: Ref, into: str, *, cause: Cause) -> None:
    """Into the bin, as a part of another record of its module. Once however often it comes."""
    plan_purge(bin, ref)
    writer = bin.writer
    for _ in range(ATTEMPTS):
        before = writer.records.get(ref)
        if before is None or before.deleted_at:
            return
        at = instant.write(writer.clock.now())
        after = replace(before.changed({}, at=at), deleted_at=at, merged_into=into)
        keys = index_keys(modules.module(ref.module), before.values)
        try:
            writer.records.update(after, event_of(writer, "merge", cause, after), keys, IndexKeys())
        except ConflictError:
            continue
        return
    raise TransientError("the record is being written by many at once")


def emptied(record: Record, *, at: str) -> Record:
    """What stays of a record for ever: that there was one."""
    return replace(record, values={}, tags=(), updated_at=at, version=record.version + 1)


def _written(writer: RecordWriter, before: Record, after: Record, event: RecordEvent) -> bool:
    """Whether the version was still the one read. What lies in the bin holds no keys."""
    module = modules.module(before.module)
    keys = IndexKeys() if after.deleted_at else index_keys(module, after.values)
    try:
        writer.records.update(after, event, IndexKeys(), keys)
    except DuplicateError:
        raise
    except ConflictError:
        return False
    return True

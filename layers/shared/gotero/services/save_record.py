"""Create, change and delete records: validated, numbered, unique, with a cause, in one transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gotero.domain import instant, modules, validation
from gotero.domain.errors import (
    AppliedError,
    ConflictError,
    DuplicateError,
    FieldError,
    InvalidError,
    MergedError,
    NotFoundError,
    TransientError,
)
from gotero.domain.ids import derived_id, is_id
from gotero.domain.modules import Module
from gotero.domain.record import Cause, EventKind, Record, RecordEvent, Ref
from gotero.ports import Clock, Definitions, Ids, IndexKeys, Numbers, PhoneNumbers, Records

#: Two writers of one record meet now and then; a change that asks for no version is laid over the newer one.
ATTEMPTS = 5

#: Sources of «No enviar email» that are the person's own word.
_OF_THE_PERSON = frozenset({"unsubscribe", "complaint"})


@dataclass(frozen=True, slots=True)
class RecordWriter:
    """What every write of a record needs."""

    records: Records
    numbers: Numbers
    definitions: Definitions
    phones: PhoneNumbers
    clock: Clock
    ids: Ids
    #: Where a phone number without a prefix belongs (ISO 3166).
    region: str = "ES"


def create_record(
    writer: RecordWriter,
    module_id: str,
    values: Mapping[str, Any],
    *,
    cause: Cause,
    owner: str,
    tags: tuple[str, ...] = (),
    form: str | None = None,
    id: str | None = None,
    keep_broken: frozenset[str] = frozenset(),
    looked_up: bool = False,
) -> Record:
    """A new record. `id` makes a repeated call one record (it answers the first); `keep_broken` names fields whose
    malformed value is kept as an older system held it; `looked_up`: the caller has just looked who holds its unique
    values. InvalidError, DuplicateError; nothing is written then.
    """
    module = modules.module(module_id)
    clean = _clean(writer, module, values, partial=False, keep_broken=keep_broken)
    tags = validation.clean_tags(tags)
    _check_owner(writer, owner)
    clean |= first_origin(module, {}, clean)
    record_id = id or writer.ids.new()
    existing = writer.records.get(Ref(module_id, record_id)) if id else None
    if existing:
        return existing
    keys = index_keys(module, clean)
    if not looked_up:
        _refuse_held(writer, module, keys)
    at = instant.write(writer.clock.now())
    record = Record(
        module=module_id,
        id=record_id,
        number=writer.numbers.draw(module_id, 1, module.numbering)[0],
        owner=owner,
        values=clean,
        created_at=at,
        created_by=cause.id,
        updated_at=at,
        tags=tags,
    )
    writer.records.create(record, event_of(writer, "create", cause, record, form), keys)
    return record


def update_record(
    writer: RecordWriter,
    ref: Ref,
    values: Mapping[str, Any],
    *,
    cause: Cause,
    expected_version: int | None = None,
    owner: str | None = None,
    tags: tuple[str, ...] | None = None,
    form: str | None = None,
    computed: Mapping[str, Any] | None = None,
) -> Record:
    """Lay `values` over the record (None empties a field). `computed` may hold fields that people cannot write.

    Raises ConflictError when `expected_version` is not the stored one; without it a concurrent write is taken in
    (TransientError when there are too many of them).
    A change that changes nothing writes nothing, unless a form was posted: that is news by itself. What a task of a
    workflow does at an event it does once: coming again, it answers the record as it stands.
    """
    module = modules.module(ref.module)
    clean = {**_clean(writer, module, values, partial=True), **(computed or {})}
    tags = None if tags is None else validation.clean_tags(tags)
    if owner is not None:
        _check_owner(writer, owner)
    for _ in range(ATTEMPTS):
        before = get_record(writer.records, ref)
        if expected_version is not None and before.version != expected_version:
            raise ConflictError("stale")
        wanted = _without_undoing(before, clean, cause)
        after = before.changed(
            {**wanted, **first_origin(module, before.values, wanted)},
            at=instant.write(writer.clock.now()),
            owner=owner,
            tags=tags,
        )
        if form is None and _same(before, after):
            if cause.execution:
                writer.records.applied(ref, cause, after.updated_at)
            return before
        _require_kept(module, before, after)
        event = event_of(writer, "modify", cause, after, form)
        try:
            writer.records.update(after, event, index_keys(module, before.values), index_keys(module, after.values))
        except AppliedError:
            return before
        except DuplicateError:
            raise
        except ConflictError:
            if expected_version is not None:
                raise
            continue
        return after
    raise TransientError("the record is being written by many at once")


def absorb(
    writer: RecordWriter,
    ref: Ref,
    values: Mapping[str, Any],
    tags: tuple[str, ...] | None,
    ids: Collection[str],
    *,
    cause: Cause,
    released: Collection[str] = (),
) -> Record:
    """Lay over a record what it takes over (clean already) from others that have become a part of it: `ids`.

    `released` are parts of it no more.
    """
    module = modules.module(ref.module)
    for _ in range(ATTEMPTS):
        before = get_record(writer.records, ref)
        absorbed = tuple(id for id in dict.fromkeys((*before.absorbed, *ids)) if id not in released)
        after = before.changed(values, at=instant.write(writer.clock.now()), tags=tags)
        after = replace(after, absorbed=absorbed)
        if _same(before, after) and before.absorbed == absorbed:
            return before
        event = event_of(writer, "modify", cause, after)
        try:
            writer.records.update(after, event, index_keys(module, before.values), index_keys(module, after.values))
        except DuplicateError:
            raise
        except ConflictError:
            continue
        return after
    raise TransientError("the record is being written by many at once")


def checked_change(
    writer: RecordWriter, module: Module, values: Mapping[str, Any], owner: str | None
) -> dict[str, Any]:
    """The values of a change that is to be laid over many records. InvalidError, as for one of them."""
    unique = [FieldError(f"values.{f.id}", "unique_many") for f in module.fields if f.unique and values.get(f.id)]
    if unique:
        raise InvalidError(*unique)
    if owner is not None:
        _check_owner(writer, owner)
    return _clean(writer, module, values, partial=True)


def get_record(records: Records, ref: Ref) -> Record:
    """The record; NotFoundError when there is none, or it lies in the bin."""
    record = records.get(ref) if is_id(ref.id) else None
    if record and record.merged_into:
        raise MergedError(record.merged_into)
    if record is None or record.deleted_at:
        raise NotFoundError(str(ref))
    return record


def index_keys(module: Module, values: Mapping[str, Any]) -> IndexKeys:
    """By what a record of these values is found."""
    targets = ((f.id, f.relation, values.get(f.id)) for f in module.fields if f.relation)
    relations = frozenset(
        (field, Ref(related, id))
        for field, related, id in targets
        # Segments follow recipients: what they point to, and what points to them.
        if related and id and (module.recipient or modules.module(related).recipient)
    )
    return IndexKeys(validation.unique_keys(module, values), validation.addresses(module, values), relations)


def _clean(
    writer: RecordWriter,
    module: Module,
    values: Any,
    *,
    partial: bool,
    keep_broken: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    wanted = validation.references(module, values) if isinstance(values, Mapping) else {}
    stored = [ref for ref in wanted.values() if is_id(ref.id)]
    found = (
        {ref for ref, record in writer.records.get_many(stored).items() if not record.deleted_at} if stored else set()
    )
    return validation.clean(
        module,
        values,
        partial=partial,
        phone=lambda text: writer.phones.e164(text, writer.region),
        keep_broken=keep_broken,
        exists=lambda related, id: Ref(related, id) in found,
        is_user=lambda id: _is_user(writer, id),
    )


def _is_user(writer: RecordWriter, id: str) -> bool:
    """Users and groups are few and cached; an id of any other shape is not even looked up."""
    return any(id == d.id for kind in ("users", "groups") for d in writer.definitions.seen(kind))


def first_origin(module: Module, before: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The first origin of a person stays, whatever is written over it later."""
    if module.field("original_leadsource") is None or before.get("original_leadsource"):
        return {}
    origin = before.get("leadsource") or new.get("leadsource")
    return {"original_leadsource": origin} if origin else {}


def _same(before: Record, after: Record) -> bool:
    return (before.values, before.owner, before.tags) == (after.values, after.owner, after.tags)


def _without_undoing(before: Record, clean: dict[str, Any], cause: Cause) -> dict[str, Any]:
    """Only the person takes back that they left or complained: by a link sent to their address (resubscribe.py)."""
    marked = before.values.get("do_not_email") and before.values.get("do_not_email_source") in _OF_THE_PERSON
    if not marked or cause.kind == "message" or clean.get("do_not_email", True):
        return clean
    if cause.kind != "form":
        raise InvalidError(FieldError("values.do_not_email", "only_person"))
    # Whoever posts a form has proved nothing, and cannot help what it imposes.
    return {field: value for field, value in clean.items() if field != "do_not_email"}


def _require_kept(module: Module, before: Record, after: Record) -> None:
    """A change empties no required field. One that was empty already (it is required since today) stops no change."""
    required = [f.id for f in module.fields if f.required]
    missing = [id for id in required if after.values.get(id) in (None, "") and before.values.get(id) not in (None, "")]
    if missing:
        raise InvalidError(*(FieldError(f"values.{field}", "required") for field in missing))


def _refuse_held(writer: RecordWriter, module: Module, keys: IndexKeys) -> None:
    """Say which record holds a unique value before a number is drawn; the transaction is what decides."""
    for field, value in keys.unique.items():
        holder = writer.records.find_unique(module.id, field, value)
        if holder:
            raise DuplicateError(f"values.{field}", holder)


def _check_owner(writer: RecordWriter, owner: str) -> None:
    if not _is_user(writer, owner):
        raise InvalidError(FieldError("owner", "user"))


def event_of(
    writer: RecordWriter, kind: EventKind, cause: Cause, record: Record, form: str | None = None
) -> RecordEvent:
    """The event of this version; derived, so that a retried write tells the same one."""
    event_id = derived_id("record", str(record.ref), str(record.version), cause.id, cause.event or "", form or "")
    return RecordEvent(event_id, kind, cause, record.updated_at, form)

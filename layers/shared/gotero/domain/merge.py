"""What becomes of several records that are one: which value of each field stays, and from which of them it comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.modules import Module
from gotero.domain.record import Record

#: Whoever has objected in one of the records has objected, whatever the others say; with the reason given there.
_OBJECTION, _REASON = "do_not_email", "do_not_email_source"
#: The first there was stays (save_record.first_origin).
_FIRST = "original_leadsource"


@dataclass(frozen=True, slots=True)
class Merged:
    """`values` differ from the kept record's; `sources`: field -> id of the record whose value stays."""

    values: Mapping[str, Any]
    tags: tuple[str, ...]
    sources: Mapping[str, str]


def merge(module: Module, kept: Record, others: Sequence[Record], choices: Mapping[str, str]) -> Merged:
    """A field's value is that of the record chosen for it, else the kept one's, else the first that has any.

    InvalidError for a choice that names no field, or none of the records.
    """
    records = [kept, *others]
    _check(module, {record.id for record in records}, choices)
    sources: dict[str, str] = {}
    for field in module.fields:
        candidates = _in_order(field.id, records)
        having = [record for record in candidates if record.values.get(field.id) not in (None, "", [])]
        if having:
            sources[field.id] = choices.get(field.id, having[0].id)
    by_id = {record.id: record for record in records}
    objecting = next((record for record in records if record.values.get(_OBJECTION)), None)
    if objecting:
        sources |= {_OBJECTION: objecting.id, _REASON: objecting.id}
    final = {name: by_id[id].values.get(name) for name, id in sources.items()}
    values = {name: value for name, value in final.items() if kept.values.get(name) != value}
    tags = tuple(dict.fromkeys(tag for record in records for tag in record.tags))
    return Merged(values, tags, sources)


def _in_order(field: str, records: Sequence[Record]) -> list[Record]:
    return sorted(records, key=lambda record: record.created_at) if field == _FIRST else list(records)


def _check(module: Module, ids: set[str], choices: Mapping[str, str]) -> None:
    unknown = [FieldError(f"choices.{name[:60]}", "unknown_field") for name in choices if not module.field(name)]
    foreign = [FieldError(f"choices.{name[:60]}", "not_found") for name, id in choices.items() if id not in ids]
    if unknown or foreign:
        raise InvalidError(*unknown, *foreign)

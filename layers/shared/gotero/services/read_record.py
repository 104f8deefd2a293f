"""One record of any module as the API shows it; messages come from their ledger."""

from dataclasses import dataclass
from typing import Any

from gotero.domain import modules
from gotero.domain.errors import NotFoundError
from gotero.domain.message import MODULE as MESSAGES
from gotero.domain.message import MessageKey
from gotero.domain.record import Record, Ref
from gotero.ports import MessageReader, Records
from gotero.services.save_record import get_record
from gotero.services.show_records import with_titles


@dataclass(frozen=True, slots=True)
class Reading:
    """Where records stand."""

    records: Records
    messages: MessageReader


def read_record(reading: Reading, ref: Ref) -> dict[str, Any]:
    """The record with the names that it points to. NotFoundError, MergedError."""
    record = find_record(reading, ref) if ref.module == MESSAGES else get_record(reading.records, ref)
    if record is None:
        raise NotFoundError(str(ref))
    return told(reading, record)


def told(reading: Reading, record: Record) -> dict[str, Any]:
    """A record that has just been read, or written, with the names that it points to."""
    return with_titles([record.to_json()], modules.module(record.module), reading.records)[0]


def find_record(reading: Reading, ref: Ref) -> Record | None:
    """The record, whatever its module; None when it is not there."""
    if ref.module == MESSAGES:
        try:
            message = reading.messages.get(MessageKey.parse(ref.id))
        except ValueError:
            return None
        return message.to_record() if message else None
    try:
        return get_record(reading.records, ref)
    except NotFoundError:
        return None

"""May this mail go to this recipient? One rule plans, freezes and previews, and is asked again at the last moment."""

from collections.abc import Mapping
from typing import Any

from gotero.domain.message import MessageClass
from gotero.domain.record import Record
from gotero.domain.validation import address
from gotero.domain.validation.address import Address

#: The field that holds the address unless a send chooses another; every module of recipients has it.
EMAIL = "email"
#: A person who left of their own accord has left marketing; a letter about their invoice still reaches them.
_MARKETING_ONLY = frozenset({"unsubscribe"})


def mail_address(values: Mapping[str, Any], field: str = EMAIL) -> Address | None:
    """The address of a record, or None when it has none that mail can reach."""
    text = values.get(field)
    return address.parse(text.strip()) if isinstance(text, str) else None


def refusal(record: Record, message_class: MessageClass, *, suppressed: bool, field: str = EMAIL) -> str:
    """Why this record is not written to (a key of catalogue/skips.py), or an empty text."""
    if record.deleted_at:
        return "deleted"
    if not str(record.values.get(field) or "").strip():
        return "no_email"
    if mail_address(record.values, field) is None:
        return "invalid_email"
    if suppressed:
        return "suppressed"
    return _opted_out(record.values, message_class)


def _opted_out(values: Mapping[str, Any], message_class: MessageClass) -> str:
    if not values.get("do_not_email"):
        return ""
    source = values.get("do_not_email_source")
    if source in _MARKETING_ONLY:
        return "unsubscribed" if message_class == "marketing" else ""
    return "do_not_email"

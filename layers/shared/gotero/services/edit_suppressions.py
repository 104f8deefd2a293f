"""The suppression list as people edit it: add an address, import a list, take one off with a reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from gotero.domain import instant
from gotero.domain.errors import FieldError, InvalidError, NotAllowedError, NotFoundError
from gotero.domain.ids import derived_id
from gotero.domain.record import Cause
from gotero.domain.shape import Reader
from gotero.domain.suppression import MAX_IMPORT, Suppression, read_list
from gotero.domain.user import User
from gotero.domain.validation import address
from gotero.ports import Due, DueIndex, Json
from gotero.services.suppress import MIRROR, Protector, release, suppress

#: A body of one megabyte holds no more, whatever its lines look like.
_MAX_TEXT = 1_000_000
_MAX_NOTE = 500
#: Addresses of one step that tells the provider, at one a second.
_STEP = 20
#: Longer than a call may last.
_WRITTEN = timedelta(seconds=60)


def add_by_hand(protector: Protector, body: Any, user: User) -> Suppression:
    """The address on the list; as it stands there when it is on it already."""
    reader = Reader(body)
    key = _address(reader)
    note = reader.text("note", limit=_MAX_NOTE)
    reader.done()
    new = Suppression(key, "manual", instant.write(protector.clock.now()), by=user.id, note=note)
    suppress(protector, new, mirror=True)
    return protector.suppressions.get_many([key]).get(key, new)


def import_list(protector: Protector, due: DueIndex, body: Any, user: User) -> Json:
    """Every address of a pasted list or CSV text; what could not be read is told by its line."""
    reader = Reader(body)
    text = reader.text("text", required=True, limit=_MAX_TEXT)
    note = reader.text("note", limit=_MAX_NOTE)
    listed = read_list(text)
    if len(listed.addresses) > MAX_IMPORT:
        reader.wrong("text", "too_many", limit=str(MAX_IMPORT))
    reader.done()
    if not listed.addresses:
        raise InvalidError(FieldError("text", "email"))
    at = instant.write(protector.clock.now())
    new = [Suppression(key, "import", at, by=user.id, note=note) for key in listed.addresses]
    # Before the list: a hint to nothing is harmless, an address that the provider never hears of is not.
    # Not before the list stands, however long this call takes: what they then find here is what is written there.
    due.put_many(mirror_steps(listed.addresses, protector.clock.now() + _WRITTEN))
    added = protector.suppressions.add_many(new)
    return {"added": added, "known": len(new) - added, "invalid": list(listed.invalid[:100])}


def take_off(protector: Protector, body: Any, user: User) -> None:
    """The address gets mails again. A complaint is taken back by an administrator alone."""
    reader = Reader(body)
    key = _address(reader)
    note = reader.text("note", required=True, limit=_MAX_NOTE)
    reader.done()
    stored = protector.suppressions.get_many([key]).get(key)
    if stored is None:
        raise NotFoundError("suppression")
    if stored.reason == "complaint" and not user.may_administer():
        raise NotAllowedError("role")
    release(protector, key, instant.write(protector.clock.now()), Cause("user", user.id), note)


def _address(reader: Reader) -> str:
    text = reader.text("address", required=True)
    key = address.key(text)
    if text and key is None:
        reader.wrong("address", "email")
    return key or ""


def mirror_steps(addresses: Sequence[str], first: datetime) -> list[Due]:
    """When the provider is told of them: its list takes about one address a second."""
    steps = {start: list(addresses[start : start + _STEP]) for start in range(0, len(addresses), _STEP)}
    return [
        Due(first + timedelta(seconds=start), f"{MIRROR}#{derived_id(*step)}", {"addresses": step})
        for start, step in steps.items()
    ]

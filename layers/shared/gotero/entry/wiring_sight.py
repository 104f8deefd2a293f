"""The ports as one user sees them; whoever sees everything has them as they are."""

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from gotero.domain.errors import NotAllowedError, NotFoundError
from gotero.entry import wiring
from gotero.services.find_sight import FindSight
from gotero.services.sighted import SightedLake, SightedMessages, SightedRecords

if TYPE_CHECKING:
    from gotero.domain.record import Ref
    from gotero.domain.user import User
    from gotero.domain.visibility import Sight
    from gotero.ports import Lists, MessageReader, Records
    from gotero.services.read_record import Reading
    from gotero.services.save_record import RecordWriter


@lru_cache
def _find_sight() -> FindSight:
    return FindSight(wiring.definitions(), wiring.clock)


def sight(user: "User") -> "Sight":
    return _find_sight()(user)


def records(user: "User") -> "Records":
    seen = sight(user)
    return wiring.records() if seen.everything else cast("Records", SightedRecords(wiring.records(), seen))


def messages(user: "User") -> "MessageReader":
    seen = sight(user)
    return wiring.messages() if seen.everything else SightedMessages(wiring.messages(), wiring.records(), seen)


def lists(user: "User") -> "Lists":
    seen = sight(user)
    return wiring.lake() if seen.everything else SightedLake(wiring.lake(), seen)


def record_writer(user: "User") -> "RecordWriter":
    return replace(wiring.record_writer(), records=records(user))


def reading(user: "User") -> "Reading":
    return replace(wiring.reading(), records=records(user), messages=messages(user))


def sees(user: "User", ref: "Ref") -> bool:
    return ref.module not in sight(user).owners or records(user).get(ref) is not None


def refuse_private(user: "User", module: str) -> None:
    """NotAllowedError in a module of which this user sees a part only: for what can only be done to all of it."""
    if sight(user).condition(module) is not None:
        raise NotAllowedError("private")


def refuse_hidden(user: "User", *refs: "Ref") -> None:
    """NotFoundError for the first of them that this user does not see."""
    asked = [ref for ref in refs if ref.module in sight(user).owners]
    found = records(user).get_many(asked) if asked else {}
    for ref in asked:
        if ref not in found:
            raise NotFoundError(str(ref))

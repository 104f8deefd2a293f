"""The ports as one user sees them; whoever sees everything has them as they are."""

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.domain.errors import NotFoundError
from gotero.entry import wiring
from gotero.services.find_sight import FindSight
from gotero.services.sighted import SightedLake, SightedMessages, seen_records

if TYPE_CHECKING:
    from gotero.domain.record import Ref
    from gotero.domain.user import User
    from gotero.domain.visibility import Sight
    from gotero.ports import Jobs, Lists, MessageReader, Records
    from gotero.services.read_record import Reading
    from gotero.services.save_record import RecordWriter
    from gotero.services.see_audience import SeenBy


@lru_cache
def _find_sight() -> FindSight:
    return FindSight(wiring.definitions())


def sight(user: "User") -> "Sight":
    return _find_sight()(user)


def records(user: "User") -> "Records":
    return seen_records(wiring.records(), sight(user))


def messages(user: "User") -> "MessageReader":
    seen = sight(user)
    return wiring.messages() if seen.everything else SightedMessages(wiring.messages(), wiring.records(), seen)


def lists(user: "User") -> "Lists":
    seen = sight(user)
    return wiring.lake() if seen.everything else SightedLake(wiring.lake(), seen)


def jobs(user: "User") -> "Jobs":
    """All of them, for what still needs a thing; those that this user does not see without their names."""
    from functools import partial
    from typing import cast

    from gotero.entry import wiring_sending
    from gotero.services.see_job import SeenJobs, sees_job

    seen = sight(user)
    if seen.everything:
        return wiring_sending.jobs()
    return cast("Jobs", SeenJobs(wiring_sending.jobs(), partial(sees_job, records(user), seen, user.id)))


def record_writer(user: "User") -> "RecordWriter":
    return replace(wiring.record_writer(), records=records(user))


def reading(user: "User") -> "Reading":
    return replace(wiring.reading(), records=records(user), messages=messages(user))


def audience(user: "User") -> "SeenBy":
    """Whom a send by this user reaches, of those he asks for."""
    from functools import partial

    from gotero.services.see_audience import seen_audience

    return partial(seen_audience, sight(user), wiring.records())


def sees(user: "User", ref: "Ref") -> bool:
    return ref.module not in sight(user).owners or records(user).get(ref) is not None


def refuse_hidden(user: "User", *refs: "Ref") -> None:
    """NotFoundError for the first of them that this user does not see."""
    asked = [ref for ref in refs if ref.module in sight(user).owners]
    found = records(user).get_many(asked) if asked else {}
    for ref in asked:
        if ref not in found:
            raise NotFoundError(str(ref))

"""Who puts addresses on the list, and whose they are."""

from typing import Any

from gotero.domain.record import Ref
from gotero.domain.user import User
from tests.unit.services.post_office import PostOffice

LUCIA = User("lucia", "Lucía", "lucia@huertaturia.example", "marketer")
ANA = "ana@example.com"


def suppressed(office: PostOffice, address: str = ANA) -> str | None:
    found = office.suppressions.get_many([address]).get(address)
    return found.reason if found else None


def mails_of(office: PostOffice, ref: Ref, count: int) -> list[Any]:
    planned = [office.plan(ref, f"w{n}") for n in range(count)]
    office.work()
    return [office.now_is(message) for message in planned]


def at(minute: int) -> str:
    return f"2026-11-21T10:{minute:02}:00.000Z"

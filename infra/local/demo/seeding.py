"""Makes the demo company with the product's own services: `python -m infra.local.demo.seeding <order as JSON>`.

A process of its own, because the product reads its settings from the environment, and once. Every id is derived from
the name of the thing, so that a second run finds everything there and changes nothing.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from gotero.domain.company import ID as COMPANY
from gotero.domain.record import Cause, Ref
from gotero.entry import wiring
from gotero.ports import Definition
from gotero.services.change_members import add_members
from gotero.services.create_user import create_user
from gotero.services.save_record import RecordWriter, create_record
from gotero.services.save_segment import create_segment
from gotero.services.save_settings import NUMBERS, save_settings
from gotero.services.write_definition import DefinitionWriter, create_definition
from infra.local.demo import company
from infra.local.demo.company import MIXED, demo_id
from infra.local.demo.people import Customer, customers

T = TypeVar("T")
CAUSE = Cause("import", "demo")
THREADS = 8
TEST_LIST_MEMBERS = 5


class MovedClock:
    """The stack's clock, for services that run outside its workers."""

    def __init__(self, offset: float) -> None:
        self._offset = timedelta(seconds=offset)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset


def ref_of(customer: Customer) -> Ref:
    return Ref(customer.module, demo_id(customer.module, customer.key))


class Seeder:
    def __init__(self, clock: MovedClock, first_campaign: int) -> None:
        self._clock = clock
        self._first_campaign = first_campaign
        self._writer: RecordWriter = replace(wiring.record_writer(), clock=clock)
        self._definitions: DefinitionWriter = replace(wiring.definition_writer(), clock=clock)

    def people(self) -> None:
        """Settings, users, lists, and everybody who buys from them."""
        begun = time.monotonic()
        self._settings()
        users = self._users()
        segments = self._segments(users[company.LUCIA])
        made = list(customers())
        with ThreadPoolExecutor(THREADS) as pool:
            # Accounts first, contacts point to them; then whatever order the threads take.
            for module in ("accounts", "contacts", "leads"):
                of_module = [customer for customer in made if customer.module == module]
                _each(pool, lambda customer: self._customer(customer, users), of_module, f"{module}", begun)
            _each(pool, lambda pair: self._member(*pair), list(_memberships(segments, made)), "memberships", begun)

    def _settings(self) -> None:
        save_settings(self._definitions, wiring.numbers(), COMPANY, company.SETTINGS, cause=CAUSE)
        numbers = {"campaigns": self._first_campaign}
        save_settings(self._definitions, wiring.numbers(), NUMBERS, numbers, cause=CAUSE)

    def _users(self) -> dict[str, str]:
        """Name -> id."""
        group = demo_id("group", company.GROUP)
        create_definition(
            self._definitions, "groups", {"name": company.GROUP}, cause=CAUSE, id=group, names={"name": company.GROUP}
        )
        users = {}
        for user in company.USERS:
            data = {**user, "groups": [group for _ in user.get("groups", ())]}
            users[user["name"]] = create_user(self._definitions, wiring.logins(), data, cause=CAUSE).id
        return users

    def _segments(self, owner: str) -> dict[str, Definition]:
        there = {d.data["name"]: d for d in self._definitions.definitions.all("segments")}
        for data in company.SEGMENTS:  # in order: their numbers are the source documents'
            if data["name"] not in there:
                there[data["name"]] = create_segment(
                    self._definitions, wiring.numbers(), data, owner=owner, cause=CAUSE
                )
        return there

    def _customer(self, customer: Customer, users: dict[str, str]) -> None:
        values = dict(customer.values)
        if customer.account:
            values["account"] = demo_id("accounts", customer.account)
        create_record(
            self._writer,
            customer.module,
            values,
            cause=CAUSE,
            owner=users[customer.owner],
            id=ref_of(customer).id,
            keep_broken=frozenset({"email"} if customer.broken else ()),
        )

    def sales(self) -> None:
        """The products, and the campaign of the story."""
        users = self._users()
        for product in company.PRODUCTS:
            id = demo_id("products", product["code"])
            create_record(self._writer, "products", product, cause=CAUSE, owner=users[company.LUCIA], id=id)
        campaign = {**company.CAMPAIGN, "product": demo_id("products", company.PRODUCTS[0]["code"])}
        id = demo_id("campaigns", company.CAMPAIGN["name"])
        create_record(self._writer, "campaigns", campaign, cause=CAUSE, owner=users[company.LUCIA], id=id)

    def _member(self, segment: Definition, customer: Customer) -> None:
        add_members(
            segment,
            [ref_of(customer)],
            source=("import", "demo"),
            cause=CAUSE,
            memberships=wiring.memberships(),
            records=wiring.records(),
            clock=self._clock,
        )


def _memberships(segments: dict[str, Definition], made: list[Customer]) -> Iterable[tuple[Definition, Customer]]:
    for module, count in MIXED.items():
        members = [customer for customer in made if customer.module == module][:count]
        yield from ((segments[company.MIXED_LIST], customer) for customer in members)
    contacts = [customer for customer in made if customer.module == "contacts"]
    yield from ((segments[company.TWITTER_LIST], customer) for customer in contacts[:2])
    yield from ((segments[company.TEST_LIST], customer) for customer in contacts[:TEST_LIST_MEMBERS])


def _each(pool: ThreadPoolExecutor, make: Callable[[T], None], things: list[T], what: str, begun: float) -> None:
    for _ in pool.map(make, things):
        pass
    print(f"    {len(things):4} {what} ({time.monotonic() - begun:.0f} s)", flush=True)


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    seeder = Seeder(MovedClock(order["offset"]), order["first_campaign"])
    for part in order["parts"]:
        {"people": seeder.people, "sales": seeder.sales}[part]()

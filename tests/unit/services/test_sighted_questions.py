"""What stands in a record that somebody does not see changes no answer that he gets about records he sees."""

from typing import Any

import pytest

from gotero.domain.record import Ref
from gotero.domain.user import User
from gotero.domain.visibility import parse
from gotero.services.save_record import create_record, update_record
from gotero.services.sighted import SightedLake
from tests.unit.services.mass_office import MassOffice
from tests.unit.services.office import BY_MARC

LUCIA = User("lucia", "Lucía Ferrer", "lucia@huertaturia.example", "marketer")
PRIVATE = parse({"private": ["accounts", "invoices"]})

OF_THE_ACCOUNT = {"field": "account.industry", "op": "is", "value": "Banking"}
OF_INVOICES = {"related": "invoices.contact", "where": {"field": "status", "op": "is", "value": "Paid"}}
QUESTIONS: list[dict[str, Any]] = [
    OF_THE_ACCOUNT,
    {"not": OF_THE_ACCOUNT},
    {"field": "account.industry", "op": "is_empty"},
    {"any": [{"field": "lastname", "op": "is", "value": "nobody"}, {"not": {"all": [OF_THE_ACCOUNT]}}]},
    OF_INVOICES,
    {"not": OF_INVOICES},
    {**OF_INVOICES, "match": "all"},
    {**OF_INVOICES, "match": "none"},
    {"related": "invoices.contact", "times": {"at_least": 1}},
]


class House:
    """A contact that everybody sees, of an account and with an invoice that belong to `owner`."""

    def __init__(self, owner: str) -> None:
        self.office = MassOffice()
        self.office.define("users", {"name": "Lucía", "email": LUCIA.email, "role": "marketer"}, "lucia")
        self.account = self._made("accounts", {"accountname": "Caixa"}, owner)
        self.contact = self._made("contacts", {"lastname": "Núñez", "account": self.account.id}, "marc")
        self.invoice = self._made("invoices", {"subject": "Cestas", "contact": self.contact.id}, owner)

    def _made(self, module: str, values: dict[str, Any], owner: str) -> Ref:
        return create_record(self.office.writer, module, values, cause=BY_MARC, owner=owner).ref

    def change(self, industry: str, status: str) -> None:
        for ref, values in ((self.account, {"industry": industry}), (self.invoice, {"status": status})):
            update_record(self.office.writer, ref, values, cause=BY_MARC)
        self.office.project()

    def answers(self) -> list[int]:
        lake = SightedLake(self.office.lake, PRIVATE.of(LUCIA))
        return [lake.count("contacts", question).count for question in QUESTIONS]


@pytest.mark.parametrize(("owner", "told"), [("marc", False), ("lucia", True)])
def test_a_question_tells_of_records_that_are_seen_alone(owner: str, told: bool) -> None:
    house = House(owner)
    house.change("Banking", "Paid")
    before = house.answers()
    house.change("Education", "Created")
    after = house.answers()
    assert (before != after) is told
    if not told:
        assert before == [0, 1, 0, 1, 0, 1, 1, 1, 0]  # as if there were neither account nor invoice, or none that fits

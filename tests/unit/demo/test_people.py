"""The customers of the demo company are what DEMO.md says, the same every time, and valid for the product."""

from collections import Counter

from gotero.adapters.phones import PhoneLibrary
from gotero.domain import modules, validation
from gotero.domain.errors import FieldError
from infra.local.demo.company import MIXED
from infra.local.demo.people import Customer, customers

PEOPLE = customers()
CONTACTS = [customer for customer in PEOPLE if customer.module == "contacts"]


def test_they_are_so_many_and_the_same_every_time() -> None:
    assert Counter(customer.module for customer in PEOPLE) == {"contacts": 500, "accounts": 40, "leads": 100}
    assert customers() == PEOPLE
    assert sum(MIXED.values()) == 500


def test_the_product_takes_every_one_of_them() -> None:
    def errors(customer: Customer) -> list[FieldError]:
        module, phones = modules.module(customer.module), PhoneLibrary()
        broken = frozenset({"email"} if customer.broken else ())
        return validation.check(
            module, customer.values, partial=False, phone=lambda text: phones.e164(text, "ES"), keep_broken=broken
        )[1]

    assert [(customer.key, errors(customer)) for customer in PEOPLE if errors(customer)] == []


def test_no_two_contacts_and_no_two_leads_share_an_address() -> None:
    for module in ("contacts", "leads"):
        addresses = [c.values["email"] for c in PEOPLE if c.module == module and not c.broken and "email" in c.values]
        assert len(set(addresses)) == len(addresses)


def test_three_addresses_belong_to_two_records() -> None:
    addresses = Counter(c.values["email"] for c in PEOPLE if "email" in c.values and not c.broken)
    assert sorted(count for count in addresses.values() if count > 1) == [2, 2, 2]


def test_the_shares_are_those_of_the_description() -> None:
    assert sum("email" not in contact.values for contact in CONTACTS) == 40
    assert sum(contact.broken for contact in CONTACTS) == 10
    assert sum(contact.values.get("do_not_email", False) for contact in CONTACTS) == 12
    assert sum(str(contact.values.get("birthday", "")).endswith("02-29") for contact in CONTACTS) == 3
    assert 0.55 < sum(contact.values["country"] == "España" for contact in CONTACTS) / 500 < 0.65
    assert {contact.values["language"] for contact in CONTACTS} == {"es", "pt", "fr", "de", "el", "ja", "ar"}
    assert len({contact.account for contact in CONTACTS} - {None}) == 40 - 9


def test_every_address_is_of_a_reserved_domain() -> None:
    addresses = [c.values["email"] for c in PEOPLE if "email" in c.values and not c.broken]
    assert {address.rpartition(".")[2] for address in addresses} == {"example"}

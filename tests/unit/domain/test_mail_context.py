"""What merge tags can read of whom."""

from typing import Any

import pytest

from gotero.domain.mail_context import EXAMPLE, mail_context, merge_name, needs_account, unknown_fields
from gotero.domain.mail_links import message_links, preview_links, viewed_links
from gotero.domain.modules import MODULES
from gotero.domain.record import Record

AT = "2026-11-21T09:00:00.000Z"


def record(module: str, **values: Any) -> Record:
    return Record(module, "x", f"{module}-1", "marc", values, AT, "lucia", AT)


def test_recipient_can_be_named_by_module_alone_or_not_at_all() -> None:
    context = mail_context(record("contacts", firstname="Lía"))

    assert context["contact"]["firstname"] == context["recipient"]["firstname"] == context["firstname"] == "Lía"
    assert context["contact"]["number"] == "contacts-1"


def test_lead_is_greeted_by_a_template_for_contacts() -> None:
    context = mail_context(record("leads", firstname="Iker", company="Goñi"))

    assert context["contact"] == context["lead"]
    assert context["company"] == {"name": "", "address": "", "website": "", "phone": "", "email": ""}


def test_account_owner_company_and_subject() -> None:
    context = mail_context(
        record("contacts", account="a1"),
        account=record("accounts", accountname="Roig"),
        owner={"name": "Marc", "email": "m@example.com", "role": "admin"},
        company={"name": "Huerta", "address": "Calle 1", "sender": "hola@example.com"},
        about=[record("invoices", balance="1.00"), record("opportunities", amount="2.00")],
    )

    assert context["account"]["accountname"] == context["contact"]["account"]["accountname"] == "Roig"
    assert context["owner"] == {"name": "Marc", "email": "m@example.com"}
    assert (context["company"]["name"], context["company"]["address"]) == ("Huerta", "Calle 1")
    assert "sender" not in context["company"]
    assert (context["invoice"]["balance"], context["invoice"]["number"]) == ("1.00", "invoices-1")
    assert context["opportunity"]["amount"] == "2.00"


def test_every_module_has_a_word_of_its_own() -> None:
    assert len({merge_name(module) for module in MODULES}) == len(MODULES)
    assert not {merge_name(module) for module in MODULES} & {"owner", "company", "recipient"}


@pytest.mark.parametrize(
    ("fields", "needed"),
    [
        (["account.city"], True),
        (["contact.account.city"], True),
        (["contact.account", "firstname"], False),
        ([], False),
    ],
)
def test_account_is_read_only_when_it_is_named(fields: list[str], needed: bool) -> None:
    assert needs_account(fields) is needed


def test_slips_are_found() -> None:
    right = ["firstname", "contact.firstname", "lead.company", "account.accountname", "contact.account.city"]
    right += [
        "owner.name",
        "company.address",
        "unsubscribe_url",
        "view_url",
        "invoice.number",
        "number",
        "recipient.email",
    ]
    wrong = [
        "fistname",
        "contact.fistname",
        "contat.firstname",
        "owner.salary",
        "company.vat",
        "invoice.foo",
        "view_url.x",
    ]

    assert unknown_fields([*right, *wrong]) == sorted(wrong)


def test_example_holds_what_it_should() -> None:
    paths = [f"{name}.{key}" for name, values in EXAMPLE.items() if isinstance(values, dict) for key in values]

    assert unknown_fields([path for path in paths if path != "contact.account"]) == []


def test_links_of_a_message_are_signed_for_it() -> None:
    links = message_links("https://p.example/", lambda purpose, payload: f"{purpose}{payload['m']}", "m1")

    assert links.unsubscribe == "https://p.example/u/um1"
    assert links.click("https://x.example/") == "https://p.example/c/cm1"
    assert links.headers()[0] == ("List-Unsubscribe", "<https://p.example/u/um1>")
    assert viewed_links(links).open == ""
    assert preview_links("").click("https://x.example/") == "https://x.example/"

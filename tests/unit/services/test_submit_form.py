"""A visitor posts a form."""

from typing import Any

import pytest

from gotero.domain.errors import NotAllowedError, NotFoundError
from gotero.domain.form import HONEYPOT
from gotero.domain.record import Record, Ref
from gotero.services.save_form import create_form, delete_form
from gotero.services.save_record import create_record
from gotero.services.submit_form import FormRefusedError, Intake, Submission, Thanks, submit_form
from tests.unit.services.office import BY_MARC, MARC, Office

SITE = "https://www.huertaturia.example"


class Site:
    """«Pagina de contacto» on a website."""

    def __init__(self, **form: Any) -> None:
        self.office = Office()
        data = {
            "name": "Pagina de contacto",
            "module": "contacts",
            "return_url": f"{SITE}/gracias",
            "allowed_domains": ["*.huertaturia.example"],
            "fields": [
                {"field": "firstname"},
                {"field": "lastname", "required": True},
                {"field": "email"},
                {"field": "leadsource", "imposed": "Twitter"},
            ],
            **form,
        }
        self.form = create_form(self.office.definer, self.office.writer.phones, data, owner=MARC, cause=BY_MARC)
        self.public_id = self.form.data["public_id"]

    def post(self, origin: str | None = SITE, referer: str | None = None, **posted: str) -> Thanks:
        submission = Submission(posted, origin, referer, "https://links.gotero.example", self.office.ids.new())
        return submit_form(Intake(self.office.writer, self.office.counters), self.public_id, submission)

    def stored(self, thanks: Thanks) -> Record:
        assert thanks.record
        found = self.office.records.get(thanks.record.ref)
        assert found
        return found


def test_a_new_visitor_is_a_contact_with_the_imposed_origin_and_the_forms_owner() -> None:
    site = Site()
    thanks = site.post(firstname="Lía", lastname="Núñez", email="lia@example.org")
    contact = site.stored(thanks)
    assert thanks.created
    assert (contact.owner, contact.number) == (MARC, "CON-1")
    assert contact.values == {
        "firstname": "Lía",
        "lastname": "Núñez",
        "email": "lia@example.org",
        "leadsource": "Twitter",
        "original_leadsource": "Twitter",
    }
    assert site.office.changes[0].event.form == site.form.id


def test_a_known_contact_is_completed_not_created() -> None:
    site = Site()
    known = create_record(
        site.office.writer,
        "contacts",
        {"firstname": "Carme", "lastname": "Roig", "email": "carme@example.org", "leadsource": "Trade Show"},
        cause=BY_MARC,
        owner=MARC,
    )
    thanks = site.post(firstname="Otra", lastname="Persona", email="Carme@example.org")
    after = site.stored(thanks)
    assert after.id == known.id
    assert not thanks.created
    assert (after.values["firstname"], after.values["lastname"]) == ("Carme", "Roig")
    assert (after.values["leadsource"], after.values["original_leadsource"]) == ("Twitter", "Trade Show")


def test_posting_again_is_news_even_when_nothing_changes() -> None:
    site = Site()
    site.post(lastname="Núñez", email="lia@example.org")
    site.post(lastname="Núñez", email="lia@example.org")
    assert [c.event.form for c in site.office.changes] == [site.form.id, site.form.id]


def test_values_for_imposed_or_unknown_fields_are_ignored() -> None:
    site = Site()
    posted = {"lastname": "Núñez", "leadsource": "Other", "do_not_email": "true", "owner": "somebody"}
    contact = site.stored(site.post(**posted))
    assert contact.values == {"lastname": "Núñez", "leadsource": "Twitter", "original_leadsource": "Twitter"}
    assert contact.owner == MARC


def test_a_robot_gets_the_ordinary_thanks_and_leaves_a_count() -> None:
    site = Site()
    thanks = site.post(lastname="Bot", **{HONEYPOT: "http://spam.example"})
    assert thanks.record is None
    assert thanks.form.return_url == f"{SITE}/gracias"
    assert site.office.changes == []
    assert sum(site.office.counters.counts.values()) == 1


@pytest.mark.parametrize(
    ("origin", "referer"),
    [
        ("https://evil.example", None),
        ("null", f"{SITE}/contacto"),
        (None, None),
        (None, "https://evil.example/huertaturia.example"),
        ("https://huertaturia.example.evil.example", None),
        ("https://huertaturia.example", None),
    ],
)
def test_a_foreign_page_is_refused_and_nothing_is_written(origin: str | None, referer: str | None) -> None:
    site = Site()
    with pytest.raises(NotAllowedError):
        site.post(origin, referer, lastname="Núñez")
    assert site.office.changes == []


@pytest.mark.parametrize(
    ("origin", "referer"),
    [(SITE, None), (None, f"{SITE}/contacto"), ("https://links.gotero.example", None), (f"{SITE}:8443", None)],
)
def test_an_allowed_page_may_post(origin: str | None, referer: str | None) -> None:
    assert Site().post(origin, referer, lastname="Núñez").created


def test_any_domain_is_an_explicit_choice() -> None:
    site = Site(allowed_domains=[], any_domain=True)
    assert site.post("https://anywhere.example", lastname="Núñez").created


def test_missing_and_broken_fields_are_named_and_nothing_is_written() -> None:
    site = Site()
    with pytest.raises(FormRefusedError) as refused:
        site.post(lastname="  ", email="broken@")
    assert {(e.path, e.rule) for e in refused.value.errors} == {("lastname", "required"), ("email", "email")}
    assert site.office.changes == []


def test_a_name_that_no_form_can_have_is_not_found() -> None:
    site = Site()
    site.public_id = "x" * 5000
    with pytest.raises(NotFoundError):
        site.post(lastname="Núñez")


def test_a_deleted_form_is_not_found() -> None:
    site = Site()
    delete_form(site.office.definitions, site.form)
    with pytest.raises(NotFoundError):
        site.post(lastname="Núñez")


def test_a_contact_is_reached_by_its_ref() -> None:
    site = Site()
    thanks = site.post(lastname="Núñez")
    assert thanks.record
    assert thanks.record.ref == Ref("contacts", thanks.record.id)

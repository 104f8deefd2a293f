"""`/f/{public_id}` as a browser meets it."""

from typing import Any
from urllib.parse import urlencode

import pytest

from functions.public_forms.app import handler
from gotero.entry import wiring
from gotero.services.save_form import create_form
from gotero.services.submit_form import Intake
from tests.functions.public_events import request
from tests.unit.services.office import BY_MARC, MARC, Office

SITE = "https://www.huertaturia.example"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office()
    monkeypatch.setattr(wiring, "definitions", lambda: office.definitions)
    monkeypatch.setattr(wiring, "form_intake", lambda: Intake(office.writer, office.counters))
    monkeypatch.setenv("PUBLIC_URL", "https://links.gotero.example")
    return office


def a_form(office: Office) -> str:
    data = {
        "name": "Página de contacto",
        "module": "contacts",
        "return_url": f"{SITE}/páginas/gracias?a=1&b=%20",
        "allowed_domains": ["*.huertaturia.example"],
        "fields": [{"field": "lastname", "required": True}, {"field": "email"}],
    }
    form = create_form(office.definer, office.writer.phones, data, owner=MARC, cause=BY_MARC)
    public_id: str = form.data["public_id"]
    return public_id


def post(public_id: str, *, accept: str = "text/html", origin: str = SITE, **fields: str) -> dict[str, Any]:
    headers = {"origin": origin, "accept": accept}
    event = request(
        "POST",
        f"/f/{public_id}",
        body=urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )
    return handler({**event, "pathParameters": {"public_id": public_id}}, None)


def test_the_visitor_lands_on_the_return_url_in_ascii(office: Office) -> None:
    answer = post(a_form(office), lastname="Núñez", email="lia@example.org")
    assert answer["statusCode"] == 303
    assert answer["headers"]["location"] == f"{SITE}/p%C3%A1ginas/gracias?a=1&b=%20"
    assert len(office.changes) == 1


def test_what_is_missing_is_said_on_the_page_and_in_json(office: Office) -> None:
    public_id = a_form(office)
    page = post(public_id, email="lia@example.org")
    assert page["statusCode"] == 422
    assert 'value="lia@example.org"' in page["body"]
    problem = post(public_id, accept="application/json")
    assert (problem["statusCode"], problem["headers"]["content-type"]) == (422, "application/problem+json")
    assert '"path":"lastname"' in problem["body"]
    assert office.changes == []


@pytest.mark.parametrize(
    ("public_id", "origin", "status"), [("", "https://evil.example", 403), ("x" * 5000, SITE, 404)]
)
def test_foreign_pages_and_unknown_forms(office: Office, public_id: str, origin: str, status: int) -> None:
    assert post(public_id or a_form(office), origin=origin, lastname="Núñez")["statusCode"] == status
    assert office.changes == []


@pytest.mark.parametrize(("size", "status"), [(400_000, 413), (5, 500)])
def test_programs_get_a_problem_whatever_fails(
    office: Office, monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    public_id = a_form(office)
    if status == 500:
        monkeypatch.setattr(wiring, "form_intake", lambda: 1 / 0)
    problem = post(public_id, accept="application/json", lastname="N" * size)
    assert (problem["statusCode"], problem["headers"]["content-type"]) == (status, "application/problem+json")
    assert "ZeroDivision" not in problem["body"]
    assert post(public_id, lastname="N" * size)["headers"]["content-type"].startswith("text/html")
    assert office.changes == []

"""`/f/{public_id}` as a browser meets it."""

from typing import Any
from urllib.parse import urlencode

import pytest

from functions.forms_api.app import api as forms
from functions.public_forms.app import handler
from gotero.domain.errors import InvalidError
from gotero.entry import wiring
from gotero.services.save_form import create_form
from gotero.services.save_settings import save_settings
from gotero.services.submit_form import Intake
from tests.functions.admin_request import LUCIA, call
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


def a_form(office: Office, **more: str) -> str:
    data = {
        "name": "Página de contacto",
        "module": "contacts",
        "return_url": f"{SITE}/páginas/gracias?a=1&b=%20",
        "allowed_domains": ["*.huertaturia.example"],
        "fields": [{"field": "lastname", "required": True}, {"field": "email"}],
        **more,
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


def test_it_asks_in_the_language_of_the_form_else_of_the_company_and_its_button_says_what_its_author_wrote(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(**more: str) -> tuple[str, str]:
        """The HTML to paste as the console of an English speaker gets it, and our page for an English visitor."""
        public_id = a_form(office, **more)
        form = next(each for each in office.definitions.all("forms") if each.data["public_id"] == public_id)
        pasted = call(forms, "GET", f"/v1/forms/{form.id}/html", headers={"accept-language": "en"}).body
        event = request("GET", f"/f/{public_id}", headers={"accept-language": "en"})
        return pasted, handler({**event, "pathParameters": {"public_id": public_id}}, None)["body"]

    monkeypatch.setattr(forms, "_find_user", lambda _: LUCIA)
    pasted, page = drawn(name="a")
    assert 'lang="es"' in pasted
    assert '<button type="submit">Enviar</button>' in pasted
    assert '<button type="submit">Send</button>' in page
    pasted, page = drawn(name="b", language="es")
    assert all('<button type="submit">Enviar</button>' in html and "Apellidos" in html for html in (pasted, page))
    pasted, page = drawn(name="c", language="en", button="Count <me> in")
    assert all('<button type="submit">Count &lt;me&gt; in</button>' in html for html in (pasted, page))
    company = {"name": "H", "address": "Calle 1", "sender": "a@huerta.example", "language": "en"}
    save_settings(office.definer, office.writer.numbers, "company", company, cause=BY_MARC)
    assert '<button type="submit">Send</button>' in drawn(name="d")[0]
    with pytest.raises(InvalidError) as refused:
        a_form(office, name="e", language="fr", button="x" * 61)
    assert [(each.path, each.rule) for each in refused.value.errors] == [("language", "choice"), ("button", "too_long")]


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

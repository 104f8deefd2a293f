"""Story step 2: a form on somebody's page becomes a contact, a member, an answer; and what it refuses."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.local.demo.company import MARC
from infra.local.demo.desk import Desk
from infra.local.demo.website import Website, fill_in
from infra.local.http import Response, request
from infra.local.stack import wait_until
from tests.e2e.evidence import MARC_FROM, Form, Json, assert_lawful, stored

pytestmark = pytest.mark.e2e


def post(desk: Desk, form: Form, site: Website, typed: dict[str, str], **headers: str) -> Response:
    sent = {"Origin": site.url, "Accept": "text/html", "Accept-Language": "es", **headers}
    sent = {name: value for name, value in sent.items() if value}
    return request("POST", f"{desk.stack.public_url}/f/{form.body['public_id']}", form=typed, headers=sent)


def contact(desk: Desk, email: str) -> Json:
    return wait_until(lambda: desk.find("contacts", email=email), 300, f"the contact {email}")


def visitor(name: str, **more: str) -> dict[str, str]:
    return {"firstname": name, "lastname": "Visita", "email": f"{name.lower()}@visita.example", **more}


def test_the_html_to_paste_has_the_fields_and_nothing_of_the_imposed_one(form: Form) -> None:
    for name in ("firstname", "lastname", "email", "gotero_website"):
        assert f'name="{name}"' in form.html
    assert "leadsource" not in form.html
    assert form.body["public_id"] in form.html
    assert "<script" not in form.html


def test_who_fills_it_in_becomes_a_contact_with_number_owner_and_origin(
    desk: Desk, form: Form, site: Website, twitter: str
) -> None:
    answer = fill_in(site.contact_page, visitor("Lucas"))

    assert (answer.status, answer.headers["location"]) == (303, site.thanks_page)
    lucas = contact(desk, "lucas@visita.example")
    assert lucas["number"].startswith("CON-")
    assert lucas["owner"] == desk.user(MARC)
    assert lucas["values"]["leadsource"] == "Twitter"
    wait_until(lambda: desk.sources(twitter, "contacts", lucas["id"]), 300, "the visitor in the segment")


def test_a_second_workflow_has_answered_from_the_records_owner(desk: Desk, form: Form, site: Website) -> None:
    fill_in(site.contact_page, visitor("Lucas"))
    mail = desk.stack.mailbox.wait_for(to="lucas@visita.example", subject="Hemos recibido tu mensaje, Lucas")

    assert mail["from"] == MARC_FROM
    assert "Marc Soler te llamará" in mail["html"]
    assert_lawful(desk, mail)
    message = desk.wait_for_message(contact(desk, "lucas@visita.example"), status="delivered")
    assert message["number"].startswith("MSG-")
    assert message["values"]["source"] == "wf"


def test_a_known_contact_is_not_made_again_and_keeps_the_first_origin(
    desk: Desk, form: Form, site: Website, twitter: str
) -> None:
    known = contact(desk, "carme@carpinteriaroig.example")
    assert known["values"]["leadsource"] == "Trade Show"
    typed = {"firstname": "CARMEN", "lastname": "ROIG", "email": "Carme@CarpinteriaRoig.example"}

    assert fill_in(site.contact_page, typed).status == 303

    wait_until(lambda: desk.sources(twitter, "contacts", known["id"]), 300, "Carme in the segment")
    carme = desk.record("contacts", known["id"])["values"]
    assert (carme["leadsource"], carme["original_leadsource"]) == ("Twitter", "Trade Show")
    assert (carme["firstname"], carme["lastname"]) == ("Carme", "Roig")
    found = list(desk.records("contacts", {"field": "email", "op": "is", "value": "carme@carpinteriaroig.example"}))
    assert [item["id"] for item in found] == [known["id"]]


def test_what_was_typed_fills_blanks_only(desk: Desk, form: Form, site: Website) -> None:
    blank = desk.typed_in("contacts", {"lastname": "Sin Nombre", "email": "blanca@visita.example"})

    fill_in(site.contact_page, {"firstname": "Blanca", "lastname": "Otro", "email": "blanca@visita.example"})

    after = desk.record("contacts", blank["id"])["values"]
    assert (after["firstname"], after["lastname"]) == ("Blanca", "Sin Nombre")


def test_ten_concurrent_posts_of_one_new_address_make_one_contact(desk: Desk, form: Form, site: Website) -> None:
    before = stored(desk.stack, "RECORDS")
    fill_in(site.contact_page, visitor("Solo"))
    one = stored(desk.stack, "RECORDS") - before

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: post(desk, form, site, visitor("Diez")), range(10)))

    assert {answer.status for answer in answers} == {303}
    # One record with what is kept beside it (its address is unique, and found by it), as for the single post; and every
    # post by itself, since conditions ask for them.
    assert stored(desk.stack, "RECORDS") - before == 2 * one + 9
    contact(desk, "diez@visita.example")
    assert len(list(desk.records("contacts", {"field": "email", "op": "is", "value": "diez@visita.example"}))) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://ajena.example"},
        {"Origin": "null"},
        {"Origin": "", "Referer": ""},
        {"Origin": "", "Referer": "https://ajena.example/contacto"},
        {"Origin": "https://127.0.0.1.ajena.example"},
    ],
)
def test_a_foreign_page_is_refused_and_nothing_is_written(
    desk: Desk, form: Form, site: Website, headers: dict[str, str]
) -> None:
    before = stored(desk.stack, "RECORDS")

    page = post(desk, form, site, visitor("Ajena"), **headers)
    problem = post(desk, form, site, visitor("Ajena"), **headers, Accept="application/json")

    assert (page.status, problem.status) == (403, 403)
    assert problem.headers["content-type"] == "application/problem+json"
    assert stored(desk.stack, "RECORDS") == before


def test_the_referer_counts_where_no_origin_is_sent(desk: Desk, form: Form, site: Website) -> None:
    assert post(desk, form, site, visitor("Referida"), Origin="", Referer=site.contact_page).status == 303


@pytest.mark.parametrize(
    ("typed", "field", "label"),
    [
        ({"firstname": "Ana", "email": "ana@visita.example"}, "lastname", "Apellidos"),
        ({"lastname": "  ", "email": "ana@visita.example"}, "lastname", "Apellidos"),
        ({"lastname": "Visita", "email": "ana@visita"}, "email", "Email"),
        ({"lastname": "Visita", "email": "ana visita"}, "email", "Email"),
    ],
)
def test_what_is_missing_or_broken_comes_back_with_its_field(
    desk: Desk, form: Form, site: Website, typed: dict[str, str], field: str, label: str
) -> None:
    before = stored(desk.stack, "RECORDS")

    page = post(desk, form, site, typed)
    problem = post(desk, form, site, typed, Accept="application/json")

    assert (page.status, problem.status) == (422, 422)
    assert f'aria-describedby="error-{field}"' in page.text
    assert label in page.text
    if typed.get("firstname"):
        assert f'value="{typed["firstname"]}"' in page.text
    assert [error["path"] for error in problem.json()["errors"]] == [field]
    assert stored(desk.stack, "RECORDS") == before


def test_a_value_for_an_imposed_or_an_unknown_field_is_ignored(desk: Desk, form: Form, site: Website) -> None:
    typed = visitor("Lista", leadsource="Employee", city="Roma", owner="me", number="CON-1", do_not_email="true")

    assert post(desk, form, site, typed).status == 303

    values = contact(desk, "lista@visita.example")["values"]
    assert values["leadsource"] == "Twitter"
    assert not {"city", "owner", "number", "do_not_email"} & set(values)


def test_a_filled_honeypot_is_thanked_and_leaves_nothing_but_a_counter(desk: Desk, form: Form, site: Website) -> None:
    records = stored(desk.stack, "RECORDS")
    robot = visitor("Robot", gotero_website="https://spam.example")

    answers = [post(desk, form, site, robot) for _ in range(2)]

    assert [(a.status, a.headers["location"]) for a in answers] == [(303, site.thanks_page)] * 2
    assert stored(desk.stack, "RECORDS") == records
    table = desk.stack.environment["WORK_TABLE"]
    found = desk.stack.aws("dynamodb").scan(TableName=table, ConsistentRead=True)["Items"]
    (counter,) = [item for item in found if f"honeypot#{form.body['id']}" in str(item)]
    assert "robot" not in str(counter).lower()
    assert {"N": "2"} in counter.values()


def test_any_domain_is_an_explicit_choice_with_a_warning(desk: Desk) -> None:
    body = {"name": "De donde sea", "module": "leads", "fields": [{"field": "lastname", "required": True}]}

    refused = desk.stack.call("POST", "/v1/forms", body)
    allowed = desk.stack.api("POST", "/v1/forms", {**body, "any_domain": True}, expect=201)

    assert refused.status == 422
    assert refused.json()["errors"][0]["path"] == "allowed_domains"
    assert [warning["rule"] for warning in allowed["warnings"]] == ["any_domain"]


def test_deleting_the_workflow_ends_the_answers(desk: Desk, form: Form, site: Website, twitter: str) -> None:
    desk.stack.api("DELETE", f"/v1/workflows/{form.answering}", expect=204)

    fill_in(site.contact_page, visitor("Callada"))

    quiet = contact(desk, "callada@visita.example")
    wait_until(lambda: desk.sources(twitter, "contacts", quiet["id"]), 300, "the first workflow, which goes on")
    assert not desk.stack.mailbox.messages(to="callada@visita.example")
    assert not desk.messages_to(quiet)

"""/v1/document-templates as a client meets it, with the function that makes documents behind it as it is deployed."""

import io
import json
from base64 import b64decode
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from pypdf import PdfReader

from functions.make_document.app import handler
from functions.templates_api.app import api
from gotero.adapters.aws.document_maker import LambdaDocuments
from gotero.domain.document_template import read_document_template
from gotero.domain.errors import OversizeError, PermanentError, TransientError
from gotero.entry import wiring, wiring_documents, wiring_sending
from gotero.services.save_record import create_record
from tests.functions.admin_request import call
from tests.unit.services.exchange_world import USER, ExchangeWorld
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import COMPANY

LETTER: dict[str, Any] = {
    "name": "Reclamación de pago",
    "module": "invoices",
    "file": "Factura {{ invoice.number }}",
    "parts": [
        {"kind": "paragraph", "text": "Hola, {{ firstname }}: {{ account.accountname }} debe {{ invoice.balance }}."}
    ],
}


class Lambda:
    """boto3's client, as far as it is asked: the payloads go through the function's own handler."""

    def __init__(self) -> None:
        self.calls = 0
        self.error: Exception | None = None
        self.broken = False

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        self.calls += 1
        assert FunctionName == "make-document"
        if self.error:
            raise self.error
        if self.broken:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorType": "Sandbox.Timedout"}')}
        answer = handler(json.loads(Payload), None)  # type: ignore[arg-type]  # it does not look at the context
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


class World(ExchangeWorld):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.client = Lambda()
        self.maker = LambdaDocuments(self.client, "make-document")
        self.define("settings", COMPANY, "company")

    def letter(self, **changes: Any) -> str:
        answer = call(api, "POST", "/v1/document-templates", {**LETTER, **changes})
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    def record(self, module: str, **values: Any) -> str:
        return create_record(self.writer, module, values, cause=BY_MARC, owner=MARC).id


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(api, "_find_user", lambda sub: USER)
    monkeypatch.setattr(wiring, "clock", world.clock)
    for where, name, made in (
        (wiring, "definitions", world.definitions),
        (wiring, "definition_writer", world.definer),
        (wiring, "records", world.records),
        (wiring_sending, "jobs", world.jobs),
        (wiring_documents, "maker", world.maker),
    ):
        monkeypatch.setattr(where, name, lambda made=made: made)
    return world


def said(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_it_is_written_shown_on_a_record_changed_and_deleted(world: World) -> None:
    id = world.letter()
    one = f"/v1/document-templates/{id}"
    account = world.record("accounts", accountname="Carpintería Roig")
    contact = world.record("contacts", firstname="Lía", lastname="Núñez", account=account)
    invoice = world.record("invoices", subject="Cesta", contact=contact, balance="242.00")
    shown = call(api, "GET", f"{one}/preview", query={"record": f"invoices/{invoice}"})
    assert (shown.status, shown.headers["Content-Type"]) == (200, "application/pdf")
    assert shown.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Factura%20")
    assert said(shown.body).endswith("Hola, Lía: Carpintería Roig debe 242.00.")
    assert call(api, "GET", f"{one}/preview").status == 200
    changed = call(api, "PATCH", one, {"parts": [{"kind": "title", "text": "Otra"}]}, headers={"if-match": '"1"'})
    assert (changed.status, changed.body["version"], changed.body["fields"]) == (200, 2, ["invoice.number"])
    assert call(api, "PATCH", one, {"name": "x"}, headers={"if-match": '"1"'}).status == 409
    assert [d["name"] for d in call(api, "GET", "/v1/document-templates").body["items"]] == ["Reclamación de pago"]
    action = {"name": "Carta", "kind": "mail", "class": "marketing"}
    world.define("actions", {**action, "params": {"template_id": "t", "document_templates": [id]}}, "a1")
    answer = call(api, "DELETE", one)
    assert (answer.status, [error["path"] for error in answer.body["errors"]]) == (409, ["actions.a1"])
    world.definitions.delete("actions", "a1")
    assert (call(api, "DELETE", one).status, call(api, "GET", one).status) == (204, 404)


def test_what_is_wrong_is_told_by_its_path(world: World) -> None:
    for changes, path, rule in (
        ({"parts": [{"kind": "paragraph", "text": "{{ f() }}"}]}, "parts[0].text", "template"),
        ({"file": "{% include 'x' %}"}, "file", "template"),
        ({"module": "nobody"}, "module", "choice"),
        ({"parts": []}, "parts", "required"),
        ({"pages": 3}, "pages", "unknown_key"),
    ):
        answer = call(api, "POST", "/v1/document-templates", {**LETTER, **changes})
        error = answer.body["errors"][0]
        assert (answer.status, error["path"], error["rule"]) == (422, path, rule)
    assert world.definitions.all("document_templates") == []
    parts = [{"kind": "paragraph", "text": "{{ contact.frstname }}"}]
    warned = call(api, "POST", "/v1/document-templates", {**LETTER, "parts": parts}).body["warnings"]
    assert [(w["path"], w["rule"]) for w in warned] == [("parts", "merge_field")]


def test_a_preview_says_why_there_is_none(world: World) -> None:
    one = f"/v1/document-templates/{world.letter()}/preview"
    opportunity = world.record("opportunities", name="Feria")
    contact = world.record("contacts", firstname="Ирина", lastname="Núñez")
    unwritable = world.record("invoices", subject="Cesta", contact=contact)
    for record, rule in (
        ("invoices/nobody", "not_found"),
        ("secrets/x", "not_found"),
        ("invoices", "id"),
        (f"opportunities/{opportunity}", "choice"),
        (f"contacts/{contact}", "choice"),
        (f"invoices/{unwritable}", "document"),
    ):
        answer = call(api, "GET", one, query={"record": record})
        error = answer.body["errors"][0]
        assert (answer.status, error["path"], error["rule"]) == (422, "record", rule)
    world.client.broken = True
    assert call(api, "GET", one).body["errors"][0]["rule"] == "document"
    assert call(api, "POST", "/v1/document-templates", LETTER).body["errors"][0]["rule"] == "template"


def test_what_the_function_answers_and_what_it_does_not(world: World) -> None:
    letter = read_document_template(LETTER, "es")
    made = world.maker.make(letter, {"firstname": "Lía"}, "2026-11-21")
    again = handler({"template": letter.to_json(), "values": {"firstname": "Lía"}, "day": "2026-11-21"}, None)  # type: ignore[arg-type]
    assert (again["type"], b64decode(again["content"])) == ("application/pdf", made.content)
    with pytest.raises(OversizeError):
        world.maker.make(letter, {"firstname": "x" * 200_000}, "2026-11-21")
    with pytest.raises(PermanentError):
        world.maker.make(letter, {"firstname": "Ирина"}, "2026-11-21")
    throttled = ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")
    for error in (throttled, ReadTimeoutError(endpoint_url="https://lambda.example")):
        world.client.error = error
        with pytest.raises(TransientError):
            world.maker.make(letter, {}, "2026-11-21")

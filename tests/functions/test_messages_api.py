"""`POST /v1/messages`: one mail, asked for by a program, once."""

from base64 import b64encode
from typing import Any

import pytest

from functions.jobs_api.app import api
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.message import MessageKey, State
from gotero.domain.message_event import EventKind
from gotero.entry import wiring, wiring_mail
from gotero.services.send_transactional import MailCounter
from gotero.services.view_message import Viewer
from tests.functions.admin_request import LUCIA, Answer, call
from tests.unit.services.post_office import PostOffice

RENDERER = TemplateRenderer()
CONTENT = {"subject": "Pedido {{ data.order.number }}", "html": "<p>Hola {{ firstname }}: {{ data.order.total }}</p>"}
PDF = b"%PDF-1.4 factura"
FILE = {"name": "Factura 117.pdf", "type": "application/pdf", "content": b64encode(PDF).decode()}


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    office = PostOffice()
    counter = MailCounter(office.planner, office.letters, RENDERER, office.ids)
    monkeypatch.setattr(api, "_find_user", lambda sub: LUCIA)
    monkeypatch.setattr(wiring, "ids", office.ids)
    monkeypatch.setattr(wiring_mail, "mail_counter", lambda: counter)
    viewer = Viewer(office.signer, office.messages, office.records, office.definitions, office.letters, RENDERER)
    monkeypatch.setattr(wiring_mail, "viewer", lambda: viewer)
    monkeypatch.setattr(wiring, "messages", lambda: office.messages)
    monkeypatch.setattr(wiring, "records", lambda: office.records)
    return office


def post(body: Any, key: str | None = "k1") -> Answer:
    return call(api, "POST", "/v1/messages", body, headers={"idempotency-key": key} if key else {})


def test_content_of_its_own_goes_out_with_its_values_its_file_and_its_reply_address(office: PostOffice) -> None:
    ana = office.contact()
    order = {"order": {"number": 17, "total": "24,20 €"}}
    body = {
        "to": ana.to_json(),
        "content": CONTENT,
        "data": order,
        "reply_to": "pedidos@x.example",
        "attachments": [FILE],
    }
    answer = post(body)

    assert (answer.status, answer.body["state"], answer.body["number"]) == (202, "planned", "MSG-000001")
    assert answer.body["values"]["class"] == "transactional"
    office.work()
    [mail] = office.mail.box
    assert mail.message_id == answer.body["id"]
    assert (mail.to, mail.content.subject, mail.sender.reply_to) == (
        "ana@example.com",
        "Pedido 17",
        "pedidos@x.example",
    )
    assert "<p>Hola Ana: 24,20 €</p>" in mail.content.html
    assert [(file.name, file.type, file.content) for file in mail.attachments] == [(FILE["name"], FILE["type"], PDF)]
    stored = office.messages.get(MessageKey.parse(answer.body["id"]))
    assert stored is not None and stored.state is State.ACCEPTED
    went = call(api, "GET", f"/v1/messages/{answer.body['id']}/documents")
    row = {"kind": "files", "id": None, "from": "request", "name": FILE["name"], "file": FILE["name"]}
    assert (went.status, went.body["items"]) == (200, [{**row, "size": len(PDF)}])
    other = answer.body["id"].replace("contacts-", "contacts-x")
    for unknown in (other, "nobody", "a-b-c"):
        assert call(api, "GET", f"/v1/messages/{unknown}/documents").status == 404


def test_template_and_address_reach_the_person_who_has_it(office: PostOffice) -> None:
    office.contact("otra@example.com")
    ana = office.contact("Ana@Example.com")
    answer = post({"to": "ana@example.com", "template_id": office.template})

    assert answer.status == 202
    assert answer.body["values"]["contact"] == ana.id
    assert answer.body["values"]["class"] == "marketing"
    office.work()
    assert [mail.content.subject for mail in office.mail.box] == ["Hola Ana"]


def test_same_key_same_answer_and_one_mail_and_another_body_is_refused(office: PostOffice) -> None:
    body = {"to": office.contact().to_json(), "content": CONTENT}
    first = post(body)
    office.work()
    again = post(body)
    office.work()

    assert (again.status, again.body["id"], again.body["number"]) == (202, first.body["id"], first.body["number"])
    assert again.body["state"] == "accepted"
    assert post({**body, "data": {"x": 1}}).status == 409
    other = office.contact("otra@example.com")
    assert post({**body, "to": other.to_json()}).status == 409
    assert len(office.mail.box) == 1
    # Without a key each request is a mail of its own.
    assert post(body, key=None).body["id"] != post(body, key=None).body["id"]


def test_the_ledger_says_no_for_the_reasons_of_every_mail(office: PostOffice) -> None:
    left, by_hand = office.contact(), office.contact("otra@example.com")
    office.tell(office.plan(left), EventKind.UNSUBSCRIBED)
    office.change(by_hand, do_not_email=True)

    assert post({"to": left.to_json(), "content": CONTENT}, "a").body["state"] == "planned"
    marketing = post({"to": left.to_json(), "content": CONTENT, "class": "marketing"}, "b").body
    assert (marketing["state"], marketing["reason"]) == ("skipped", "unsubscribed")
    stopped = post({"to": by_hand.to_json(), "content": CONTENT}, "c").body
    assert (stopped["state"], stopped["reason"]) == ("skipped", "do_not_email")


BIG = {**FILE, "content": b64encode(b"x" * 700_001).decode()}


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"to": None}, [("to", "required")]),
        ({"to": "not an address"}, [("to", "email")]),
        ({"to": "stranger@example.com"}, [("to", "not_found")]),
        ({"to": {"module": "contacts", "id": "gone"}}, [("to", "not_found")]),
        ({"to": {"module": "invoices", "id": "x"}}, [("to.module", "choice")]),
        ({"content": None}, [("template_id", "one_of")]),
        ({"template_id": "t"}, [("template_id", "one_of")]),
        ({"content": None, "template_id": "gone"}, [("template_id", "not_found")]),
        ({"content": {"subject": "s", "html": "{{ 'a' * 9 }}"}}, [("content.html", "template")]),
        ({"content": {"html": "x"}}, [("content.subject", "required")]),
        ({"content": {**CONTENT, "name": "n"}}, [("content.name", "unknown_key")]),
        ({"content": "x"}, [("content", "object")]),
        ({"class": "spam"}, [("class", "choice")]),
        ({"sender": "boss"}, [("sender", "choice")]),
        ({"sender": "user:nobody"}, [("sender", "user")]),
        ({"reply_to": "a@b\r\nBcc: c@d.example"}, [("reply_to", "control_characters"), ("reply_to", "email")]),
        ({"about": {"module": "invoices", "id": "gone"}}, [("about", "not_found")]),
        ({"data": []}, [("data", "object")]),
        ({"data": {"a": [[[[[[1]]]]]]}}, [("data", "too_deep")]),
        ({"attachments": [{**FILE, "content": "%%%"}]}, [("attachments[0].content", "base64")]),
        ({"attachments": [{**FILE, "name": "../x.pdf"}]}, [("attachments[0].name", "control_characters")]),
        ({"attachments": [{**FILE, "name": "x.exe"}]}, [("attachments[0].name", "file_kind")]),
        ({"attachments": [{**FILE, "type": "multipart/mixed"}]}, [("attachments[0].type", "file_kind")]),
        ({"attachments": [BIG]}, [("attachments", "files_too_large")]),
        ({"content": {**CONTENT, "documents": ["d"]}}, [("content.documents", "unknown_key")]),
        ({"attachments": [FILE] * 11}, [("attachments", "limit")]),
        ({"foo": 1}, [("foo", "unknown_key")]),
    ],
)
def test_bad_input_names_the_path_and_nothing_is_written(
    office: PostOffice, change: dict[str, Any], broken: list[tuple[str, str]]
) -> None:
    body = {"to": office.contact().to_json(), "content": CONTENT, **change}
    answer = post(body)

    assert (answer.status, answer.broken()) == (422, broken)
    assert office.messages.stored == {}
    assert post({"to": "ana@example.com", "content": CONTENT}).status == 202


def test_no_payload_is_a_server_error(office: PostOffice) -> None:
    for body in ("", "[]", "{", "1", '{"to": {"module": ["x"], "id": {}}}', "[" * 100_000):
        assert 400 <= call(api, "POST", "/v1/messages", body).status < 500
    assert post({"to": "a@example.com", "content": CONTENT}, key="k" * 256).broken() == [
        ("Idempotency-Key", "too_long")
    ]

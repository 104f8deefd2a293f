"""/v1/templates, as a client meets it."""

from dataclasses import replace
from typing import Any

import pytest

from functions.templates_api.app import api
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.lake import MemoryLake
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords
from gotero.adapters.memory.suppressions import MemorySuppressions
from gotero.adapters.memory.world import SeededIds, SetClock
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.record import Cause, Record, RecordEvent
from gotero.entry import wiring, wiring_sending
from gotero.ports import Definition, IndexKeys
from gotero.services.message_numbers import MessageNumbers
from gotero.services.plan_message import MailPlanner
from gotero.services.write_definition import DefinitionWriter
from tests.functions.admin_request import LUCIA, Answer, call

AT = "2026-11-21T09:00:00.000Z"
HOLA = {"name": "Hola", "subject": "Hola {{ firstname|default('tú') }}", "html": "<p>{{ account.accountname }}</p>"}


def definition(kind: str, id: str, **data: Any) -> Definition:
    return Definition(kind, id, {**data, "created_by": "lucia"}, 1, AT, AT)


class World:
    def __init__(self) -> None:
        self.clock = SetClock()
        self.ids = SeededIds(self.clock)
        self.definitions = MemoryDefinitions(
            definition("settings", "company", name="Huerta Turia", address="Calle 1, Valencia", language="es"),
            definition("users", "marc", name="Marc Soler", email="marc@huertaturia.example", role="marketer"),
        )
        self.records = MemoryRecords()
        self.queue = MemoryQueue()
        self.messages = MemoryMessages()

    def record(self, module: str, id: str, **values: Any) -> None:
        cause = Cause("user", "lucia")
        record = Record(module, id, f"N-{id}", "marc", values, AT, "lucia", AT)
        self.records.create(record, RecordEvent(f"e-{id}", "create", cause, AT), IndexKeys())

    def planner(self) -> MailPlanner:
        numbers = MessageNumbers(MemoryNumbers())
        suppressions, due = MemorySuppressions(), MemoryDueIndex()
        return MailPlanner(
            self.records, self.definitions, self.messages, suppressions, numbers, self.queue, due, self.clock
        )


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(api, "_find_user", lambda sub: LUCIA)
    monkeypatch.setattr(wiring, "ids", world.ids)
    monkeypatch.setattr(wiring, "definitions", lambda: world.definitions)
    monkeypatch.setattr(wiring, "records", lambda: world.records)
    monkeypatch.setattr(
        wiring, "definition_writer", lambda: DefinitionWriter(world.definitions, world.clock, world.ids)
    )
    monkeypatch.setattr(wiring, "renderer", TemplateRenderer)
    monkeypatch.setattr(wiring, "template_compiler", TemplateRenderer)
    monkeypatch.setattr(wiring, "mail_planner", world.planner)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: MemoryJobs(world.messages))
    return world


def post(body: Any, path: str = "", **headers: str) -> Answer:
    return call(api, "POST", f"/v1/templates{path}", body, headers=headers)


def test_create_answers_the_whole_template(world: World) -> None:
    answer = post({**HOLA, "html": '<a href="https://x.example/?a=1&amp;b=2">{{ contact.fistname }}</a>'})

    assert answer.status == 201
    assert answer.body["version"] == 1
    assert answer.body["class"] == "marketing"
    assert answer.body["language"] == "es"
    assert answer.body["links"] == ["https://x.example/?a=1&b=2"]
    assert [(w["path"], w["rule"]) for w in answer.body["warnings"]] == [("html", "merge_field")]
    assert "contact.fistname" in answer.body["warnings"][0]["message"]
    assert "compiled" not in answer.body
    assert call(api, "GET", f"/v1/templates/{answer.body['id']}").body == answer.body


def test_a_dry_run_tells_the_gaps_before_anybody_sees_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    html = (
        "<p>{{ firstname }} {{ lastname|default('amigo') }} {{ contact.fistname }} {{ data.order }}</p>"
        "{% if city %}<p>{{ city }}</p>{% endif %}<a href='https://x.example/{{ phone }}'>{{ company.name }}</a>"
    )
    template = post({**HOLA, "subject": "{{ owner.name }}", "html": html}).body
    assert template["no_fallback"] == ["contact.fistname", "data.order", "firstname", "phone"]
    world.record("contacts", "ana", firstname="Ana", lastname="F", phone="+34960000000")
    world.record("contacts", "lia", lastname="N")
    people = [{"module": "contacts", "id": id} for id in ("ana", "lia", "gone")]

    report = post({"records": people}, f"/{template['id']}/check").body
    assert (report["sample"], report["unknown"], report["failed"]) == (2, ["contact.fistname"], [])
    assert report["no_fallback"] == ["data.order", "firstname", "phone"]
    assert [(gap["field"], gap["count"]) for gap in report["empty"]] == [
        ("contact.fistname", 2),
        ("data.order", 2),
        ("firstname", 1),
        ("phone", 1),
    ]
    assert report["empty"][2]["records"] == [people[1]]

    # Nobody is named: the newest of the lake.
    lake = MemoryLake(world.clock)
    monkeypatch.setattr(wiring, "lake", lambda: lake)
    assert post(None, f"/{template['id']}/check").body["sample"] == 0
    assert post({"records": people * 20}, f"/{template['id']}/check").broken() == [("records", "limit")]


def test_same_key_makes_one_template(world: World) -> None:
    first, second = (post(HOLA, **{"idempotency-key": "k"}) for _ in range(2))

    assert first.body["id"] == second.body["id"]
    assert len(call(api, "GET", "/v1/templates").body["items"]) == 1


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({}, [("name", "required"), ("subject", "required"), ("mjml", "one_of")]),
        ({**HOLA, "mjml": "<mjml></mjml>"}, [("mjml", "one_of")]),
        ({**HOLA, "foo": 1}, [("foo", "unknown_key")]),
        ({**HOLA, "html": 3}, [("html", "text"), ("mjml", "one_of")]),
        ({**HOLA, "class": "spam"}, [("class", "choice")]),
        ({**HOLA, "language": "fr"}, [("language", "choice")]),
        ({**HOLA, "subject": "{{ x"}, [("subject", "template")]),
        ({**HOLA, "html": "{{ 'a' * 3 }}"}, [("html", "template")]),
        ({"name": "a", "subject": "b", "mjml": "<mjml>"}, [("mjml", "mjml")]),
        ({**HOLA, "html": "x" * 200_001}, [("html", "too_long")]),
        ({**HOLA, "name": "a\u0000"}, [("name", "control_characters")]),
        ({**HOLA, "html": "á" * 130_000}, [("html", "too_long")]),
    ],
)
def test_broken_body_names_every_rule_and_writes_nothing(
    world: World, body: Any, broken: list[tuple[str, str]]
) -> None:
    answer = post(body)

    assert (answer.status, answer.broken()) == (422, broken)
    assert call(api, "GET", "/v1/templates").body["items"] == []


def test_windows_line_ends_are_taken(world: World) -> None:
    assert post({**HOLA, "html": "<p>a</p>\r\n<p>b</p>"}).body["html"] == "<p>a</p>\n<p>b</p>"


def test_patch_lays_over_and_put_replaces(world: World) -> None:
    path = f"/v1/templates/{post({**HOLA, 'text': 'a mano'}).body['id']}"

    patched = call(api, "PATCH", path, {"subject": "Otro"}, headers={"if-match": '"1"'})
    assert (patched.status, patched.body["subject"], patched.body["text"]) == (200, "Otro", "a mano")
    put = call(api, "PUT", path, HOLA)
    assert (put.body["version"], put.body["subject"], "text" in put.body) == (3, HOLA["subject"], False)
    mjml = "<mjml><mj-body></mj-body></mjml>"
    other = call(api, "PATCH", path, {"mjml": mjml})
    assert (other.body["mjml"], "html" in other.body) == (mjml, False)
    assert call(api, "PATCH", path, {"subject": "x"}, headers={"if-match": '"1"'}).status == 409


def test_list_leaves_the_bodies_out(world: World) -> None:
    post({**HOLA, "name": "b"})
    post({**HOLA, "name": "A"})

    items = call(api, "GET", "/v1/templates").body["items"]
    assert [item["name"] for item in items] == ["A", "b"]
    assert not {"html", "mjml", "text", "compiled"} & items[0].keys()


def test_delete_unless_something_uses_it(world: World) -> None:
    used, unused = post(HOLA).body["id"], post(HOLA).body["id"]
    world.definitions.put(definition("actions", "a1", params={"template_id": used}))

    assert call(api, "DELETE", f"/v1/templates/{used}").status == 409
    assert call(api, "DELETE", f"/v1/templates/{unused}").status == 204
    assert call(api, "GET", f"/v1/templates/{unused}").status == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
def test_unknown_template_is_404(world: World, method: str) -> None:
    assert call(api, method, "/v1/templates/nope", HOLA if method in ("PUT", "PATCH") else None).status == 404


def test_preview_of_an_example(world: World) -> None:
    preview = post(None, f"/{post(HOLA).body['id']}/preview").body

    assert preview["subject"] == "Hola Lía"
    assert "Carpintería Roig, S.L." in preview["html"]
    assert "Huerta Turia" in preview["html"]
    assert preview["text"].startswith("Carpintería Roig, S.L.")
    assert preview["warnings"] == []


def test_preview_for_a_record_reads_its_account_and_owner(world: World) -> None:
    world.record("accounts", "roig", accountname="Roig, S.L.")
    world.record("contacts", "carme", account="roig")
    template = post({**HOLA, "text": "{{ owner.name }} {{ contact.number }}"}).body["id"]

    preview = post({"record": {"module": "contacts", "id": "carme"}}, f"/{template}/preview").body
    assert preview["subject"] == "Hola tú"
    assert "Roig, S.L." in preview["html"]
    assert preview["text"].startswith("Marc Soler N-carme")
    assert [(w["rule"], w["message"]) for w in preview["warnings"]] == [
        ("empty_field", "«firstname» está vacío para este destinatario.")
    ]


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({"record": {"module": "contacts", "id": "nobody"}}, [("record", "not_found")]),
        ({"record": {"module": "contacts"}}, [("record.id", "required")]),
        ({"who": 1}, [("who", "unknown_key")]),
    ],
)
def test_preview_for_nobody(world: World, body: Any, broken: list[tuple[str, str]]) -> None:
    answer = post(body, f"/{post(HOLA).body['id']}/preview")

    assert (answer.status, answer.broken()) == (422, broken)


def test_test_send_is_a_message_on_the_send_queue(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_find_user", lambda sub: replace(LUCIA, id="2e0ffa7f-ca3b-415b-9238-03622fb6e60d"))
    answer = post({"to": "otra@huertaturia.example"}, f"/{post(HOLA).body['id']}/test")

    assert answer.status == 202
    assert answer.body["values"]["source"] == "test"
    assert world.queue.bodies == [{"messages": [answer.body["id"]]}]


def test_what_a_template_brings_is_kept_told_and_listed_where_it_is_used(world: World) -> None:
    for id, number in (("d1", "DOC-1"), ("d2", "DOC-2"), ("announced", "")):
        world.definitions.put(
            definition("documents", id, name=id, file=f"{id}.pdf", size=9, owner="marc", number=number)
        )
    refused = post(HOLA | {"documents": ["d1", "announced"]})
    assert (refused.status, refused.broken()) == (422, [("documents[1]", "not_found")])
    made = post(HOLA | {"documents": ["d1", "d1"]}).body
    assert made["documents"] == ["d1"]
    assert call(api, "PATCH", f"/v1/templates/{made['id']}", {"name": "Otra"}).body["documents"] == ["d1"]
    row = {"kind": "documents", "id": "d1", "from": "template", "name": "d1", "file": "d1.pdf", "size": 9}
    for step, body in (("preview", {}), ("check", {"records": [{"module": "contacts", "id": "nobody"}]})):
        assert post(body, f"/{made['id']}/{step}").body["attachments"] == [row]
    sent = post({"to": "otra@huertaturia.example", "documents": ["d2", "d1"]}, f"/{made['id']}/test")
    assert [(one["id"], one["from"]) for one in sent.body["attachments"]] == [("d1", "template"), ("d2", "send")]
    wrong = post({"documents": ["nobody"], "more": 1}, f"/{made['id']}/test")
    assert (wrong.status, wrong.broken()) == (422, [("more", "unknown_key")])
    wrong = post({"documents": ["nobody"]}, f"/{made['id']}/test")
    assert (wrong.status, wrong.broken()) == (422, [("documents[0]", "not_found")])


def test_test_send_to_no_address_is_refused(world: World) -> None:
    answer = post({"to": "nadie"}, f"/{post(HOLA).body['id']}/test")

    assert (answer.status, answer.broken()) == (422, [("to", "email")])


def test_a_mail_that_becomes_too_large_is_refused_wherever_it_is_made_on_request(world: World) -> None:
    template = post(HOLA | {"html": "<p>" + "{{ description }}" * 60 + "</p>"}).body
    world.record("contacts", "c1", description="ñ" * 20_000)
    about = {"record": {"module": "contacts", "id": "c1"}}
    for step in ("preview", "test"):
        answer = post(about, f"/{template['id']}/{step}")
        assert (answer.status, answer.broken()) == (422, [("record", "mail_too_large")])
        assert "1000 KB" in answer.body["errors"][0]["message"]
    assert world.queue.bodies == []
    loops = "{% for a in [1,2,3,4,5,6,7,8,9,10] %}" * 3 + "x" * 2_000 + "{% endfor %}" * 3
    answer = post(HOLA | {"html": f"<p>{loops}</p>"})
    assert (answer.status, answer.broken()) == (422, [("html", "mail_too_large")])

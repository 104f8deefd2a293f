"""/v1/documents as a client meets it: announced, put, kept, renamed, deleted when nothing needs it."""

import pytest

from functions.templates_api.app import api
from gotero.adapters.memory.files import MemoryFiles
from gotero.domain.document import MAIL_BYTES
from gotero.domain.job import Job
from gotero.domain.user import User
from gotero.entry import wiring, wiring_exchange, wiring_sending
from tests.functions.admin_request import Answer, call
from tests.unit.services.exchange_world import USER, ExchangeWorld

PDF = b"%PDF-1.4 tarifas"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> ExchangeWorld:
    world = ExchangeWorld()
    monkeypatch.setattr(api, "_find_user", lambda sub: USER)
    for where, name, made in (
        (wiring, "definitions", world.definitions),
        (wiring, "definition_writer", world.definer),
        (wiring, "numbers", world.writer.numbers),
        (wiring_exchange, "files", world.files),
        (wiring_sending, "jobs", world.jobs),
    ):
        monkeypatch.setattr(where, name, lambda made=made: made)
    return world


def put(files: MemoryFiles, made: Answer, content: bytes = PDF) -> None:
    """What the browser does with the address that it was given."""
    files.stored[made.body["upload_url"].removeprefix("https://files.example/").partition("?")[0]] = content


def document(world: ExchangeWorld, file: str = "tarifas.pdf", content: bytes = PDF) -> str:
    made = call(api, "POST", "/v1/documents", {"file": file, "size": len(content)})
    assert made.status == 201
    put(world.files, made, content)
    kept = call(api, "POST", f"/v1/documents/{made.body['id']}/uploaded", {})
    assert kept.status == 200
    return str(kept.body["id"])


def test_from_the_announcement_to_the_download(world: ExchangeWorld) -> None:
    made = call(api, "POST", "/v1/documents", {"file": "tarifas.pdf", "name": "Tarifas", "size": len(PDF)})
    one = f"/v1/documents/{made.body['id']}"
    assert made.body["upload_url"].endswith(f".pdf?size={len(PDF)}")
    # Until its file is there, nobody sees it.
    assert call(api, "GET", one).status == 404
    assert call(api, "POST", f"{one}/uploaded", {}).status == 409
    put(world.files, made)
    kept = call(api, "POST", f"{one}/uploaded", {})
    assert (kept.body["number"], kept.body["type"], kept.body["owner"]) == ("DOC-000001", "application/pdf", USER.id)
    assert call(api, "POST", f"{one}/uploaded", {}).body == kept.body
    # What the address for the upload leads to is no longer the document.
    put(world.files, made, b"%PDF-1.4 another")
    assert world.files.stored[f"documents/{made.body['id']}.pdf"] == PDF
    assert call(api, "GET", f"{one}/download").body["url"].endswith(".pdf?name=tarifas.pdf")
    renamed = call(api, "PATCH", one, {"name": "Precios"})
    assert (renamed.body["name"], renamed.body["file"]) == ("Precios", "tarifas.pdf")
    assert [d["name"] for d in call(api, "GET", "/v1/documents").body["items"]] == ["Precios"]
    assert call(api, "DELETE", one).status == 204
    assert (call(api, "GET", one).status, f"documents/{made.body['id']}.pdf" in world.files.stored) == (404, False)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"file": "virus.exe", "size": 5}, "file"),
        ({"file": "../tarifas.pdf", "size": 5}, "file"),
        ({"file": "tarifas.pdf", "size": MAIL_BYTES + 1}, "size"),
        ({"file": "tarifas.pdf", "size": "5"}, "size"),
        ({"file": "tarifas.pdf", "size": 5, "type": "text/html"}, "type"),
        ({}, "file"),
    ],
)
def test_what_is_no_document_is_refused_by_its_path(world: ExchangeWorld, body: dict[str, object], path: str) -> None:
    answer = call(api, "POST", "/v1/documents", body)
    assert (answer.status, answer.body["errors"][0]["path"]) == (422, path)
    assert world.definitions.all("documents") == []


def test_a_disguised_file_is_not_kept(world: ExchangeWorld) -> None:
    made = call(api, "POST", "/v1/documents", {"file": "tarifas.pdf", "size": 2})
    put(world.files, made, b"MZ")
    answer = call(api, "POST", f"/v1/documents/{made.body['id']}/uploaded", {})
    assert (answer.status, answer.body["errors"][0]["rule"]) == (422, "file_content")
    assert call(api, "GET", "/v1/documents").body["items"] == []


def test_it_is_not_deleted_while_something_attaches_it(world: ExchangeWorld) -> None:
    id = document(world)
    job = Job("j1", "campaign_send", "scheduled", {"name": "Oferta", "enclosed": {"documents": [id]}}, "2026", "u")
    world.jobs.create(job)
    answer = call(api, "DELETE", f"/v1/documents/{id}")
    assert (answer.status, [error["path"] for error in answer.body["errors"]]) == (409, ["jobs.j1"])
    data = {"name": "Carta", "kind": "mail", "class": "marketing", "params": {"template_id": "t", "documents": [id]}}
    world.define("actions", data, "a1")
    answer = call(api, "DELETE", f"/v1/documents/{id}")
    assert [error["path"] for error in answer.body["errors"]] == ["actions.a1", "jobs.j1"]
    assert f"documents/{id}.pdf" in world.files.stored


def test_whoever_only_reads_keeps_nothing(world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    id = document(world)
    monkeypatch.setattr(api, "_find_user", lambda sub: User("mira", "Mira", "m@correo.example", "viewer"))
    assert call(api, "POST", "/v1/documents", {"file": "a.pdf", "size": 1}).status == 403
    assert call(api, "DELETE", f"/v1/documents/{id}").status == 403
    assert call(api, "GET", f"/v1/documents/{id}").status == 200

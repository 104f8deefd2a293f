"""/v1/imports and /v1/exports as a client meets them."""

from typing import Any

import pytest

from functions.imports_api.app import api
from gotero.domain.user import User
from gotero.entry import wiring, wiring_exchange, wiring_jobs
from gotero.services.import_rows import source_key
from tests.functions.admin_request import Answer, call
from tests.unit.services.exchange_world import USER, ExchangeWorld

TEXT = "Correo;Apellidos\r\nana@correo.example;Ana\r\nroto;Eva\r\n"
PLAN = {"columns": ["email", "lastname"], "match": "email"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> ExchangeWorld:
    world = ExchangeWorld()
    monkeypatch.setattr(api, "_find_user", lambda sub: USER)
    for where, name, made in (
        (wiring, "definitions", world.definitions),
        (wiring, "definition_writer", world.definer),
        (wiring_exchange, "files", world.files),
        (wiring_exchange, "importer", world.importer),
        (wiring_exchange, "exporter", world.exporter),
        (wiring_jobs, "job_line", world.line),
    ):
        monkeypatch.setattr(where, name, lambda made=made: made)
    return world


def created(world: ExchangeWorld, text: str = TEXT, **more: Any) -> str:
    body = {"module": "contacts", "name": "clientes.csv", "size": len(text.encode()), **more}
    answer = call(api, "POST", "/v1/imports", body)
    assert answer.status == 201
    assert answer.body["upload_url"].endswith(f"imports/{answer.body['id']}/source.csv?size={body['size']}")
    world.files.stored[source_key(answer.body["id"])] = text.encode()
    return str(answer.body["id"])


def work(world: ExchangeWorld, answer: Answer) -> str:
    assert answer.status == 202
    job = world.jobs.get(answer.body["job_id"])
    assert job
    world.work(job)
    return job.id


def test_from_the_upload_to_the_refused_rows(world: ExchangeWorld) -> None:
    id = created(world)
    seen = call(api, "POST", f"/v1/imports/{id}/preview", {})
    assert (seen.status, seen.body["plan"]["columns"]) == (200, ["email", "lastname"])
    work(world, call(api, "POST", f"/v1/imports/{id}/check", PLAN))
    assert world.all() == []
    assert call(api, "GET", f"/v1/imports/{id}/errors").status == 404
    work(world, call(api, "POST", f"/v1/imports/{id}/start", PLAN))
    shown = call(api, "GET", f"/v1/imports/{id}").body
    assert (shown["job"]["kind"], shown["job"]["state"], shown["job"]["failed"]) == ("import", "finished", 1)
    assert shown["job"]["result"]["new"] == 1
    url = call(api, "GET", f"/v1/imports/{id}/errors").body["url"]
    assert url.endswith("refused.csv?name=clientes - Motivo.csv")


def test_an_export_is_a_job_with_a_file(world: ExchangeWorld) -> None:
    body = {"module": "contacts", "filter_id": None, "columns": ["email"], "separator": ","}
    job = work(world, call(api, "POST", "/v1/exports", body))
    shown = call(api, "GET", f"/v1/exports/{job}").body
    assert (shown["state"], shown["result"]) == ("finished", {"rows": 0})
    assert shown["url"].startswith(f"https://files.example/exports/{job}.csv")
    assert shown["created_by"] == USER.id


def test_what_is_another_persons_is_not_there(world: ExchangeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    id = created(world)
    job = work(world, call(api, "POST", "/v1/exports", {"module": "contacts"}))
    monkeypatch.setattr(api, "_find_user", lambda sub: User("otra", "Otra", "o@correo.example", "admin"))
    for method, path in (
        ("GET", f"/v1/imports/{id}"),
        ("POST", f"/v1/imports/{id}/preview"),
        ("POST", f"/v1/imports/{id}/start"),
        ("GET", f"/v1/imports/{id}/errors"),
        ("GET", f"/v1/exports/{job}"),
    ):
        assert call(api, method, path, {} if method == "POST" else None).status == 404
    monkeypatch.setattr(api, "_find_user", lambda sub: User("mira", "Mira", "m@correo.example", "viewer"))
    assert call(api, "POST", "/v1/exports", {"module": "contacts"}).status == 403


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({"module": "contacts", "name": "x", "size": 0}, ("size", "file_size")),
        ({"module": "contacts", "name": "x", "size": 1 << 40}, ("size", "file_size")),
        ({"module": "contacts", "name": "", "size": 1}, ("name", "required")),
        ({"module": "contacts", "size": 1}, ("name", "required")),
        ({"module": "contacts", "name": "x", "size": 1, "url": "http://x"}, ("url", "unknown_key")),
    ],
)
def test_an_import_that_cannot_be_is_refused(world: ExchangeWorld, body: Any, broken: tuple[str, str]) -> None:
    answer = call(api, "POST", "/v1/imports", body)
    assert (answer.status, answer.broken()) == (422, [broken])


@pytest.mark.parametrize("module", ["messages", "nada", ""])
def test_a_module_that_takes_no_imports(world: ExchangeWorld, module: str) -> None:
    assert call(api, "POST", "/v1/imports", {"module": module, "name": "x", "size": 1}).status in (403, 404, 422)


@pytest.mark.parametrize(
    ("asked", "paths"),
    [
        ({**PLAN, "columns": ["email"]}, ["columns", "columns"]),
        ({**PLAN, "columns": ["email", "nada"]}, ["columns[1]"]),
        ({**PLAN, "columns": ["email", "email"]}, ["columns[1]"]),
        ({**PLAN, "match": "number"}, ["match"]),
        ({**PLAN, "match": "nada"}, ["match", "match"]),
        ({**PLAN, "separator": "x"}, ["columns", "separator"]),
        ({**PLAN, "encoding": "rot13"}, ["encoding"]),
        ({**PLAN, "mode": "delete", "decimal": "'", "dates": "ydm"}, ["decimal", "dates", "mode"]),
        ({**PLAN, "owner": "nadie"}, ["owner"]),
        ({**PLAN, "segment": "nada"}, ["segment"]),
        ({**PLAN, "columns": [1, 2]}, ["columns[0]", "columns[1]"]),
        ({**PLAN, "tags": ["x" * 61]}, ["tags[0]"]),
        ({}, ["columns"]),
    ],
)
@pytest.mark.parametrize("verb", ["start", "check", "preview"])
def test_a_plan_that_does_not_fit_is_refused_with_its_paths(
    world: ExchangeWorld, verb: str, asked: Any, paths: list[str]
) -> None:
    id = created(world)
    answer = call(api, "POST", f"/v1/imports/{id}/{verb}", asked)
    if verb == "preview" and not asked:
        assert answer.status == 200
        return
    assert answer.status == 422
    assert {path for path, _ in answer.broken()} <= set(paths)
    assert world.records.events == []


@pytest.mark.parametrize("verb", ["start", "check", "preview"])
def test_before_the_file_has_arrived_there_is_a_conflict(world: ExchangeWorld, verb: str) -> None:
    body = {"module": "contacts", "name": "x.csv", "size": 10}
    id = call(api, "POST", "/v1/imports", body).body["id"]
    assert call(api, "POST", f"/v1/imports/{id}/{verb}", PLAN).status == 409


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"module": "nada"}, 404),
        ({"module": "contacts", "columns": ["nada"]}, 422),
        ({"module": "contacts", "separator": "^"}, 422),
        ({"module": "contacts", "segment": "nada"}, 422),
        ({"module": "contacts", "filter_id": "nada"}, 422),
        ({"module": "contacts", "condition": {"sql": "drop"}}, 422),
        ({"module": "contacts", "search": "x" * 500}, 422),
        ({"segment": "x"}, 422),
    ],
)
def test_an_export_of_what_is_not_there_is_refused(world: ExchangeWorld, body: Any, status: int) -> None:
    assert call(api, "POST", "/v1/exports", body).status == status

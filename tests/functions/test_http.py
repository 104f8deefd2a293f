"""What the admin API's entrance does with requests that no client of ours sends: an answer, and never a 5xx."""

import json
import logging
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from functions.records_api.app import api as records_api
from gotero.domain.errors import TransientError
from gotero.domain.user import User
from gotero.entry import bodies, http, listing, wiring
from tests.functions.admin_request import LUCIA, call
from tests.unit.services.office import Office


class Members(bodies.Body):
    items: list[bodies.RecordRef]


api = http.Api(find_user=lambda _: LUCIA)


@api.get("/v1/things")
def things() -> dict[str, Any]:
    return {"limit": listing.limit_of(api), "filter": listing.condition_of(api)}


@api.get("/v1/things/<id>")
def thing(id: str) -> dict[str, Any]:
    return {"id": id}


@api.patch("/v1/things/<id>")
def change(id: str) -> dict[str, Any]:
    return {"version": api.expected_version(), "json": api.json()}


@api.post("/v1/things")
def members() -> dict[str, Any]:
    return {"items": [str(member.ref()) for member in api.read(Members).items]}


@api.delete("/v1/things/<id>")
def fail(id: str) -> None:
    raise RuntimeError("lia@example.org")


@api.delete("/v1/things")
def later() -> None:
    raise TransientError("throttled")


class ThrottledError(Exception):
    """As pynamodb raises it outside of transactions."""

    cause_response_code = "ProvisionedThroughputExceededException"


@api.get("/v1/busy")
def busy() -> None:
    raise ThrottledError


def test_a_table_that_is_asked_too_much_says_when_to_come_again() -> None:
    answer = call(api, "GET", "/v1/busy")
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "²", "0000000010", "000000001999", "9" * 5000, "ten"])
def test_a_limit_is_a_number_in_its_bounds(limit: str) -> None:
    assert call(api, "GET", "/v1/things", query={"limit": limit}).broken() == [("limit", "limit")]


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": 1e999}', '{"a": "\\ud800"}', "[" * 100_000, "{"])
def test_a_filter_is_as_strict_as_a_body(text: str) -> None:
    assert call(api, "GET", "/v1/things", query={"filter": text}).broken() == [("filter", "json")]


@pytest.mark.parametrize("version", ['"²"', f'"{"9" * 5000}"', '"-1"', "x"])
def test_a_version_is_a_number(version: str) -> None:
    answer = call(api, "PATCH", "/v1/things/a", {}, headers={"If-Match": version})
    assert (answer.status, answer.broken()) == (422, [("If-Match", "integer")])


def test_a_number_beyond_every_double_is_no_json() -> None:
    event: dict[str, Any] = {"rawPath": "/v1/things/a", "body": '{"a": 1e999}', "headers": {}}
    event["requestContext"] = {"http": {"method": "PATCH", "path": "/v1/things/a"}, "stage": "$default"}
    answer = api.handler(event, None)  # type: ignore[arg-type]  # the handler does not look at its context
    assert answer["statusCode"] == 422


def test_what_is_longer_than_any_id_is_not_there() -> None:
    assert call(api, "GET", f"/v1/things/{'x' * 255}").status == 200
    assert call(api, "GET", f"/v1/things/{'x' * 256}").status == 404


def test_a_reference_names_a_module_and_an_id() -> None:
    items = [{"module": "contacts", "id": "x" * 51}, {"module": "", "id": "a"}, {"module": "contacts"}]
    assert call(api, "POST", "/v1/things", {"items": items}).broken() == [
        ("items[0].id", "too_long"),
        ("items[1].module", "required"),
        ("items[2].id", "required"),
    ]


def test_a_bug_is_a_500_that_quotes_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        answer = call(api, "DELETE", "/v1/things/a")
    logged = str([record.__dict__ for record in caplog.records])
    assert "test_http.py" in logged, "where it happened"
    assert (answer.status, answer.body["type"]) == (500, "urn:gotero:problem:internal")
    assert "lia@" not in json.dumps(answer.body) + logged


def test_of_all_writes_a_viewers_own_columns_alone_are_open_to_him(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every route of every function of the API; what is only asked in a body is not a write."""
    asked: list[str] = []
    for folder in sorted((Path(__file__).parents[2] / "functions").glob("*_api/app.py")):
        other = import_module(f"functions.{folder.parent.name}.app").api
        monkeypatch.setattr(other, "_find_user", lambda sub: User("v", "V", "v@huertaturia.example", "viewer"))
        for route in (*other._static_routes, *other._dynamic_routes):
            path = re.sub(r"<\w+>", "contacts", route.path)
            if route.method != "GET" and call(other, route.method, path, "no JSON").status != 403:
                asked.append(f"{route.method} {route.path}")
    questions = {route for route in asked if route.endswith(("/audience", "/count", "/preview"))}
    assert set(asked) - questions == {"POST /v1/records/<module>/columns"}
    for path in (
        "/v1/records/contacts/01/columns",
        "/v1/forms/columns",
        "/v1/records/columns",
        "/v1/x/contacts/columns",
    ):
        assert call(records_api, "POST", path, {}).status == 403, path
    assert call(records_api, "DELETE", "/v1/records/contacts/columns").status == 403


def test_a_viewer_chooses_his_own_columns_and_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    monkeypatch.setattr(wiring, "definitions", lambda: office.definitions)
    monkeypatch.setattr(wiring, "definition_writer", lambda: office.definer)
    path = "/v1/records/contacts/columns"
    for id, role, columns in (("v", "viewer", ["lastname", "city"]), ("m", "marketer", ["email"])):
        user = User(id, id, f"{id}@huertaturia.example", role)  # type: ignore[arg-type]  # a role
        monkeypatch.setattr(records_api, "_find_user", lambda sub, user=user: user)
        assert call(records_api, "POST", path, {"columns": columns}).body == {"columns": columns}
    monkeypatch.setattr(records_api, "_find_user", lambda sub: User("v", "V", "v@huertaturia.example", "viewer"))
    assert call(records_api, "GET", path).body == {"columns": ["lastname", "city"]}
    assert call(records_api, "POST", path, {"columns": ["shoe"]}).broken() == [("columns[0]", "unknown_field")]
    disabled = User("v", "V", "v@huertaturia.example", "viewer", disabled=True)
    monkeypatch.setattr(records_api, "_find_user", lambda sub: disabled)
    assert call(records_api, "POST", path, {"columns": ["lastname"]}).status == 403


def test_what_may_pass_is_a_503() -> None:
    assert call(api, "DELETE", "/v1/things").status == 503

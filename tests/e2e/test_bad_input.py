"""Bad input on every endpoint: a problem with the field's path, a 4xx, nothing written."""

import base64
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from gotero.entry.openapi.routes import ROUTES, Route
from infra.local.demo import contents
from infra.local.demo.company import CAMPAIGN, MARC, TEST_LIST, demo_id
from infra.local.demo.desk import Desk
from infra.local.http import Response, request
from infra.local.stack import wait_until
from tests.e2e.endpoints import MAY_BE_EMPTY, WRITES
from tests.e2e.evidence import Form, Json, stored
from tests.e2e.test_documents import document

pytestmark = pytest.mark.e2e
CASES = Path(__file__).parents[3] / "shared/cases/json_bodies.json"
#: Where a refused request could leave something.
TABLES = ("RECORDS", "DEFINITIONS", "ASSIGNMENTS", "JOBS", "MEMBERSHIPS")
NOT_AN_OBJECT = (b"", b"{", b"[]", b"null", b'"x"', b"{'a':1}", b'{"a":NaN}', b"\xff\xfe", b"[" * 20_000)


@pytest.fixture(scope="module")
def things(desk: Desk, form: Form) -> dict[str, str]:
    """One of each, by the name that stands in the paths above."""
    name = "Mala entrada"
    scheduled = desk.scheduled(name, contents.BIRTHDAY, contents.NEXT_BIRTHDAY)
    template = desk.made("/v1/templates", contents.BIRTHDAY)["id"]
    workflow = {**contents.auto_reply_workflow(form.body["id"], template), "name": name, "active": False}
    field = {"field": "mala", "type": "text", "label": {"es": "Mala", "en": "Bad"}}
    file = {"module": "contacts", "name": "mala.csv", "size": 10}
    parts = [{"kind": "paragraph", "text": "Hola"}]
    letter = {"name": name, "module": "contacts", "language": "es", "file": "mala", "parts": parts}
    found = {
        "contact": demo_id("contacts", "uxia-castro"),
        "segment": desk.segment(TEST_LIST),
        "filter": desk.made("/v1/filters", {"name": name, "module": "contacts", "condition": {"all": []}})["id"],
        "workflow": desk.made("/v1/workflows", workflow)["id"],
        "form": form.body["id"],
        "template": template,
        "campaign": demo_id("campaigns", CAMPAIGN["name"]),
        "action": desk.stack.api("GET", f"/v1/scheduled-actions/{scheduled}")["action_id"],
        "scheduled": scheduled,
        "plan": desk.made("/v1/plans", {"name": name, "scheduled_actions": [scheduled]})["id"],
        "import": desk.stack.api("POST", "/v1/imports", file, expect=201)["id"],
        "field": desk.stack.api("POST", "/v1/fields/products", field, expect=201)["field"],
        "user": desk.user(MARC),
        "group": desk.made("/v1/groups", {"name": name})["id"],
        "document": document(desk.stack),
        "letter": desk.made("/v1/document-templates", letter)["id"],
    }
    wait_until(lambda: is_quiet(desk), 300, "what earlier tests and the seed set off to end")
    return found


def is_quiet(desk: Desk) -> bool:
    """Whether nobody writes: else a count before and after would tell nothing of what stands between."""
    before = written(desk)
    time.sleep(3)
    return written(desk) == before


def written(desk: Desk) -> dict[str, int]:
    return {table: stored(desk.stack, table) for table in TABLES}


def call(desk: Desk, method: str, path: str, body: bytes) -> Response:
    sent = {"Authorization": f"Bearer {desk.stack.token()}", "Content-Type": "application/json"}
    return request(method, f"{desk.stack.api_url}{path}", body=body, headers=sent)


def problem(answer: Response, status: int) -> Json:
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    body: Json = answer.json()
    assert body["status"] == status
    assert body["type"]
    assert body["title"]
    assert "Traceback" not in answer.text
    return body


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_what_is_no_json_object_is_refused(desk: Desk, things: dict[str, str], method: str, path: str) -> None:
    before = written(desk)

    for body in NOT_AN_OBJECT:
        if body or path not in MAY_BE_EMPTY:
            assert problem(call(desk, method, path.format(**things), body), 422)["errors"]

    assert written(desk) == before


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_an_unknown_key_is_named(desk: Desk, things: dict[str, str], method: str, path: str) -> None:
    before = written(desk)

    refused = problem(call(desk, method, path.format(**things), b'{"nonsense": {"a": [1]}}'), 422)

    named = {error["path"]: error for error in refused["errors"]}
    assert "nonsense" in named
    assert named["nonsense"]["rule"] == "unknown_key"
    assert named["nonsense"]["message"]
    assert written(desk) == before


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/v1/records/contacts", {"values": {}}, "values.lastname"),
        ("/v1/records/contacts", {"values": {"lastname": "A", "email": "a@b"}}, "values.email"),
        ("/v1/records/contacts", {"values": {"lastname": "A", "mobile": "123"}}, "values.mobile"),
        ("/v1/records/contacts", {"values": {"lastname": "A", "birthday": "1988-02-30"}}, "values.birthday"),
        ("/v1/records/contacts", {"values": {"lastname": "A", "leadsource": "Nadie"}}, "values.leadsource"),
        ("/v1/records/contacts", {"values": {"lastname": "A", "account": "x"}}, "values.account"),
        ("/v1/records/contacts", {"values": {"lastname": "A", "nothing": 1}}, "values.nothing"),
        ("/v1/records/contacts", {"values": {"lastname": "A", "original_leadsource": "Web Site"}}, None),
        ("/v1/records/contacts", {"values": {"lastname": "A"}, "owner": "nobody"}, "owner"),
        ("/v1/filters/count", {"module": "contacts", "condition": {"field": "nothing", "op": "is", "value": 1}}, None),
        ("/v1/segments", {"name": ""}, "name"),
        ("/v1/segments", {"name": "x", "type": "Nada"}, "type"),
        ("/v1/segments/{segment}/members", {"items": []}, "items"),
        ("/v1/segments/{segment}/members", {"items": [{"module": "contacts", "id": "nobody"}]}, "items[0]"),
        ("/v1/workflows", {"name": "x", "module": "contacts", "trigger": {"on": "never"}, "tasks": []}, "trigger.on"),
        ("/v1/forms", {"name": "x", "module": "contacts", "allowed_domains": ["https://x"], "fields": []}, None),
        ("/v1/templates", {"name": "x", "subject": "x", "mjml": "<mjml><mj-nada/></mjml>"}, "mjml"),
        ("/v1/templates", {"name": "x", "subject": "{{ x", "mjml": "<mjml></mjml>"}, "subject"),
        ("/v1/campaigns/{campaign}/send", {"template_id": "x", "audience": {"segments": ["y"]}}, "template_id"),
        ("/v1/campaigns/{campaign}/send", {"template_id": "x"}, "audience"),
        ("/v1/campaigns/{campaign}/send", {"template_id": "x", "start": "2001-01-01T00:00:00Z"}, "start"),
        ("/v1/actions", {"name": "x", "kind": "pigeon"}, "kind"),
        ("/v1/scheduled-actions", {"reference": "x", "action_id": "x", "when": {"on": "date"}}, "when.date"),
        ("/v1/plans", {"name": "x", "scheduled_actions": ["nothing"]}, "scheduled_actions[0]"),
        ("/v1/plans/{plan}/assign", {"recipients": []}, "recipients"),
        ("/v1/users", {"name": "x", "email": "no address", "role": "king"}, "email"),
    ],
)
def test_a_broken_rule_is_told_with_the_path_of_its_field(
    desk: Desk, things: dict[str, str], path: str, body: Json, where: str | None
) -> None:
    before = written(desk)

    refused = problem(call(desk, "POST", path.format(**things), json.dumps(body).encode()), 422)

    paths = [error["path"] for error in refused["errors"]]
    assert paths
    assert all(error["rule"] and error["message"] for error in refused["errors"])
    assert where is None or where in paths
    assert written(desk) == before


@pytest.mark.parametrize("path", ["/v1/records/contacts", "/v1/workflows", "/v1/filters/count"])
def test_the_json_of_other_peoples_test_suites_never_breaks_an_endpoint(desk: Desk, path: str) -> None:
    if not CASES.exists():
        pytest.skip(f"{CASES} is not here")
    before = written(desk)
    for case in json.loads(CASES.read_text())["cases"]:
        begun = time.monotonic()
        answer = call(desk, "POST", path, _body(case))
        assert 400 <= answer.status < 500, (case["name"], answer.status)
        assert time.monotonic() - begun < 5, case["name"]
    assert written(desk) == before


def _body(case: Json) -> bytes:
    if "body_b64" in case:
        return base64.b64decode(case["body_b64"])
    sample, length = base64.b64decode(case["generate"]["sample_b64"]), int(case["generate"]["length"])
    return (sample * (length // len(sample) + 1))[:length]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nothing"),
        ("GET", "/v2/records/contacts"),
        ("GET", "/nothing"),
        ("POST", "/v1/records"),
        ("GET", "/v1/records/nothing"),
        ("GET", "/v1/records/contacts/nothing"),
        ("GET", "/v1/records/contacts/00000000000000000000000000/timeline"),
        ("PATCH", "/v1/records/contacts/00000000000000000000000000"),
        ("DELETE", "/v1/records/contacts/00000000000000000000000000"),
        ("GET", "/v1/segments/nothing"),
        ("GET", "/v1/segments/nothing/members"),
        ("GET", "/v1/workflows/nothing"),
        ("GET", "/v1/forms/nothing/html"),
        ("GET", "/v1/templates/nothing"),
        ("GET", "/v1/campaigns/nothing/results"),
        ("GET", "/v1/jobs/nothing"),
        ("GET", "/v1/assignments/nothing"),
        ("GET", "/v1/settings/nothing"),
        ("DELETE", "/v1/plans/nothing"),
        ("POST", "/v1/campaigns/nothing/send"),
        ("POST", "/v1/jobs/nothing/pause"),
    ],
)
def test_what_is_not_there_is_a_404(desk: Desk, method: str, path: str) -> None:
    missing = problem(call(desk, method, path, b'{"values": {}}' if method in ("POST", "PATCH") else b""), 404)
    assert missing["status"] == 404


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if "id}" in r.path and not r.body], ids=lambda r: r.method + r.path
)
def test_nor_is_anything_at_a_place_without_a_thing(desk: Desk, route: Route) -> None:
    path = re.sub(r"{(module|other|kind)}", "contacts", route.path)
    missing = problem(call(desk, route.method, re.sub(r"{\w+}", "0" * 26, path), b""), 404)
    assert missing["type"].endswith(":not_found")


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=100000", "cursor=x", "filter=%7B", "sort=nothing"])
def test_broken_queries_are_refused(desk: Desk, query: str) -> None:
    refused = problem(call(desk, "GET", f"/v1/records/contacts?{query}", b""), 422)

    assert [error["path"] for error in refused["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("path", ["/v1/records/contacts", "/v1/meta", "/v1/segments", "/v1/jobs", "/v1/users"])
@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_nobody_gets_in_without_a_good_token(desk: Desk, path: str, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    assert request("GET", f"{desk.stack.api_url}{path}", headers=headers).status == 401


@pytest.mark.parametrize("path", ["/v1/records/contacts", "/v1/templates", "/v1/workflows", "/v1/users"])
def test_a_body_over_a_megabyte_is_a_413(desk: Desk, path: str) -> None:
    before = written(desk)
    body: dict[str, Any] = {"values": {"lastname": "A", "description": "x" * (1024 * 1024)}}

    problem(call(desk, "POST", path, json.dumps(body).encode()), 413)

    assert written(desk) == before


def test_a_form_over_256_kilobytes_is_a_413(desk: Desk, form: Form) -> None:
    before = written(desk)
    typed = {"lastname": "x" * 300_000}
    url = f"{desk.stack.public_url}/f/{form.body['public_id']}"

    for accept in ("text/html", "application/json"):
        assert request("POST", url, form=typed, headers={"Origin": "http://127.0.0.1", "Accept": accept}).status == 413

    assert written(desk) == before


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"a" * 1000, b"[" * 20_000, b"%%%=%%%&&&="])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_form_takes_no_nonsense(desk: Desk, form: Form, kind: str, body: bytes) -> None:
    before = written(desk)
    url = f"{desk.stack.public_url}/f/{form.body['public_id']}"
    headers = {"Origin": "http://127.0.0.1", "Content-Type": kind}

    assert request("POST", url, body=body, headers=headers).status == 422

    assert written(desk) == before

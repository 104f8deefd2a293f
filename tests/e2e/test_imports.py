"""Two thousand rows through the real template: signed upload, job, refused rows; and the export back. IAM enforced."""

import csv
import io
from typing import Any

import pytest

from infra.local.http import request
from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e
#: The last of these tests: what it sets off would be in the way of the others.
ROWS = 2_000


def table() -> bytes:
    rows = (
        f"Nombre {n};Apellido {n};importada.{n}@correo.example;Feria\r\n" if n % 100 else f"X;Y;rota {n};Feria\r\n"
        for n in range(ROWS)
    )
    return ("Nombre;Apellidos;Correo;Origen\r\n" + "".join(rows)).encode("cp1252")


def finished(stack: Stack, path: str) -> Any:
    def ended() -> Any:
        shown = stack.call("GET", path).json()
        job = shown.get("job", shown)
        return shown if job["state"] in ("finished", "failed", "cancelled") else None

    return wait_until(ended, 240, f"the job of {path}")


def uploaded(stack: Stack, name: str, body: bytes) -> str:
    """The path of an import whose file is in the bucket."""
    asked = {"module": "contacts", "name": name, "size": len(body)}
    made = stack.call("POST", "/v1/imports", asked).json()
    console = stack.console_url.removesuffix("/console/")
    put = {"content-type": "text/csv", "origin": console}
    answer = request("PUT", made["upload_url"], body=body, headers=put)
    assert answer.status == 200, answer.text
    return f"/v1/imports/{made['id']}"


def test_an_import_is_undone_and_the_segment_in_step_with_it_follows(stack: Stack) -> None:
    lives = {"values": {"lastname": "Antes", "email": "queda@huertos.example", "city": "Lugo"}}
    stays = stack.api("POST", "/v1/records/contacts", lives, expect=201)["id"]
    segment = stack.api("POST", "/v1/segments", {"name": "Huertos de Soria"}, expect=201)["id"]
    rule = {"module": "contacts", "condition": {"field": "city", "op": "is", "value": "Soria"}, "on": True}
    stack.wait_for_job(stack.api("POST", f"/v1/segments/{segment}/autosync", rule, expect=202)["job_id"])

    def members() -> set[str]:
        return {item["id"] for item in stack.api("GET", f"/v1/segments/{segment}/members?module=contacts")["items"]}

    names = ["queda", *(f"nueva{n}" for n in range(8))]
    rows = "".join(f"{name}@huertos.example;Después;Soria\n" for name in names)
    path = uploaded(stack, "soria.csv", f"email;lastname;city\n{rows}".encode())
    plan = {"columns": ["email", "lastname", "city"], "match": "email"}
    started = stack.call("POST", f"{path}/start", plan)
    assert started.status == 202, started.text
    done = finished(stack, path)["job"]
    assert (done["result"]["new"], done["result"]["changed"]) == (8, 1)
    wait_until(lambda: len(members()) == 9, 300, "the members")
    came = members()

    begun = stack.call("POST", f"/v1/records/contacts/undo/{done['id']}", {})
    assert begun.status in (200, 202), begun.text
    undone = stack.wait_for_job(begun.json()["id"])

    assert (undone["state"], undone["result"]["failed"]) == ("finished", 0)
    values = stack.api("GET", f"/v1/records/contacts/{stays}")["values"]
    assert (values["lastname"], values["city"]) == ("Antes", "Lugo")
    gone = [id for id in came - {stays} if stack.call("GET", f"/v1/records/contacts/{id}").status == 404]
    assert len(gone) == 8
    wait_until(lambda: members() == set(), 300, "the members to leave")
    binned = "/v1/records/contacts?bin=true&search=huertos.example"
    wait_until(lambda: {item["id"] for item in stack.api("GET", binned)["items"]} == set(gone), 300, "the bin")


def test_a_group_that_owns_records_is_handed_over_before_it_is_deleted(stack: Stack) -> None:
    group = stack.api("POST", "/v1/groups", {"name": "Comerciales de Soria"}, expect=201)["id"]
    own = {"values": {"lastname": "De grupo", "city": "Teruel"}, "owner": group}
    contact = stack.api("POST", "/v1/records/contacts", own, expect=201)["id"]
    owned = [{"module": "contacts", "count": 1}]
    path = f"/v1/uses/groups/{group}"
    wait_until(lambda: stack.api("GET", path)["owned"]["records"] == owned, 300, "what the group owns")
    refused = stack.call("DELETE", f"/v1/groups/{group}")
    assert refused.status == 409, refused.text
    assert [error["path"] for error in refused.json()["errors"]] == ["records.contacts"]

    heir = stack.api("GET", "/v1/users")["items"][0]["id"]
    given = {"condition": {"field": "owner", "op": "is", "value": group}, "owner": heir}
    job = stack.call("POST", "/v1/records/contacts/mass-edit", given)
    assert job.status in (200, 202), job.text
    stack.wait_for_job(job.json()["id"])

    assert stack.api("GET", f"/v1/records/contacts/{contact}")["owner"] == heir
    assert [one["module"] for one in stack.api("GET", f"/v1/uses/users/{heir}")["owned"]["records"]]
    # 409 until the lake has heard of it, 503 while it knows that it trails.
    wait_until(lambda: stack.call("DELETE", f"/v1/groups/{group}").status == 204, 300, "the group to go")
    assert stack.call("GET", f"/v1/groups/{group}").status == 404


def test_two_thousand_rows_come_in_and_go_out(stack: Stack) -> None:
    path = uploaded(stack, "feria.csv", table())
    seen = stack.call("POST", f"{path}/preview", {}).json()
    plan = {"columns": seen["plan"]["columns"], "match": seen["plan"]["match"]}
    assert plan == {"columns": ["firstname", "lastname", "email", "leadsource"], "match": "email"}
    assert stack.call("POST", f"{path}/start", plan).status == 202
    done = finished(stack, path)["job"]
    assert (done["state"], done["result"]["new"], done["result"]["refused"]) == ("finished", 1980, 20)
    refused = request("GET", stack.call("GET", f"{path}/errors").json()["url"])
    assert len(list(csv.reader(io.StringIO(refused.body.decode("utf-8-sig")), delimiter=";"))) == 21
    condition = {"field": "leadsource", "op": "is", "value": "Trade Show"}
    wanted = {"module": "contacts", "condition": condition}
    wait_until(lambda: stack.call("POST", "/v1/filters/count", wanted).json()["count"] >= 1980, 300, "the lake")
    job = stack.call("POST", "/v1/exports", {**wanted, "columns": ["email"]}).json()["job_id"]
    exported = finished(stack, f"/v1/exports/{job}")
    rows = request("GET", exported["url"]).body.decode("utf-8-sig").splitlines()
    assert sum(row.startswith('"importada.') for row in rows) == 1980

"""Two thousand rows through the real template: signed upload, job, refused rows; and the export back. IAM enforced."""

import csv
import io
from typing import Any

import pytest

from infra.local.http import request
from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e
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


def test_two_thousand_rows_come_in_and_go_out(stack: Stack) -> None:
    body = table()
    asked = {"module": "contacts", "name": "feria.csv", "size": len(body)}
    made = stack.call("POST", "/v1/imports", asked).json()
    console = stack.console_url.removesuffix("/console/")
    put = {"content-type": "text/csv", "origin": console}
    uploaded = request("PUT", made["upload_url"], body=body, headers=put)
    assert uploaded.status == 200, uploaded.text
    path = f"/v1/imports/{made['id']}"
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
    wait_until(lambda: stack.call("POST", "/v1/filters/count", wanted).json()["count"] >= 1980, 60, "the lake")
    job = stack.call("POST", "/v1/exports", {**wanted, "columns": ["email"]}).json()["job_id"]
    exported = finished(stack, f"/v1/exports/{job}")
    rows = request("GET", exported["url"]).body.decode("utf-8-sig").splitlines()
    assert sum(row.startswith('"importada.') for row in rows) == 1980

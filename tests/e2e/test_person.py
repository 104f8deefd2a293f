"""A person's rights on the whole stack: all that is known as a file, and the end of it everywhere. IAM enforced."""

import json
from collections.abc import Iterator

import duckdb
import pytest

from gotero.adapters.lake import engine
from infra.local.demo.desk import Desk
from infra.local.demo.website import Website, fill_in
from infra.local.http import request
from infra.local.stack import Stack, wait_until
from tests.e2e.evidence import Form, Json, tick
from tests.e2e.test_imports import finished

pytestmark = pytest.mark.e2e
ADDRESS = "zoraida@quintanilla-real.example"
TYPED = {"firstname": "Zoraida", "lastname": "Quintanilla Real", "email": ADDRESS}
#: By which she could be found again.
PERSONAL = ("zoraida", "quintanilla")


def everything(stack: Stack) -> Iterator[tuple[str, str]]:
    """Where, and what stands there: every item of every table, every object of every bucket, unpacked."""
    tables, objects = stack.aws("dynamodb"), stack.aws("s3")
    for table in tables.list_tables()["TableNames"]:
        for page in tables.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from ((f"{table} {item['pk']}", repr(item)) for item in page["Items"])
    for bucket in ("LAKE", "FILES"):
        name = stack.environment[f"{bucket}_BUCKET"]
        for page in objects.get_paginator("list_objects_v2").paginate(Bucket=name):
            for found in page.get("Contents", ()):
                body = objects.get_object(Bucket=name, Key=found["Key"])["Body"].read()
                yield from ((found["Key"], text) for text in rows(found["Key"], body))


def rows(key: str, body: bytes) -> list[str]:
    if "/part/" not in key:
        return [body.decode(errors="replace")]
    with engine.files([(key, body)]) as paths, duckdb.connect() as connection:
        engine.take_in(connection, paths)
        return [repr(row) for row in connection.execute("FROM incoming").fetchall()]


def left(stack: Stack) -> list[tuple[str, str]]:
    return [(where, what) for where, what in everything(stack) if any(word in what.lower() for word in PERSONAL)]


def wait_for_visitor(desk: Desk) -> Json:
    return wait_until(lambda: desk.find("contacts", email=ADDRESS), 300, "the visitor")


def test_somebody_gets_a_file_of_all_that_is_known_and_is_then_erased(desk: Desk, form: Form, site: Website) -> None:
    stack = desk.stack
    assert fill_in(site.contact_page, TYPED).status == 303
    mail = stack.mailbox.wait_for(to=ADDRESS)
    person = wait_for_visitor(desk)
    stack.mailbox.act(mail["id"], "complaint")
    desk.wait_for_message(person, spam=True)
    record = f"/v1/records/contacts/{person['id']}"

    exported = stack.api("POST", f"{record}/export")
    job = f"{record}/export/{exported['job_id']}"
    url = wait_until(lambda: stack.api("GET", job)["url"], 300, "the file")
    known = json.loads(request("GET", url).body)
    assert known["record"][0]["values"]["email"] == ADDRESS
    assert (known["messages"][0]["address"], known["suppressions"][0]["reason"]) == (ADDRESS, "complaint")
    assert {"form_posted", "exported", "segment_entered"} <= {entry["kind"] for entry in known["timeline"]}
    assert left(stack)

    shown = stack.api("POST", f"{record}/erase", {"preview": True})
    assert (shown["messages"], shown["memberships"], shown["stays_suppressed"]) == (1, 1, True)
    erased = stack.api("POST", f"{record}/erase", {"confirm": shown["number"]}, expect=202)
    done = stack.wait_for_job(erased["job_id"])
    assert (done["state"], done["name"], done["created_by"]) == ("finished", person["number"], known["by"])
    # By then the streams hold nothing of before; what they brought late goes with the same steps.
    stack.clock.move(hours=25, minutes=1)
    tick(stack)
    wait_until(lambda: not left(stack), 300, f"her to be gone from {[where for where, _ in left(stack)]}")
    assert request("GET", url).status in (403, 404)
    assert stack.call("GET", record).status == 404


def test_her_address_is_not_written_to_whichever_way_it_comes_again(desk: Desk, form: Form, site: Website) -> None:
    stack, body = desk.stack, f"Apellidos;Correo\r\nOtra;{ADDRESS}\r\n".encode()
    asked = {"module": "leads", "name": "otra.csv", "size": len(body)}
    made = stack.api("POST", "/v1/imports", asked)
    assert request("PUT", made["upload_url"], body=body, headers={"content-type": "text/csv"}).status == 200
    stack.api("POST", f"/v1/imports/{made['id']}/start", {"columns": ["lastname", "email"], "match": "email"})
    result = finished(stack, f"/v1/imports/{made['id']}")["job"]["result"]
    assert (result["new"], result["kept_out"]) == (1, 1)
    assert fill_in(site.contact_page, {**TYPED, "lastname": "Otra"}).status == 303
    desk.wait_for_message(wait_for_visitor(desk), status="skipped", reason="suppressed")

"""What an operator does: dead letters are given back, and a lake that was lost is made anew from the tables."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer

from gotero.domain.assignment import Key
from gotero.services.assign import due_thing
from infra.local.demo.desk import Desk
from infra.local.home import PROJECT
from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e


def tool(stack: Stack, name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A tool of infra/make, as `make` starts it for an account."""
    environment = {**stack.environment, "PATH": os.defpath, "GOTERO_STACK": "gotero", "LANG": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, "-m", f"infra.make.{name}", *arguments],
        cwd=PROJECT,
        env={**environment, "PYTHONPATH": f"{PROJECT}:{PROJECT / 'layers/shared'}"},
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def without_its_lake(stack: Stack, function: str) -> Iterator[None]:
    """The function, told of a bucket that is not there."""
    functions = stack.aws("lambda")
    variables = functions.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
    broken = {**variables, "LAKE_BUCKET": "no-such-bucket"}
    functions.update_function_configuration(FunctionName=function, Environment={"Variables": broken})
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=function, Environment={"Variables": variables})


def resource(stack: Stack, name: str) -> str:
    made = stack.aws("cloudformation").describe_stack_resource(StackName="gotero", LogicalResourceId=name)
    return str(made["StackResourceDetail"]["PhysicalResourceId"])


def letters(stack: Stack, queue: str) -> int:
    attributes = stack.aws("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["ApproximateNumberOfMessages"])
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


def listed(stack: Stack) -> dict[str, Any]:
    """How many records of each module the lists show, and how many members each segment."""
    modules = ("contacts", "accounts", "leads", "messages")
    segments = [s["id"] for s in stack.api("GET", "/v1/segments")["items"]]
    return {m: stack.api("POST", "/v1/filters/count", {"module": m})["count"] for m in modules} | {
        s: stack.api("GET", f"/v1/segments/{s}")["counts"] for s in segments
    }


def test_what_the_lake_could_not_take_is_given_back_once_the_cause_is_mended(desk: Desk) -> None:
    stack, dead = desk.stack, resource(desk.stack, "ProjectDeadLetters")
    with without_its_lake(stack, resource(stack, "ProjectFunction")):
        lost = desk.typed_in("contacts", {"lastname": "Carta Muerta", "email": "carta@muerta.example"})
        wait_until(lambda: letters(stack, dead), 300, "the dead letter")
        refused = tool(stack, "redrive")
        assert refused.returncode == 1, refused.stdout
        # What else happens in that moment (a membership, an hourly count) has a letter of its own.
        assert re.search(r"ProjectDeadLetters +[1-9]\d* failed again", refused.stdout), refused.stdout
        assert letters(stack, dead)
    # A change that comes later goes by: without redriving, the first would never be listed.
    desk.typed_in("contacts", {"lastname": "Carta Viva"})
    wait_until(lambda: desk.find("contacts", lastname="Carta Viva"), 300, "a later change in the lake")
    assert desk.find("contacts", lastname="Carta Muerta") is None

    given = tool(stack, "redrive")
    assert given.returncode == 0, given.stdout + given.stderr
    assert re.search(r"ProjectDeadLetters +[1-9]\d* given back", given.stdout), given.stdout
    assert letters(stack, dead) == 0
    found = wait_until(lambda: desk.find("contacts", lastname="Carta Muerta"), 300, "the redriven change in the lake")
    assert found["id"] == lost["id"]
    assert [item["kind"] for item in desk.timeline("contacts", lost["id"])] == ["created"]
    assert "empty" in tool(stack, "redrive").stdout


def waiting(stack: Stack) -> dict[str, dict[str, Any]]:
    """The due index: the items by thing."""
    pages = stack.aws("dynamodb").get_paginator("scan").paginate(TableName=stack.environment["WORK_TABLE"])
    items = [item for page in pages for item in page["Items"] if item["pk"]["S"].startswith("DUE#")]
    return {item["sk"]["S"].partition("#")[2]: item for item in items}


def pending(stack: Stack) -> set[str]:
    """What the index calls the assignments that wait for their instant. To others a hint may have been left behind."""
    pages = stack.aws("dynamodb").get_paginator("scan").paginate(TableName=stack.environment["ASSIGNMENTS_TABLE"])
    read = TypeDeserializer().deserialize
    items = [{name: read(value) for name, value in item.items()} for page in pages for item in page["Items"]]
    waits = [item for item in items if item.get("state") == "pending" and item.get("due_at")]
    return {due_thing(Key.from_json(item["key"])) for item in waits}


def test_a_lake_and_a_due_index_that_are_gone_are_rebuilt_from_the_tables(desk: Desk) -> None:
    stack = desk.stack
    binned = desk.typed_in("contacts", {"lastname": "Carta Borrada"})
    wait_until(lambda: desk.find("contacts", lastname="Carta Borrada"), 30, "the new record in the lake")
    stack.api("DELETE", f"/v1/records/contacts/{binned['id']}", expect=204)
    wait_until(lambda: desk.find("contacts", lastname="Carta Borrada") is None, 30, "its deletion in the lake")
    before, waited = listed(stack), waiting(stack)
    for item in waited.values():
        key = {name: item[name] for name in ("pk", "sk")}
        stack.aws("dynamodb").delete_item(TableName=stack.environment["WORK_TABLE"], Key=key)
    angels = desk.find("contacts", lastname="Ferrandis")
    assert angels is not None
    assert before["contacts"] >= 500
    bucket = stack.aws("s3")
    for page in bucket.get_paginator("list_objects_v2").paginate(Bucket=stack.environment["LAKE_BUCKET"]):
        keys = [{"Key": entry["Key"]} for entry in page.get("Contents", ()) if "/part/" in entry["Key"]]
        manifests = [{"Key": e["Key"]} for e in page.get("Contents", ()) if e["Key"].endswith("manifest.json")]
        if gone := keys + manifests:
            bucket.delete_objects(Bucket=stack.environment["LAKE_BUCKET"], Delete={"Objects": gone})

    rebuilt = tool(stack, "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    assert listed(stack) == before
    lasting = pending(stack) | {f"purge#contacts#{binned['id']}"}
    assert lasting <= waited.keys()
    assert lasting <= waiting(stack).keys()
    assert desk.find("contacts", lastname="Ferrandis") == angels

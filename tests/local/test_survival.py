"""What is left of the stack after it was killed, and after it was stopped."""

import json
import os
import signal
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from infra.local.aws import client
from infra.local.emulator import Options
from infra.local.home import Home
from infra.local.process import info, start, stop
from infra.local.testing import FAST, launch
from tests.local import checks, mail_checks
from tests.local.probe import Probe, deployed

KEPT = replace(FAST, snapshot_seconds=0.3)


def kill(home: Home) -> None:
    running = info(home)
    assert running is not None
    os.kill(running["pid"], signal.SIGKILL)
    while info(home) is not None:
        time.sleep(0.05)


def again(probe: Probe) -> Probe:
    return Probe(probe.home, start(probe.home, launch(KEPT)), probe.outputs)


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> object:
    home = Home(tmp_path_factory.mktemp("survival"))
    try:
        yield deployed(home, launch(KEPT))
    finally:
        stop(home)


def test_a_killed_stack_comes_back_with_everything_but_the_last_seconds(probe: Probe) -> None:
    probe.put_records("before")
    probe.expect(lambda: probe.notes("stream"), 10, "the first record on the stream")
    mail_checks.send(probe, "kept@shop.example")
    probe.aws("sesv2").put_suppressed_destination(EmailAddress="gone@shop.example", Reason="BOUNCE")
    moved = probe.clock.move(days=3)
    time.sleep(1)  # three snapshots

    kill(probe.home)
    risen = again(probe)

    assert risen.ports == probe.ports  # old mails lead there
    assert risen.clock.now() >= moved
    table = risen.outputs["Records"]
    assert risen.aws("dynamodb").get_item(TableName=table, Key={"pk": {"S": "before"}, "sk": {"S": "#"}})["Item"]
    assert [mail["to"] for mail in risen.mailbox.messages()] == [["kept@shop.example"]]
    assert risen.aws("sesv2").get_suppressed_destination(EmailAddress="gone@shop.example")
    checks.http_api(risen)  # code, routes, users and signing keys


def test_nothing_is_saved_before_everything_is_loaded(probe: Probe) -> None:
    """A service that is not loaded yet looks empty, and Lambda throws away all code that no function names."""
    kill(again(probe).home)
    eager = launch(replace(KEPT, snapshot_seconds=0.001))
    risen = Probe(probe.home, start(probe.home, eager), probe.outputs)
    checks.http_api(risen)
    stop(risen.home)


def test_a_stream_goes_on_where_it_was(probe: Probe) -> None:
    """Stock saves the positions of the mappings but not the stream, and so sleeps over as many new records."""
    risen = again(probe)
    risen.put_records("after-the-kill")
    risen.expect(
        lambda: "after-the-kill" in [json.loads(note["content"]["S"]) for note in risen.notes("stream")],
        10,
        "a record written after the restart",
    )


def test_objects_and_mails_are_of_the_same_instant_as_the_tables(probe: Probe) -> None:
    """Stock writes objects at once: a record that its table has lost would still stand in the lake."""
    risen = again(probe)
    _write_both(risen, "saved")
    time.sleep(1)  # three snapshots
    for _ in range(5):
        _write_both(risen, "perhaps-lost")
    kill(risen.home)  # at once: some of it is younger than the last snapshot

    risen = again(probe)
    tables, objects, listed, mails = _what_stands(risen)
    assert "saved" in {key.split("/")[0] for key in tables}
    # One instant may fall between two steps of one writing, never the other way round.
    assert mails <= listed <= objects <= tables
    assert len(tables - mails) <= 1


def test_a_kill_before_the_first_snapshot_goes_back_to_the_clean_stop(probe: Probe) -> None:
    assert stop(again(probe).home)
    rare = Probe(probe.home, start(probe.home, launch(replace(KEPT, snapshot_seconds=600))), probe.outputs)
    before = _what_stands(rare)
    _write_both(rare, "too-young")
    kill(rare.home)

    risen = again(probe)
    assert _what_stands(risen) == before
    assert not any(key.startswith("too-young") for key in before[0])


def _write_both(probe: Probe, name: str) -> None:
    """As the product does: the record, an immutable part, the manifest switched to name it, and a mail."""
    key = f"{name}/{uuid.uuid4().hex}"
    s3 = probe.aws("s3")
    s3.create_bucket(Bucket="lake")
    probe.put_records(key)
    s3.put_object(Bucket="lake", Key=f"part/{key}", Body=key.encode())
    keys = [*_manifest(probe), key]
    s3.put_object(Bucket="lake", Key="manifest.json", Body=json.dumps(keys).encode())
    mail_checks.send(probe, f"{key.replace('/', '.')}@both.example")


def _manifest(probe: Probe) -> list[str]:
    s3 = probe.aws("s3")
    found = s3.list_objects_v2(Bucket="lake", Prefix="manifest.json").get("Contents")
    return list(json.loads(s3.get_object(Bucket="lake", Key="manifest.json")["Body"].read())) if found else []


def _what_stands(probe: Probe) -> tuple[set[str], set[str], set[str], set[str]]:
    """The keys by the table, the parts, the manifest and the mailbox."""
    items = probe.aws("dynamodb").scan(TableName=probe.outputs["Records"])["Items"]
    parts = probe.aws("s3").list_objects_v2(Bucket="lake", Prefix="part/").get("Contents", [])
    to = [mail["to"][0] for mail in probe.mailbox.messages()]
    return (
        {item["pk"]["S"] for item in items if "/" in item["pk"]["S"]},
        {part["Key"].removeprefix("part/") for part in parts},
        set(_manifest(probe)),
        {address.split("@")[0].replace(".", "/") for address in to if address.endswith("@both.example")},
    )


def test_a_clean_stop_saves_the_last_second(probe: Probe) -> None:
    risen = again(probe)
    risen.put_records("just-now")
    assert stop(risen.home)
    risen = again(probe)
    key = {"pk": {"S": "just-now"}, "sk": {"S": "#"}}
    assert "Item" in risen.aws("dynamodb").get_item(TableName=risen.outputs["Records"], Key=key)


def test_stock_loses_everything_when_it_is_killed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    chosen = launch(Options(snapshot_seconds=0.3), without=("snapshots",))
    try:
        ports = start(home, chosen)
        client(ports.aws_url, "sqs").create_queue(QueueName="kept")
        time.sleep(1)
        kill(home)
        ports = start(home, chosen)
        assert not client(ports.aws_url, "sqs").list_queues().get("QueueUrls")
    finally:
        stop(home)

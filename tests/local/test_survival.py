"""What is left of the stack after it was killed, and after it was stopped."""

import json
import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from infra.local.aws import client
from infra.local.emulator import Options
from infra.local.home import Home
from infra.local.process import info, start, stop
from infra.local.testing import FAST, launch
from tests.local import checks
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
    checks.send(probe, "kept@shop.example")
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


def test_a_stream_goes_on_where_it_was(probe: Probe) -> None:
    """Stock saves the positions of the mappings but not the stream, and so sleeps over as many new records."""
    risen = again(probe)
    risen.put_records("after-the-kill")
    risen.expect(
        lambda: "after-the-kill" in [json.loads(note["content"]["S"]) for note in risen.notes("stream")],
        10,
        "a record written after the restart",
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

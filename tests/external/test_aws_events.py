"""Every event that AWS is known to send, to every function: its own kind is answered, another one refused."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.deployer.template import load

PROJECT = Path(__file__).parents[2]
CASES = PROJECT.parent / "shared/cases/aws_events.json"
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="../shared/cases/aws_events.json is not here")

#: Looks at no event: any call makes it hand over what is due, which it may do at any time.
WITHOUT_AN_EVENT = {"tick"}
#: What a queue message says that is not ours is passed by with a log line: other systems send through the account too.
PASSES_BY = {"record_events"}

Outcomes = dict[str, dict[str, tuple[str, list[str]]]]


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    command = [sys.executable, "-m", "tests.external.every_handler", str(CASES)]
    paths = os.pathsep.join((str(PROJECT), str(PROJECT / "layers/shared")))
    done = subprocess.run(
        command, cwd=PROJECT, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, timeout=300
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    seen: Outcomes = json.loads(done.stdout)
    return seen


def _kinds() -> dict[str, str]:
    """What the template lets each function be called by: http, sqs, stream, or a state machine."""
    kinds = {}
    for resource in load(PROJECT / "template.yaml")["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function" and resource["Properties"]["CodeUri"].count("/") == 1:
            sources = {event["Type"] for event in resource["Properties"].get("Events", {}).values()}
            kind = {"HttpApi": "http", "SQS": "sqs", "DynamoDB": "stream"}.get(min(sources, default=""), "state")
            kinds[resource["Properties"]["CodeUri"].removeprefix("functions/")] = kind
    return kinds


def _kind(event: dict[str, object]) -> str:
    if str(event.get("version")) == "2.0" and "rawPath" in event:
        return "http"
    records = event.get("Records")
    source = records[0].get("eventSource") if isinstance(records, list) else None
    return {"aws:sqs": "sqs", "aws:dynamodb": "stream"}.get(str(source), "other")


def _pairs(outcomes: Outcomes) -> Iterator[tuple[str, str, bool, str]]:
    """(function, event, of its own kind, outcome)"""
    kinds = _kinds()
    events = json.loads(CASES.read_text())["events"]
    assert set(outcomes) == set(kinds) - {"console/app"}
    for function, seen in outcomes.items():
        for name, (outcome, _) in seen.items():
            if function not in WITHOUT_AN_EVENT:
                yield function, name, kinds[function] == _kind(events[name]), outcome


def test_another_kind_is_refused_by_name(outcomes: Outcomes) -> None:
    refused = [(function, name, outcome) for function, name, own, outcome in _pairs(outcomes) if not own]
    assert len(refused) > 900
    assert [found for found in refused if found[2] != "raised WrongEventError"] == []


def test_its_own_kind_is_answered(outcomes: Outcomes) -> None:
    kinds = _kinds()
    for function, name, own, outcome in _pairs(outcomes):
        if own and kinds[function] == "http":
            assert outcome in ("status 403", "status 404"), (function, name, outcome)
        elif own and kinds[function] == "stream":
            assert outcome == "failures 0 of 2", (function, name, outcome)  # a table that is not ours
        elif own and function not in PASSES_BY:
            failed, _, of = outcome.removeprefix("failures ").partition(" of ")
            assert failed == of, (function, name, outcome)  # none of these is a message of ours


def test_nothing_is_written(outcomes: Outcomes) -> None:
    writes = [
        (function, name, calls)
        for function, seen in outcomes.items()
        for name, (_, calls) in seen.items()
        if calls and function not in WITHOUT_AN_EVENT
    ]
    assert writes == []

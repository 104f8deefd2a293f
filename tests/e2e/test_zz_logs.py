"""At the end of the run: what the functions logged names nobody. The name of this file puts it last."""

import re

import pytest

from infra.local.stack import Stack

pytestmark = pytest.mark.e2e
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+(@|%40)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def test_no_e_mail_address_stands_in_any_log_line(stack: Stack) -> None:
    # What a run of this file alone would log: somebody who is written, and somebody who is refused.
    values = {"lastname": "Registro", "email": "registro@example.com"}
    stack.call("POST", "/v1/records/contacts", {"values": values})
    stack.call("POST", "/v1/records/contacts", {"values": {**values, "email": "registro@@example.com"}})

    lines = _all_lines(stack)

    assert lines
    assert [line[:500] for line in lines if ADDRESS.search(line)] == []


def _all_lines(stack: Stack) -> list[str]:
    """Every line of every function, the platform's own included."""
    logs, lines = stack.aws("logs"), []
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            for streams in logs.get_paginator("describe_log_streams").paginate(logGroupName=group["logGroupName"]):
                for stream in streams["logStreams"]:
                    named = {"logGroupName": group["logGroupName"], "logStreamName": stream["logStreamName"]}
                    lines += [e["message"] for e in logs.get_log_events(**named, startFromHead=True)["events"]]
    return lines

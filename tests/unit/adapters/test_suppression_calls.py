"""What importing a suppression list asks of DynamoDB: a few calls for each hundred addresses, some side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Lock
from time import sleep
from typing import Any

import pytest

from benchmarks.aws_stub import AwsStub
from gotero.adapters.dynamodb import suppressions, table
from gotero.adapters.dynamodb.due_index import DynamoDueIndex
from gotero.adapters.dynamodb.suppressions import DynamoSuppressions
from gotero.domain.user import User
from gotero.services.edit_suppressions import import_list
from tests.unit.services.post_office import PostOffice

LUCIA = User("lucia", "Lucía Ferrer", "lucia@huertaturia.example", "marketer")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsStub]:
    monkeypatch.setenv("MESSAGES_TABLE", "Messages")
    monkeypatch.setenv("WORK_TABLE", "Work")
    client: Any = table.connection().client
    stub = AwsStub()
    stub.attach(client)
    yield stub
    client.meta.events.unregister("before-send.*.*", stub._answer)


def test_a_hundred_addresses_cost_three_calls_and_a_long_list_goes_side_by_side(
    aws: AwsStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, most, lock = 0, 0, Lock()
    protector = replace(PostOffice().protector, suppressions=DynamoSuppressions(lambda: ("secret",)))
    add = suppressions._add_some

    def adding(some: Sequence[Any]) -> int:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        sleep(0.02)
        with lock:
            at_once -= 1
        return add(some)

    monkeypatch.setattr(suppressions, "_add_some", adding)
    text = "\n".join(f"p{n}@example.com" for n in range(2_000))

    told = import_list(protector, DynamoDueIndex(), {"text": text}, LUCIA)

    assert told == {"added": 2_000, "known": 0, "invalid": []}
    assert aws.calls == {
        "BatchGetItem": 20 * 2,  # each address in clear and as a hash
        "TransactWriteItems": 20,
        "BatchWriteItem": 100 / 25,  # the hints for the provider, twenty addresses each
    }
    assert 1 < most <= suppressions._LANES
    dues = [due for key, due in aws.tables.items() if key[0] == "Work"]
    assert len(dues) == 100
    again = import_list(protector, DynamoDueIndex(), {"text": text}, LUCIA)
    assert (again["added"], again["known"]) == (0, 2_000)
    assert aws.calls["TransactWriteItems"] == 20, "whoever stands there is not written again"

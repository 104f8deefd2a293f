"""The stores of sending, in memory and on DynamoDB: one suite for both."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from gotero.adapters.dynamodb.jobs import DynamoJobs
from gotero.adapters.dynamodb.messages import DynamoMessages
from gotero.adapters.dynamodb.suppressions import DynamoSuppressions
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.suppressions import MemorySuppressions
from tests.unit.adapters.sending.samples import Stores


@pytest.fixture(params=["memory", "dynamodb"])
def stores(
    request: pytest.FixtureRequest,
    dynamodb_tables: Callable[[], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Stores]:
    if request.param == "memory":
        messages = MemoryMessages()
        yield Stores(messages, MemoryJobs(messages), MemorySuppressions())
        return
    # Moto's tables copy themselves for each transaction, which no second thread may write meanwhile.
    monkeypatch.setattr("gotero.adapters.dynamodb.suppressions._LANES", 1)
    with dynamodb_tables():
        yield Stores(DynamoMessages(), DynamoJobs(), DynamoSuppressions(lambda: ("new", "before")))

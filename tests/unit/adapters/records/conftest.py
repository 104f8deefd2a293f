"""The stores of records and of what is defined, in memory and on DynamoDB: one suite for both."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from gotero.adapters.dynamodb.definitions import DynamoDefinitions, DynamoNumbers
from gotero.adapters.dynamodb.memberships import DynamoMemberships
from gotero.adapters.dynamodb.records import DynamoRecords
from gotero.adapters.dynamodb.timeline import DynamoTimeline
from gotero.adapters.dynamodb.work import DynamoCounters
from gotero.adapters.memory.definitions import MemoryCounters, MemoryDefinitions
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords, MemoryTimeline
from gotero.adapters.memory.world import SetClock
from tests.unit.adapters.records.samples import Stores


@pytest.fixture(params=["memory", "dynamodb"])
def stores(
    request: pytest.FixtureRequest, dynamodb_tables: Callable[[], AbstractContextManager[None]]
) -> Iterator[Stores]:
    if request.param == "memory":
        yield Stores(
            MemoryRecords(),
            MemoryNumbers(),
            MemoryDefinitions(),
            MemoryMemberships(),
            MemoryTimeline(),
            MemoryCounters(),
        )
        return
    clock = SetClock()
    with dynamodb_tables():
        yield Stores(
            DynamoRecords(),
            DynamoNumbers(),
            DynamoDefinitions(),
            DynamoMemberships(),
            DynamoTimeline(),
            DynamoCounters(clock),
        )

"""What must not happen again so soon: the same in memory and on DynamoDB."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from gotero.adapters.dynamodb.work import DynamoRests
from gotero.adapters.memory.definitions import MemoryRests
from gotero.adapters.memory.world import SetClock
from gotero.ports import Rests


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(params=["memory", "dynamodb"])
def rests(
    request: pytest.FixtureRequest,
    clock: SetClock,
    dynamodb_tables: Callable[[], AbstractContextManager[None]],
) -> Iterator[Rests]:
    if request.param == "memory":
        yield MemoryRests(clock)
        return
    with dynamodb_tables():
        yield DynamoRests(clock)


def test_one_holder_has_it_until_its_end(rests: Rests, clock: SetClock) -> None:
    until = clock.now() + timedelta(hours=24)
    assert rests.begin("a", "first", until)
    assert not rests.begin("a", "second", until)
    assert rests.begin("b", "second", until)
    assert rests.begin("a", "first", until), "the same once more: its answer was lost"
    clock.move(hours=24)
    assert rests.begin("a", "second", clock.now() + timedelta(hours=1))
    assert not rests.begin("a", "first", clock.now() + timedelta(hours=1))

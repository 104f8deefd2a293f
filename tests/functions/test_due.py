"""The tick and the consumer of what is due, as Lambda calls them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from functions.fire_due import app as fire_due
from functions.tick import app as tick
from gotero.entry import wiring, wiring_due
from gotero.ports import Due
from gotero.services.assign import assign_many
from tests.unit.services.drip_world import CAUSE, World


class Context:
    def __init__(self, left_ms: int = 50_000) -> None:
        self._left = left_ms

    def get_remaining_time_in_millis(self) -> int:
        return self._left


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(wiring, "due_index", lambda: world.index)
    monkeypatch.setattr(wiring, "due_queue", lambda: world.queue)
    monkeypatch.setattr(wiring, "clock", world.clock)
    monkeypatch.setattr(wiring_due, "due_handlers", lambda: {"assignment": lambda due: world.fire(due.to_json())})
    return world


def deliver(*bodies: Any) -> list[str]:
    """The ids that come again."""
    records = [
        {
            "messageId": str(index),
            "body": body if isinstance(body, str) else json.dumps(body),
            "attributes": {"ApproximateReceiveCount": "1"},
            "eventSource": "aws:sqs",
        }
        for index, body in enumerate(bodies)
    ]
    answer = fire_due.handler({"Records": records}, Context())  # type: ignore[arg-type]
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_tick_hands_over_and_the_consumer_fires(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[1:])
    world.clock.move(days=10, seconds=-60)
    assert tick.handler({}, Context()) == {"handed": 1}  # type: ignore[arg-type]
    assert world.queue.take() == []
    world.clock.move(seconds=60)
    assert deliver(*world.queue.take()) == []
    assert world.states(lia) == ["done", "pending"]


def test_a_tick_that_runs_out_of_time_leaves_the_rest(world: World) -> None:
    people = [world.contact(f"p{n}") for n in range(101)]
    assign_many(world.drips, people, cause=CAUSE, scheduled_actions=world.welcome[1:2])
    world.clock.move(days=10)
    assert tick.handler({}, Context(left_ms=9_000)) == {"handed": 100}  # type: ignore[arg-type]
    assert tick.handler({}, Context()) == {"handed": 1}  # type: ignore[arg-type]


def test_what_nobody_knows_comes_again_until_it_is_a_dead_letter(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[:1])
    (known,) = world.queue.take()
    unknown = Due(datetime(2026, 11, 21, tzinfo=UTC), "birthday#x", {}).to_json()
    assert deliver(unknown, known, {"at": "soon"}, "{") == ["0", "2", "3"]
    assert world.states(lia) == ["done"]

"""Actions, scheduled actions and plans: what is refused, and what is in use."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from gotero.domain.errors import ConflictError, InvalidError
from gotero.domain.record import Ref
from gotero.services.assign import assign_many
from gotero.services.save_action import delete_action
from gotero.services.save_plan import delete_plan, update_plan
from gotero.services.save_scheduled_action import delete_scheduled_action, update_scheduled_action
from gotero.services.write_definition import get_definition
from tests.unit.services.drip_world import CAUSE, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def refused(world: World) -> Iterator[World]:
    """What is refused has written nothing."""
    yield world
    assert not world.assignments._by_key
    assert not world.queue.messages
    assert not list(world.index.due(datetime(2030, 1, 1, tzinfo=UTC)))


def test_refuses_what_is_not_there(refused: World) -> None:
    lia = refused.contact()
    wanted: list[tuple[list[Ref], dict[str, Any], str, str]] = [
        ([Ref("contacts", "nobody")], {"scheduled_actions": refused.welcome}, "recipients[0].id", "not_found"),
        ([lia, Ref("invoices", "x")], {"scheduled_actions": refused.welcome}, "recipients[1].module", "choice"),
        ([lia], {"scheduled_actions": ["nothing"]}, "scheduled_action_ids[0]", "not_found"),
        ([lia], {"plan": "nothing"}, "plan_id", "not_found"),
        ([lia], {"plan": refused.plan, "subject": Ref("invoices", "x")}, "subject", "not_found"),
    ]
    for recipients, how, path, rule in wanted:
        with pytest.raises(InvalidError) as error:
            assign_many(refused.drips, recipients, cause=CAUSE, **how)
        assert [(e.path, e.rule) for e in error.value.errors] == [(path, rule)]


def test_refuses_what_is_inactive(refused: World) -> None:
    lia = refused.contact()
    update_scheduled_action(refused.writer, refused.welcome[0], {"status": "inactive"}, cause=CAUSE)
    update_plan(refused.writer, refused.plan, {"status": "inactive"}, cause=CAUSE)
    with pytest.raises(InvalidError, match=r"scheduled_action_ids\[0\]: inactive"):
        assign_many(refused.drips, [lia], cause=CAUSE, scheduled_actions=refused.welcome)
    with pytest.raises(InvalidError, match="plan_id: inactive"):
        assign_many(refused.drips, [lia], cause=CAUSE, plan=refused.plan)


def test_what_is_in_use_is_not_deleted(world: World) -> None:
    with pytest.raises(ConflictError):
        delete_action(world.writer, world.action)
    with pytest.raises(ConflictError):
        delete_scheduled_action(world.writer, world.welcome[0])
    delete_plan(world.writer, world.plan)
    for id in world.welcome:
        delete_scheduled_action(world.writer, id)
    delete_action(world.writer, world.action)
    assert world.definitions.all("actions") == []


def test_a_change_over_another_version_is_refused(world: World) -> None:
    update_scheduled_action(world.writer, world.welcome[0], {"reference": "b"}, cause=CAUSE, expected_version=1)
    with pytest.raises(ConflictError):
        update_scheduled_action(world.writer, world.welcome[0], {"reference": "c"}, cause=CAUSE, expected_version=1)
    found = get_definition(world.definitions, "scheduled_actions", world.welcome[0])
    assert (found.data["reference"], found.version, found.data["created_by"]) == ("b", 2, "lucia")


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"action_id": "nothing"}, "action_id", "not_found"),
        ({"sender": "user:nobody"}, "sender", "user"),
        ({"when": {"on": "field", "field": "firstname"}}, "when.field", "unknown_field"),
        ({"when": {"on": "field", "field": "subject.nothing"}}, "when.field", "unknown_field"),
    ],
)
def test_a_scheduled_action_names_only_what_exists(
    world: World, changes: dict[str, object], path: str, rule: str
) -> None:
    with pytest.raises(InvalidError) as error:
        update_scheduled_action(world.writer, world.welcome[0], changes, cause=CAUSE)
    assert [(e.path, e.rule) for e in error.value.errors] == [(path, rule)]

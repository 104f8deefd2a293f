"""Assigning, by plan and directly, and taking back: once each, told, and no more once it is claimed."""

import pytest

from gotero.domain.assignment import RENEWABLE, Key
from gotero.domain.catalogue import drip, skips
from gotero.domain.errors import ConflictError, InvalidError, NotFoundError, TransientError
from gotero.services.assign import assign_many
from gotero.services.assign_by_task import assign_by_task, unassign_by_task
from gotero.services.list_assignments import get_assignment, list_assignments
from gotero.services.save_plan import delete_plan, update_plan
from gotero.services.unassign import cancel_assignment, unassign_many
from tests.unit.services.drip_world import CAUSE, LEFT, WORKFLOW, World


@pytest.fixture
def world() -> World:
    return World()


def test_assigning_twice_is_once(world: World) -> None:
    lia = world.contact()
    first = assign_many(world.drips, [lia, lia], cause=CAUSE, scheduled_actions=world.welcome)
    world.clock.move(days=2)
    assert assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome) == first


def test_a_plan_and_a_direct_assignment_are_both_kept_and_send_once(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=CAUSE, plan=world.plan)
    found = assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome)
    assert {a.via for a in found} == {(f"plan:{world.plan}", "direct")}
    unassign_many(world.drips, [lia], cause=CAUSE, plan=world.plan)
    assert [(a.state, a.via) for a in world.of(lia)] == [("pending", ("direct",))] * 3
    world.run(2)
    assert list(world.mails.asked.values()) == [1]
    unassign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome)
    assert world.states(lia) == ["done", "skipped(unassigned)", "skipped(unassigned)"]


def test_unassigning_one_action_stops_what_came_by_the_plan_alone(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=CAUSE, plan=world.plan)
    unassign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[2:])
    assert world.states(lia) == ["pending", "pending", "skipped(unassigned)"]


def test_unassigning_a_plan_reaches_what_is_no_longer_part_of_it(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=CAUSE, plan=world.plan)
    update_plan(world.writer, world.plan, {"scheduled_actions": world.welcome[:1]}, cause=CAUSE)
    delete_plan(world.writer, world.plan)
    assert len(unassign_many(world.drips, [lia], cause=CAUSE, plan=world.plan)) == 3


def test_assigned_again_after_unassigning_it_is_pending_again(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=WORKFLOW, scheduled_actions=world.welcome[1:2])
    unassign_many(world.drips, [lia], cause=LEFT, scheduled_actions=world.welcome)
    world.clock.move(days=5)
    (again,) = assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[1:2])
    assert (again.state, again.due_at) == ("pending", "2026-12-06T09:00:00.000Z")
    world.clock.move(days=5)
    assert world.run(3) == ["early"]  # the first hint: it was moved
    world.clock.move(days=5)
    world.run(3)
    assert world.states(lia) == ["done"]


def test_an_event_that_comes_again_changes_nothing(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=WORKFLOW, scheduled_actions=world.welcome[1:2])
    unassign_many(world.drips, [lia], cause=LEFT, scheduled_actions=world.welcome)
    assign_many(world.drips, [lia], cause=WORKFLOW, scheduled_actions=world.welcome[1:2])
    assert world.states(lia) == ["skipped(unassigned)"]
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[1:2])
    unassign_many(world.drips, [lia], cause=LEFT, scheduled_actions=world.welcome)
    assert world.states(lia) == ["pending"]


def test_two_subjects_run_apart(world: World) -> None:
    carme = world.contact("carme")
    first, second = (world.contact(id, "invoices") for id in ("f117", "f131"))
    for invoice in (first, second):
        assign_many(world.drips, [carme], cause=CAUSE, scheduled_actions=world.welcome, subject=invoice)
    world.run(2)
    unassign_many(world.drips, [carme], cause=CAUSE, scheduled_actions=world.welcome, subject=second)
    world.clock.move(days=50)
    world.run(10)
    ended = {subject: [a.state for a in world.of(carme) if a.key.subject == subject] for subject in (first, second)}
    assert sorted(ended[first]) == ["done", "done", "done"]
    assert sorted(ended[second]) == ["done", "skipped", "skipped"]


def test_once_claimed_it_can_no_longer_be_taken_back(world: World) -> None:
    lia = world.contact()
    (found,) = assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[:1])
    world.mails.error = TransientError("crash after the claim")
    (body,) = world.queue.take()
    with pytest.raises(TransientError):
        world.fire(body)
    unassign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome)
    with pytest.raises(ConflictError):
        cancel_assignment(world.drips, found.id, cause=CAUSE)
    world.mails.error = None
    assert world.fire(body) == "fired"
    assert world.states(lia) == ["done"]


def test_one_assignment_is_cancelled_by_its_id_whatever_its_routes(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=CAUSE, plan=world.plan, scheduled_actions=world.welcome)
    last = max(world.of(lia), key=lambda a: a.due_at or "")
    cancelled = cancel_assignment(world.drips, last.id, cause=CAUSE)
    assert (cancelled.state, cancelled.reason, cancelled.via) == ("skipped", "unassigned", ())
    assert cancel_assignment(world.drips, last.id, cause=CAUSE) == cancelled
    assert get_assignment(world.assignments, last.id) == cancelled
    with pytest.raises(NotFoundError):
        cancel_assignment(world.drips, "nobody", cause=CAUSE)


def test_the_list_of_a_recipient_goes_by_due_instant_in_pages(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome)
    page, more = list_assignments(world.assignments, lia, scheduled_action=None, limit=2, cursor=None)
    rest, end = list_assignments(world.assignments, lia, scheduled_action=None, limit=2, cursor=more)
    assert {a.id for a in [*page, *rest]} == {a.id for a in world.of(lia)}
    assert end is None
    one, _ = list_assignments(world.assignments, lia, scheduled_action=world.welcome[1], limit=9, cursor=None)
    assert [a.key for a in one] == [Key(world.welcome[1], lia)]
    with pytest.raises(InvalidError, match="cursor"):
        list_assignments(world.assignments, world.contact("other"), scheduled_action=None, limit=9, cursor=more)


def test_a_task_assigns_and_unassigns(world: World) -> None:
    lia = world.contact()
    params = {"scheduled_action_id": world.welcome[0], "scheduled_action_ids": world.welcome[1:]}
    done = assign_by_task(world.drips, lia, params, None, WORKFLOW)
    assert done == {"assignments": [Key(id, lia).id for id in world.welcome]}
    unassign_by_task(world.drips, lia, {"scheduled_action_id": world.welcome[2]}, None, LEFT)
    assert world.states(lia) == ["pending", "pending", "skipped(unassigned)"]
    iker = world.contact("iker")
    assign_by_task(world.drips, iker, {"plan_id": world.plan}, None, WORKFLOW)
    unassign_by_task(world.drips, iker, {"plan_id": world.plan}, None, LEFT)
    assert world.states(iker) == ["skipped(unassigned)"] * 3


def test_every_reason_has_its_words_and_none_means_two_things() -> None:
    reasons = RENEWABLE | {"definition", "mail"}
    assert drip.TEXT["es"].keys() == drip.TEXT["en"].keys() == reasons
    assert not reasons & skips.TEXT["es"].keys()


def test_assigned_and_unassigned_are_told_on_the_timeline(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=[world.welcome[1]])
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=[world.welcome[1]])
    unassign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=[world.welcome[1]])
    told = world.timeline.page(lia, 10, None)[0]
    assert sorted(entry.kind for entry in told) == ["assigned", "unassigned"]
    assert {entry.cause for entry in told} == {CAUSE}
    assert {entry.data["name"] for entry in told} == {"r"}

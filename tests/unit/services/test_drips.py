"""Assigning, firing, unassigning: the story of the welcome, of birthdays and of plans, on memory adapters."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gotero.domain.assignment import RENEWABLE, Assignment, Key
from gotero.domain.catalogue import drip, skips
from gotero.domain.errors import ConflictError, InvalidError, NotFoundError, PermanentError, TransientError
from gotero.domain.record import Cause, Ref
from gotero.ports import Due
from gotero.services.assign import assign_many, preview_many
from gotero.services.assign_by_task import assign_by_task, unassign_by_task
from gotero.services.list_assignments import get_assignment, list_assignments
from gotero.services.save_action import delete_action
from gotero.services.save_plan import delete_plan, update_plan
from gotero.services.save_scheduled_action import delete_scheduled_action, update_scheduled_action
from gotero.services.tick import tick
from gotero.services.unassign import cancel_assignment, unassign_many
from gotero.services.write_definition import get_definition
from tests.unit.services.drip_world import CAUSE, Planned, World

WORKFLOW = Cause("workflow", "w1", part="t1", event="e1", depth=1)
LEFT = Cause("workflow", "w2", part="t1", event="e2", depth=1)


@pytest.fixture
def world() -> World:
    return World()


def test_a_welcome_leaves_at_once_and_the_rest_has_its_exact_instants(world: World) -> None:
    lia = world.contact()
    found = assign_many(world.drips, [lia], cause=WORKFLOW, scheduled_actions=world.welcome)
    assert [a.due_at for a in found] == [
        "2026-11-21T09:00:00.000Z",
        "2026-12-01T09:00:00.000Z",
        "2026-12-31T09:00:00.000Z",
    ]
    assert world.deliver() == ["fired"]  # without waiting for the tick
    assert world.states(lia) == ["done", "pending", "pending"]
    (sent,) = world.mails.sent.values()
    assert sent["recipient"] == lia
    assert (sent["template_id"], sent["sender"], sent["source_kind"]) == ("welcome", "recipient_owner", "as")
    assert sent["cause"] == Cause("assignment", found[0].id, event="e1", depth=1)


def test_the_clock_sends_the_others_once_even_when_a_tick_runs_twice(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=WORKFLOW, scheduled_actions=world.welcome)
    world.run(10)
    for days in (10, 40):
        world.clock.set(datetime(2026, 11, 21, 9, tzinfo=UTC) + timedelta(days=days))
        entries = [due for page in world.index.due(world.clock.now()) for due in page]
        tick(world.index, world.queue, world.clock)
        world.queue.put([due.to_json() for due in entries])  # the second tick saw the same
        world.run(3)
    assert world.states(lia) == ["done", "done", "done"]
    assert list(world.mails.asked.values()) == [1, 1, 1]


def test_unassigning_before_day_40_stops_the_last(world: World) -> None:
    lia = world.contact()
    assign_many(world.drips, [lia], cause=WORKFLOW, scheduled_actions=world.welcome)
    world.run(10)
    world.clock.move(days=35)
    world.run()
    left = unassign_many(world.drips, [lia], cause=LEFT, scheduled_actions=world.welcome)
    assert [(a.state, a.reason) for a in left] == [("done", None), ("done", None), ("skipped", "unassigned")]
    assert left[2].cause == LEFT
    world.clock.move(days=10)
    world.run(3)
    assert world.states(lia) == ["done", "done", "skipped(unassigned)"]
    assert len(world.mails.sent) == 2


def test_nothing_fires_before_its_instant(world: World) -> None:
    lia = world.contact()
    soon = world.scheduled({"on": "assignment", "offset": {"minutes": 2}})
    later = world.scheduled({"on": "assignment", "offset": {"minutes": 20}})
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=[soon, later])
    for minute in range(25):
        world.run()
        states = {a.key.scheduled_action: a.state for a in world.of(lia)}
        assert states[soon] == ("done" if minute >= 2 else "pending")
        assert states[later] == ("done" if minute >= 20 else "pending")


def test_a_hint_that_comes_too_early_is_laid_down_again(world: World) -> None:
    lia = world.contact()
    (found,) = assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[1:2])
    early = Due(world.clock.now(), f"assignment#{found.id}", found.key.to_json()).to_json()
    for entry in [due for page in world.index.due(datetime(2030, 1, 1, tzinfo=UTC)) for due in page]:
        world.index.done([entry])
    assert world.fire(early) == "early"
    world.clock.move(days=10, minutes=-10)
    assert world.fire(early) == "early"
    world.clock.move(minutes=10)
    assert world.deliver() == ["fired"]


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


def test_birthdays_gone_by_are_skipped_and_shown(world: World) -> None:
    old = world.scheduled({"on": "field", "field": "birthday", "count": "as_is", "offset": {"days": 365}})
    carnival = world.scheduled({"on": "date", "date": "2026-02-17"})
    lia = world.contact(birthday="1985-03-14")
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=[old, carnival])
    assert world.run(10) == []
    assert [(a.state, a.reason, a.due_at) for a in sorted(world.of(lia), key=lambda a: a.due_at or "")] == [
        ("skipped", "past", "1986-03-14T08:00:00.000Z"),
        ("skipped", "past", "2026-02-17T08:00:00.000Z"),
    ]


def test_without_a_birthday_there_is_no_date_until_it_is_known(world: World) -> None:
    birthday = world.scheduled({"on": "field", "field": "birthday", "count": "next_anniversary"})
    lia = world.contact()
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=[birthday])
    assert world.states(lia) == ["skipped(no_date)"]
    world.change(lia, birthday="1988-02-29")
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=[birthday])
    assert [a.due_at for a in world.of(lia)] == ["2027-02-28T08:00:00.000Z"]


def test_new_year_comes_at_nine_in_each_zone(world: World) -> None:
    year = world.scheduled({"on": "date", "date": "2027-01-01", "at": "09:00"})
    zones = ("Europe/Madrid", "Atlantic/Canary", "America/Mexico_City", "Asia/Tokyo")
    people = [world.contact(zone, time_zone=zone) for zone in zones]
    found = assign_many(world.drips, people, cause=CAUSE, scheduled_actions=[year])
    assert [(a.due_at, a.zone) for a in found] == [
        ("2027-01-01T08:00:00.000Z", "Europe/Madrid"),
        ("2027-01-01T09:00:00.000Z", "Atlantic/Canary"),
        ("2027-01-01T15:00:00.000Z", "America/Mexico_City"),
        ("2027-01-01T00:00:00.000Z", "Asia/Tokyo"),
    ]


def test_the_preview_is_what_assigning_then_does(world: World) -> None:
    lia = world.contact(birthday="1985-03-14", time_zone="Asia/Tokyo")
    birthday = world.scheduled({"on": "field", "field": "birthday", "count": "next_anniversary", "at": "08:00"})
    update_scheduled_action(world.writer, world.welcome[0], {"status": "inactive"}, cause=CAUSE)
    wanted = [birthday, world.welcome[0]]
    shown = preview_many(world.drips, [lia], cause=CAUSE, scheduled_actions=wanted)
    assert [(a.state, a.reason, a.due_at, a.zone) for a in shown] == [
        ("pending", None, "2027-03-13T23:00:00.000Z", "Asia/Tokyo"),
        ("skipped", "inactive", "2026-11-21T09:00:00.000Z", "Asia/Tokyo"),
    ]
    assert world.of(lia) == []
    assert assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=[birthday]) == shown[:1]


def test_what_turned_meaningless_is_skipped_with_the_reason(world: World) -> None:
    lia = world.contact()
    gone = world.contact("gone")
    assign_many(world.drips, [lia, gone], cause=CAUSE, scheduled_actions=world.welcome[:1])
    assign_many(world.drips, [lia], cause=CAUSE, plan=world.plan)
    update_scheduled_action(world.writer, world.welcome[0], {"status": "inactive"}, cause=CAUSE)
    assert world.deliver() == ["skipped", "skipped"]
    update_plan(world.writer, world.plan, {"status": "obsolete"}, cause=CAUSE)
    assign_many(world.drips, [gone], cause=CAUSE, scheduled_actions=world.welcome[2:])
    world.change(gone, deleted=True)
    world.clock.move(days=41)
    world.run(3)
    assert world.states(lia) == ["skipped(inactive)", "skipped(plan_window)", "skipped(plan_window)"]
    assert world.states(gone) == ["skipped(inactive)", "skipped(no_recipient)"]
    assert not world.mails.sent


def test_outside_the_days_of_its_plan_only_a_direct_route_runs(world: World) -> None:
    advent = {"status": "between", "from": "2026-12-01", "to": "2026-12-24"}
    update_plan(world.writer, world.plan, advent, cause=CAUSE)
    lia, iker = world.contact("lia"), world.contact("iker")
    assign_many(world.drips, [lia, iker], cause=CAUSE, plan=world.plan)
    assign_many(world.drips, [iker], cause=CAUSE, scheduled_actions=world.welcome[2:])
    world.run(2)
    for days in (10, 30):
        world.clock.move(days=days)
        world.run(3)
    assert world.states(lia) == ["skipped(plan_window)", "done", "skipped(plan_window)"]
    assert world.states(iker) == ["skipped(plan_window)", "done", "done"]


def test_a_mail_that_is_refused_leaves_its_reason(world: World) -> None:
    lia = world.contact()
    world.mails.answer = Planned("skipped", "no_email")
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[:1])
    world.run(2)
    assert world.states(lia) == ["skipped(no_email)"]
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[:1])
    assert world.run(3) in ([], ["nothing"])
    assert world.states(lia) == ["skipped(no_email)"]  # its message record stands: it is not another one


def test_an_error_that_may_pass_comes_again_and_one_that_stays_is_shown(world: World) -> None:
    lia, iker = world.contact("lia"), world.contact("iker")
    for person, error in ((lia, TransientError("throttled")), (iker, PermanentError("template"))):
        assign_many(world.drips, [person], cause=CAUSE, scheduled_actions=world.welcome[:1])
        (body,) = world.queue.take()
        world.mails.error = error
        if person == lia:
            with pytest.raises(TransientError):
                world.fire(body)
            world.mails.error = None
        world.fire(body)
    assert world.states(lia) == ["done"]
    assert world.states(iker) == ["error(mail)"]


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


def test_who_made_it_can_be_the_sender(world: World) -> None:
    lia = world.contact()
    by_creator = world.scheduled({"on": "assignment"}, sender="creator")
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=[by_creator])
    world.run()
    assert [mail["sender"] for mail in world.mails.sent.values()] == ["user:lucia"]


def test_a_tick_stops_when_it_is_told_to_and_the_next_goes_on(world: World) -> None:
    people = [world.contact(f"p{n}") for n in range(150)]
    assign_many(world.drips, people, cause=CAUSE, scheduled_actions=world.welcome[1:2])
    world.clock.move(days=11)
    assert tick(world.index, world.queue, world.clock, enough=lambda: True) == 100
    assert tick(world.index, world.queue, world.clock) == 50
    assert tick(world.index, world.queue, world.clock) == 0
    assert world.deliver() == ["fired"] * 150


def test_a_crash_between_due_entry_and_assignment_harms_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lia = world.contact()

    def crash(assignment: Assignment) -> None:
        raise TransientError("lost")

    with monkeypatch.context() as patch:
        patch.setattr(world.assignments, "put", crash)
        with pytest.raises(TransientError):
            assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[:1])
    assert world.run(10) == ["nothing"]
    assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[:1])
    world.queue.messages.clear()  # the process died before the queue heard of it
    assert world.run(10) == ["fired"]


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

"""Drips on a moved clock: what leaves at once, what at its exact instant, and what not at all."""

from datetime import UTC, datetime, timedelta

import pytest

from gotero.domain.errors import PermanentError, TransientError
from gotero.domain.record import Cause
from gotero.ports import Due
from gotero.services.assign import assign_many, preview_many
from gotero.services.save_plan import update_plan
from gotero.services.save_scheduled_action import update_scheduled_action
from gotero.services.tick import tick
from gotero.services.unassign import unassign_many
from tests.unit.services.drip_world import CAUSE, LEFT, WORKFLOW, Planned, World


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

    def crash(*_: object) -> None:
        raise TransientError("lost")

    with monkeypatch.context() as patch:
        patch.setattr(world.assignments, "put", crash)
        with pytest.raises(TransientError):
            assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[:1])
    assert world.run(10) == ["nothing"]
    assert world.timeline.page(lia, 9, None)[0] == []
    with monkeypatch.context() as patch:
        patch.setattr(world.queue, "put", crash)  # the process dies before the queue hears of it
        with pytest.raises(TransientError):
            assign_many(world.drips, [lia], cause=CAUSE, scheduled_actions=world.welcome[:1])
    assert [entry.kind for entry in world.timeline.page(lia, 9, None)[0]] == ["assigned"], "told all the same"
    assert world.run(10) == ["fired"]

"""AutoSync turned on, changed and turned off: never empty, never half to a reader, and right in the end."""

from contextlib import suppress
from typing import Any

import pytest

from gotero.domain.errors import ConflictError, InvalidError, TransientError
from gotero.domain.record import Cause
from gotero.services.control_job import control_job
from gotero.services.find_filter import Chosen
from gotero.services.save_record import update_record
from gotero.services.start_fill import start_load
from gotero.services.work_job import TRIES
from tests.unit.services.filled_office import ALZIRA, BY_HAND, TWITTER, Filled, ids, stored, told
from tests.unit.services.office import BY_MARC, MARC


def test_a_filled_segment_is_seen_whole_or_not_at_all() -> None:
    office = Filled()
    job = office.turn(TWITTER)
    assert job
    sizes = [len(office.seen())]
    while office.step():
        sizes.append(len(office.seen()))
    assert set(sizes) == {0, 250}
    assert office.seen() == ids(office.people)
    assert sorted(told(office, "segment_entered")) == sorted(office.seen())
    done = office.jobs.get(job.id)
    assert done
    assert (done.state, done.total, done.processed, done.to_json()["progress"]) == ("finished", 250, 250, 1.0)
    assert [rule["state"] for rule in stored(office, office.made)["autosync"]] == ["active"]


def test_progress_is_told_while_it_goes() -> None:
    office = Filled()
    job = office.turn(TWITTER)
    assert job
    office.step()
    half = office.jobs.get(job.id)
    assert half
    assert (half.to_json()["total"], half.to_json()["processed"], half.to_json()["progress"]) == (250, 100, 0.4)
    with pytest.raises(ConflictError):
        control_job(office.job_line, None, job.id, "pause")  # type: ignore[arg-type]  # never asked


def test_a_changed_filter_takes_the_place_of_the_old_one_at_once() -> None:
    office = Filled()
    office.turn(TWITTER)
    office.work()
    office.memberships.told.clear()
    assert office.turn(TWITTER) is None
    office.turn(ALZIRA)
    old, new = ids(office.people), ids(office.people[1::2])
    views = []
    while office.step():
        views.append(office.seen())
        update_record(office.writer, office.people[1], {"title": str(len(views))}, cause=BY_MARC)
    assert old in views
    assert [view for view in views if view not in (old, new)] == []
    office.sync()
    assert office.seen() == new
    assert sorted(told(office, "segment_left")) == sorted(old - new)
    assert told(office, "segment_entered") == []
    office.pass_time(minutes=10)
    data = stored(office, office.made)
    assert ([rule["generation"] for rule in data["autosync"]], data["retired"]) == ([2], [])
    assert all(len(office.given(ref)) <= 1 for ref in office.people)


def test_what_changes_while_it_is_filled_is_right_in_the_end() -> None:
    office = Filled()
    office.turn(TWITTER)
    office.step()
    first, last = office.people[0], office.people[-1]
    update_record(office.writer, first, {"leadsource": None}, cause=BY_MARC)
    update_record(office.writer, last, {"leadsource": None}, cause=BY_MARC)
    update_record(office.writer, office.nobody, {"leadsource": "Twitter"}, cause=BY_MARC)
    office.sync()
    assert office.seen() == (ids(office.people) | {office.nobody.id}) - {first.id, last.id}


def test_whom_the_lake_did_not_know_is_found_in_the_last_round() -> None:
    office = Filled()
    late = office.contact(leadsource="Twitter")
    office.changes.clear()  # evaluated before the rule was there, and not projected yet
    job = office.turn(TWITTER)
    assert job
    while office.step():
        pass
    assert office.memberships.get(office.made.id, late) is None
    office.pass_time(minutes=3)
    assert office.memberships.get(office.made.id, late)


def test_turned_off_it_takes_away_what_it_gave_and_no_more() -> None:
    office = Filled()
    by_hand = office.people[0]
    office.turn(TWITTER)
    office.work()
    office.turn(ALZIRA)
    office.step()  # a second generation is half way when both go
    assert office.turn(ALZIRA, on=False)
    assert office.seen() == set()
    office.work()
    assert office.seen() == set()
    assert all(office.given(ref) == set() for ref in [*office.people, by_hand])
    assert sorted(told(office, "segment_left")) == sorted(ids(office.people))
    assert stored(office, office.made)["autosync"] == []
    office.pass_time(minutes=10)
    assert stored(office, office.made)["retired"] == []
    assert office.turn(ALZIRA, on=False) is None


def test_a_job_whose_message_is_lost_begins_again() -> None:
    office = Filled()
    office.turn(TWITTER)
    office.step()
    office.queue.take()
    office.pass_time(minutes=20)
    assert office.seen() == ids(office.people)


class Killed(BaseException):
    """No memory is left, or no time."""


def test_a_step_that_kills_its_worker_every_time_ends_its_job_and_is_resumed_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Filled()
    job = office.turn(TWITTER)
    assert job
    office.step()
    deaths = []

    def deadly(*_: Any, **__: Any) -> None:
        deaths.append(office.clock.now())
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(office.lake, "page", deadly)
        for _ in range(TRIES + 3):
            with suppress(Killed):
                office.pass_time(minutes=6)
    failed = office.jobs.get(job.id)
    assert failed
    assert (failed.state, failed.to_json()["stopped"], len(deaths), failed.seen) == (
        "failed",
        "step_killed",
        TRIES,
        100,
    )
    assert office.seen() == set(), "a generation that is not whole is nobody's"
    with pytest.raises(ConflictError):
        control_job(office.job_line, None, job.id, "cancel")  # type: ignore[arg-type]  # never asked

    resumed = control_job(office.job_line, None, job.id, "resume")  # type: ignore[arg-type]  # never asked
    assert (resumed.state, resumed.stopped) == ("running", "")
    office.pass_time(minutes=1)
    assert office.seen() == ids(office.people)
    assert sorted(told(office, "segment_entered")) == sorted(office.seen())


def test_a_step_that_can_tell_why_it_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Filled()
    job = office.turn(TWITTER)
    assert job

    def refused(*_: Any, **__: Any) -> None:
        raise TransientError("throttled")

    with monkeypatch.context() as patch:
        patch.setattr(office.lake, "page", refused)
        for _ in range(TRIES + 3):
            with suppress(TransientError):
                office.pass_time(minutes=6)
    waiting = office.jobs.get(job.id)
    assert waiting and (waiting.state, waiting.tries) == ("running", 0)
    office.pass_time(minutes=6)
    assert office.seen() == ids(office.people)


def test_every_step_twice_is_as_good_as_once() -> None:
    office = Filled()
    office.turn(TWITTER)
    while office.queue.bodies:
        office.queue.bodies.insert(0, office.queue.bodies[0])
        office.step()
        office.step()
        office.project()
        del office.queue.bodies[4:]
    assert office.seen() == ids(office.people)
    assert sorted(told(office, "segment_entered")) == sorted(office.seen())


def test_an_inactive_segment_is_not_turned_on_and_catches_up_when_it_wakes() -> None:
    office = Filled()
    office.turn(TWITTER)
    office.work()
    office.set_status("Inactivo")
    update_record(office.writer, office.people[0], {"leadsource": None}, cause=BY_MARC)
    update_record(office.writer, office.nobody, {"leadsource": "Twitter"}, cause=BY_MARC)
    office.sync()
    assert office.seen() == ids(office.people)
    with pytest.raises(ConflictError):
        office.turn(ALZIRA)
    office.set_status("Activo")
    office.work()
    assert office.seen() == (ids(office.people) | {office.nobody.id}) - {office.people[0].id}


def test_a_filter_loaded_once_adds_who_meets_it_and_follows_nobody() -> None:
    office = Filled()
    out = office.people[0]
    office.memberships.add(office.made.id, out, BY_HAND)
    office.memberships.remove(office.made.id, out, None, BY_MARC, "")
    job = start_load(office.filler, office.made, TWITTER, user_id=MARC)
    office.work()
    assert office.seen() == ids(office.people[1:])
    update_record(office.writer, office.people[1], {"leadsource": None}, cause=BY_MARC)
    office.sync()
    assert office.seen() == ids(office.people[1:])
    found = office.memberships.get(office.made.id, office.people[2])
    assert found
    assert (found.sources[0].id, found.sources[0].cause) == ("f", Cause("user", MARC, part=job.id))
    with pytest.raises(InvalidError):
        start_load(office.filler, office.made, Chosen("messages", {"all": []}), user_id=MARC)

"""Erasing a person: nothing of them is left anywhere, and yet nobody writes to their address again."""

from typing import Any

import pytest

from gotero.domain.errors import InvalidError, NotAllowedError, NotFoundError
from gotero.domain.message import State
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Ref
from gotero.services.bin_record import Bin, bin_record
from gotero.services.erase_person import AGAIN, ERASE, erase_again, erase_kinds, preview_erase, start_erase
from gotero.services.project_change import RecordChange, project_changes
from gotero.services.record_event import record_event
from gotero.services.save_record import create_record
from gotero.services.work_job import work_job
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.person_house import IS, PERSONAL, WAS, House, found
from tests.unit.services.post_office import PostOffice


@pytest.fixture
def house() -> House:
    return House(PostOffice())


def test_nothing_of_a_person_is_left_anywhere(house: House) -> None:
    ref = house.zoe()
    assert found(house.everything()) == list(PERSONAL)
    shown = preview_erase(house.eraser, ref)
    assert (len(shown["records"]), shown["messages"], shown["memberships"]) == (2, 1, 1)
    assert shown["stays_suppressed"]

    job = house.erase(ref)

    assert job.state == "finished"
    assert job.created_by == MARC
    assert job.params["name"] == shown["number"]
    assert found(house.everything()) == []
    house.project()  # what the stream tells of it brings nothing back
    assert found(house.everything()) == []
    assert [entry.kind for entry in house.post.timeline.page(ref, 10, None)[0]][-1] == "erased"


def test_what_was_sent_still_counts(house: House) -> None:
    ref = house.zoe()
    house.erase(ref)
    (message,) = house.post.messages.of(ref)
    assert (message.state, message.feedback.clicked, message.feedback.bounce_type) == (State.BOUNCED, 1, "hard")
    late = MessageEvent(
        id="late",
        kind=EventKind.CLICKED,
        message_id=message.id,
        at="2026-11-21T10:00:00.000Z",
        url="https://zoe.example",
    )
    record_event(house.post.intake, late)
    (message,) = house.post.messages.of(ref)
    assert message.feedback.clicked == 2
    assert found(repr(message)) == []


def test_the_address_is_never_written_to_again(house: House) -> None:
    house.erase(house.zoe())
    for address in (WAS, IS):
        again = create_record(
            house.post.writer, "leads", {"lastname": "N", "email": address}, cause=BY_MARC, owner=MARC
        ).ref
        segment = house.post.segment([again], f"of-{again.id}")
        job = house.post.run(house.post.send(house.post.campaign(f"to {again.id}"), house.post.order(segment)))
        message = house.post.message(job, again)
        assert (message.state, message.reason) == (State.SKIPPED, "suppressed")


def test_whoever_had_said_no_is_not_written_to_either(house: House) -> None:
    ref = house.post.contact("no@example.com", do_not_email=True)
    house.erase(ref)
    assert house.post.suppressions.get_many(["no@example.com"])["no@example.com"].reason == "manual"
    other = house.post.contact("yes@example.com")
    house.erase(other)
    assert house.post.suppressions.get_many(["yes@example.com"]) == {}


def test_every_step_can_be_cut_off_and_is_done_again(house: House) -> None:
    ref = house.zoe()
    number = preview_erase(house.eraser, ref)["number"]
    job = start_erase(house.eraser, ref, number, user_id=MARC, key=None)
    step = erase_kinds(house.eraser)[ERASE]
    turns = 0
    while (current := house.post.jobs.get(job.id)) and current.state == "running":
        step(current)  # done, and nobody heard of it
        turn = current.turn
        work_job(house.post.job_line, erase_kinds(house.eraser), job.id, one_step())
        after = house.post.jobs.get(job.id)
        assert after and (after.turn > turn or after.state == "finished")
        turns += 1
    assert turns >= 7
    assert found(house.everything()) == []


def one_step() -> Any:
    left = iter([600.0])
    return lambda: next(left, 0.0)


def test_what_the_streams_bring_late_goes_a_day_later(house: House) -> None:
    ref = house.zoe()
    record = house.post.records.get(ref)
    assert record
    job = house.erase(ref)
    late = [RecordChange(record, None, None)]
    project_changes(house.projection, late, house.post.clock.now())
    assert found(house.everything())
    assert house.lake.page("contacts").items == []  # of no effect, and yet there

    (due,) = [d for d in house.post.due_index._entries.values() if d.thing.startswith(f"{AGAIN}#")]
    house.post.clock.move(hours=25)
    erase_again(house.eraser, due.thing.partition("#")[2])
    erase_again(house.eraser, due.thing.partition("#")[2])
    jobs = [j for j in house.post.jobs._jobs.values() if j.kind == ERASE and j.id != job.id]
    assert len(jobs) == 1
    house.work(jobs[0].id)
    assert found(house.everything()) == []
    assert len([e for e in house.post.timeline.page(ref, 10, None)[0] if e.kind == "erased"]) == 1


def test_a_part_of_somebody_and_somebody_in_the_bin_are_erased_as_a_whole(house: House) -> None:
    ref = house.zoe()
    (twin,) = [Ref("contacts", id) for id in house.post.records.get(ref).absorbed]  # type: ignore[union-attr]
    bin_record(Bin(house.post.writer, house.post.due_index), ref, cause=BY_MARC)
    house.project()
    assert preview_erase(house.eraser, twin) == preview_erase(house.eraser, ref)
    house.erase(twin)
    assert found(house.everything()) == []


def test_only_who_types_the_number_erases(house: House) -> None:
    ref = house.zoe()
    with pytest.raises(InvalidError):
        start_erase(house.eraser, ref, "", user_id=MARC, key=None)
    with pytest.raises(NotFoundError):
        preview_erase(house.eraser, Ref("contacts", "01m805xtgf0h0twcn7cd7e6wcx"))
    with pytest.raises(NotAllowedError):
        preview_erase(house.eraser, Ref("campaigns", ref.id))
    assert found(house.everything()) == list(PERSONAL)

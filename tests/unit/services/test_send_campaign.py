"""A campaign: its audience frozen, everybody sent to once or not for a reason, counted exactly, and under control."""

from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest

from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.domain.errors import ConflictError, InvalidError, NotFoundError, TransientError
from gotero.domain.handover import Handover, Postponed, Unknown
from gotero.domain.job import Job
from gotero.domain.membership import Source
from gotero.domain.message import Message, State
from gotero.domain.message_event import EventKind
from gotero.domain.record import Ref
from gotero.services.check_job import check_job, wake_job
from gotero.services.control_job import control_job
from gotero.services.enqueue_chunks import enqueue_chunks
from gotero.services.freeze_audience import freeze_audience, lake_is_behind
from gotero.services.hand_over import in_threads
from gotero.services.judge_audience import Previewer
from gotero.services.preview_campaign import preview_campaign
from gotero.services.save_record import create_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def _people(office: PostOffice, count: int) -> list[Ref]:
    return [office.contact(f"p{i}@example.com") for i in range(count)]


def test_a_mixed_list_is_sent_to_once_each_and_adds_up(office: PostOffice) -> None:
    people = _people(office, 25)
    without, broken = office.contact(None), office.contact("broken@")
    job = office.send(office.campaign(), office.order(office.segment([*people, without, broken])))
    done = office.run(job)
    assert done.state == "finished"
    assert office.outcomes(job) == {"accepted": 25, "skipped": 2}
    assert done.total == 27
    assert len({mail.to for mail in office.mail.box}) == len(office.mail.box) == 25
    for ref, reason in ((without, "no_email"), (broken, "invalid_email")):
        values = office.message(job, ref).to_record().values
        assert (values["status"], values["reason"], values["no_email"]) == ("skipped", reason, True)
    values = office.message(job, people[0]).to_record().values
    assert (values["campaign"], values["contact"]) == (job.params["campaign"], people[0].id)
    numbers = {message.number for message in office.messages.stored.values()}
    assert len(numbers) == 27


def test_two_records_with_one_address_are_two_messages_and_one_mail(office: PostOffice) -> None:
    contact = office.contact("info@example.com")
    account = create_record(
        office.writer, "accounts", {"accountname": "Roig", "email": "Info@Example.com"}, cause=BY_MARC, owner=MARC
    ).ref
    job = office.send(office.campaign(), office.order(office.segment([contact, account])))
    office.run(job)
    messages = [office.message(job, account), office.message(job, contact)]
    assert [m.state for m in messages] == [State.ACCEPTED, State.SKIPPED]
    assert messages[1].reason == "same_address"
    assert len(office.mail.box) == 1
    assert messages[0].to_record().values["account"] == account.id


def test_progress_grows_chunk_by_chunk(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 60))))
    office.execute(job)
    readings = []
    for body in office.queue.take():
        office.deliver(body)
        readings.append(office.job(job).to_json()["progress"])
    assert readings == sorted(readings)
    assert len([reading for reading in readings if 0 < reading < 1]) >= 3
    assert readings[-1] == 1.0


def test_freezing_goes_on_where_it_stopped_and_takes_nobody_twice(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 35))))
    calls, freezer = 0, replace(office.freezer, round=10)
    while not freeze_audience(freezer, job.id, iter([60.0, 5.0]).__next__):
        calls += 1
    assert calls >= 3
    assert freeze_audience(office.freezer, job.id, lambda: 60.0)
    assert office.job(job).total == 35
    assert len(office.messages.stored) == 35


def test_a_chunk_whose_messages_were_not_written_gets_them_when_freezing_goes_on(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 5))))

    def die(messages: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(office.messages, "create_many", die)
    with pytest.raises(KeyboardInterrupt):
        freeze_audience(office.freezer, job.id, lambda: 60.0)
    monkeypatch.undo()
    assert office.job(job).total == 5
    office.run(job)
    assert office.outcomes(job) == {"accepted": 5}


def test_what_was_in_the_air_when_a_sender_died_is_uncertain_the_rest_is_sent(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 10))))
    office.execute(job)
    [body] = office.queue.take()

    class Dead(BaseException):
        pass

    def die_at_the_sixth(mail: Any) -> Handover | None:
        if len(office.mail.box) >= 5:
            raise Dead
        return None

    office.mail.answer = die_at_the_sixth
    with pytest.raises(Dead):
        office.deliver(body)
    office.mail.answer = None
    office.deliver(body)
    assert len(office.mail.box) == 5, "its owner may be alive"
    office.clock.move(seconds=61)
    office.deliver(body)
    check_job(office.jobs, office.clock, job.id)
    counts = office.outcomes(job)
    assert counts["accepted"] + counts["uncertain"] == 10
    assert 1 <= counts["uncertain"] <= office.line.at_once
    assert len({mail.to for mail in office.mail.box}) == len(office.mail.box)
    assert office.job(job).to_json()["state"] == "finished_open"
    for message in list(office.messages.stored.values()):
        office.tell(message, EventKind.DELIVERED, id=message.id)
    assert office.outcomes(job) == {"accepted": 10}
    assert office.job(job).to_json()["state"] == "finished"


def test_a_sender_that_runs_out_of_time_in_a_slice_leaves_nobody_in_doubt(office: PostOffice) -> None:
    """A busy machine: the third mail of four comes when there is no time left to bring it home."""
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 10))))
    office.execute(job)
    [body] = office.queue.take()
    office.line = replace(office.line, together=lambda work, mails, _: [work(mail) for mail in mails])

    def slow(mail: Any) -> Handover | None:
        office.seconds_left -= 13.0
        return None

    office.mail.answer = slow
    office.deliver(body)
    assert len(office.mail.box) == 2
    assert office.queue.bodies == [body]
    office.mail.answer, office.seconds_left = None, 40.0
    office.work()
    check_job(office.jobs, office.clock, job.id)
    assert office.outcomes(job) == {"accepted": 10}
    assert len(office.mail.box) == 10


def test_of_a_slice_that_does_not_end_in_time_only_whom_the_provider_was_asked_about_is_in_doubt(
    office: PostOffice,
) -> None:
    """Of four mails one is sent, one gets no answer, and the threads of two begin too late."""
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 4))))
    office.execute(job)
    [body] = office.queue.take()
    late: list[Any] = []

    def starved(work: Any, mails: Any, patience: float) -> list[Any]:
        assert patience == 35.0, "five seconds of its forty are for the release"
        late.extend([work, *mails])
        sent = work(mails[0])
        office.mail.answer = lambda mail: Unknown("ReadTimeoutError")
        work(mails[1])
        return [sent, None, None, None]

    office.line = replace(office.line, together=starved)
    with patch.object(office.messages, "save", side_effect=_only_accepted(office)):
        office.deliver(body)
    chunk = office.jobs.chunk(job.id, 0)
    assert chunk and (chunk.owner, chunk.at_risk, chunk.done) == ("", (1,), False)

    office.mail.answer = None
    work, *mails = late
    assert [work(mail) for mail in mails[2:]] == [Postponed("no_time")] * 2, "whoever comes after it is shut stays out"
    office.line = replace(office.line, together=in_threads)
    office.work()
    assert office.outcomes(job) == {"accepted": 3, "uncertain": 1}
    assert len({mail.to for mail in office.mail.box}) == len(office.mail.box) == 3


def _only_accepted(office: PostOffice) -> Any:
    save = office.messages.save

    def saved(message: Message, notice: Any) -> None:
        if message.state is State.UNCERTAIN:
            raise TransientError("throttled")
        save(message, notice)

    return saved


def test_a_slice_that_is_made_ready_too_late_puts_nobody_at_risk(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 4))))
    office.execute(job)
    [body] = office.queue.take()
    office.pace.wait = 2.0

    def stand_still(seconds: float) -> None:
        office.seconds_left = 14.0

    office.line = replace(office.line, sleep=stand_still)
    office.deliver(body)
    chunk = office.jobs.chunk(job.id, 0)
    assert chunk and (chunk.owner, chunk.at_risk) == ("", ())
    assert (office.mail.box, office.queue.bodies) == ([], [body])


def test_threads_are_waited_for_no_longer_than_there_is_patience() -> None:
    go_on = Event()

    def work(mail: Any) -> Any:
        if mail == "slow":
            go_on.wait(10)
        return mail

    mails: Any = ["quick", "slow", *(["slow"] * 100)]
    try:
        ended: list[Any] = list(in_threads(work, mails, 0.2))
    finally:
        go_on.set()
    assert ended == ["quick", *([None] * 101)], "also those for whom no thread was left, which never begin"


def test_what_stays_uncertain_is_held_and_counted_as_such(office: PostOffice) -> None:
    office.mail.answer = lambda mail: Unknown("ReadTimeoutError") if mail.to == "p3@example.com" else None
    people = _people(office, 5)
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.run(job)
    assert office.outcomes(job) == {"accepted": 4, "uncertain": 1}
    office.clock.move(hours=25)
    office.settle(office.message(job, people[3]))
    assert office.outcomes(job) == {"accepted": 4, "held": 1}


def test_a_throttled_chunk_goes_back_and_loses_nobody(office: PostOffice) -> None:
    refusals = iter([True] * 3)
    office.mail.answer = lambda mail: Postponed("throttled") if next(refusals, False) else None
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 10))))
    office.run(job)
    assert office.outcomes(job) == {"accepted": 10}


def test_slices_wait_for_their_turn_and_go_back_when_it_is_far(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 10))))
    office.execute(job)
    [body] = office.queue.take()
    office.pace.wait = 7.2
    office.deliver(body)
    assert (office.mail.box, office.queue.bodies, office.queue.delays) == ([], [body], [8])
    office.pace.wait = 0.5
    office.work()
    assert (office.pace.booked, office.slept) == ([4, 4, 2], [0.5, 0.5, 0.5])
    assert office.outcomes(job) == {"accepted": 10}


def test_a_paused_job_sends_nothing_until_it_is_resumed(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 30))))
    office.execute(job)
    bodies = office.queue.take()
    office.deliver(bodies[0])
    sent = len(office.mail.box)
    control_job(office.job_line, office.machine, job.id, "pause")
    for body in bodies:
        office.deliver(body)
    assert len(office.mail.box) == sent
    assert check_job(office.jobs, office.clock, job.id).finished, "nothing to wait for while it is paused"
    resumed = control_job(office.job_line, office.machine, job.id, "resume")
    assert len(office.machine.started) == 2
    office.run(resumed)
    assert office.outcomes(job) == {"accepted": 30}
    assert len(office.mail.box) == 30


def test_a_pause_in_the_middle_of_a_chunk_lets_only_what_is_in_the_air_arrive(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 10))))
    office.execute(job)

    def pause(mail: object) -> None:
        if office.job(job).state == "running":
            control_job(office.job_line, office.machine, job.id, "pause")

    office.line.mail.answer = pause  # type: ignore[attr-defined]  # the mailbox of the tests
    office.work()
    assert len(office.mail.box) == office.line.at_once


def test_a_cancelled_job_ends_with_everybody_accounted_for(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 30))))
    office.execute(job)
    first, *_ = office.queue.take()
    office.deliver(first)
    control_job(office.job_line, office.machine, job.id, "cancel")
    done = office.run(job)
    assert done.state == "cancelled"
    assert office.outcomes(job) == {"accepted": 10, "cancelled": 20}
    with pytest.raises(ConflictError):
        control_job(office.job_line, office.machine, job.id, "resume")


def test_a_held_job_waits_to_be_started_and_a_scheduled_one_for_its_time(office: PostOffice) -> None:
    segment = office.segment(_people(office, 3))
    held = office.send(office.campaign(), office.order(segment, start="hold"))
    later = office.clock.now() + timedelta(hours=2)
    scheduled = office.send(office.campaign(), office.order(segment, start=later.isoformat()))
    assert (held.state, scheduled.state, office.machine.started) == ("held", "scheduled", {})
    wake_job(office.jobs, office.machine, office.due_index, office.clock, scheduled.id)
    assert office.job(scheduled).state == "scheduled"
    office.clock.move(hours=3)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, scheduled.id)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, held.id)
    assert (office.job(scheduled).state, office.job(held).state) == ("running", "held")
    control_job(office.job_line, office.machine, held.id, "start")
    assert len(office.machine.started) == 2


def test_a_job_that_does_not_move_is_helped_along(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 5))))
    office.execute(job)
    office.queue.take()  # lost
    assert not check_job(office.jobs, office.clock, job.id).stalled
    office.clock.move(minutes=6)
    assert check_job(office.jobs, office.clock, job.id).stalled
    enqueue_chunks(office.jobs, office.queue, office.clock, job.id, 0)
    office.work()
    assert check_job(office.jobs, office.clock, job.id).finished
    assert office.job(job).state == "finished"


def test_a_lost_execution_is_started_again_by_the_due_item(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 5))))
    office.clock.move(minutes=10)
    due = [entry.thing for page in office.due_index.due(office.clock.now()) for entry in page]
    assert f"job#{job.id}" in due
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    assert len(office.machine.started) == 2


def test_a_failure_after_progress_is_no_failure_of_the_state(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state is tried a few times; an audience of a million meets more throttles than that."""
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 45))))
    left, create_many = [3], office.messages.create_many

    def throttled(messages: Any) -> Any:
        left[0] -= 1
        if left[0] < 1:
            raise TransientError("throttled")
        return create_many(messages)

    monkeypatch.setattr(office.messages, "create_many", throttled)
    told: list[Exception] = []
    freezer = replace(office.freezer, round=10, cut_short=told.append)
    assert not freeze_audience(freezer, job.id, lambda: 60.0)
    assert (office.job(job).prepared, office.job(job).chunks) == (2, 3)
    assert [str(error) for error in told] == ["throttled"], "who operates it hears why"
    with pytest.raises(TransientError):
        freeze_audience(freezer, job.id, lambda: 60.0)
    left[0] = 9
    assert freeze_audience(freezer, job.id, lambda: 60.0)
    assert office.job(job).total == 45


def _as_any(thing: object) -> Any:
    return thing


class _Dying:
    """A port that dies at one of its calls, after it took effect; `left` counts down over all ports of the test."""

    def __init__(self, inner: Any, left: list[int]) -> None:
        self._inner, self._left = inner, left

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **rest: Any) -> Any:
            answer = getattr(self._inner, name)(*args, **rest)
            self._left[0] -= 1
            if self._left[0] == 0:
                raise KeyboardInterrupt
            return answer

        return call


@pytest.mark.parametrize("step", [2, 3])
def test_whoever_dies_in_waking_leaves_a_job_that_wakes(office: PostOffice, step: int) -> None:
    """Step Functions keeps a name for 90 days: a second wake by the name of the first would start nothing."""
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 5))))
    office.clock.move(minutes=20)
    left, due = [step], MemoryDueIndex()
    jobs, machine, dying_due = (_as_any(_Dying(port, left)) for port in (office.jobs, office.machine, due))
    with pytest.raises(KeyboardInterrupt):
        wake_job(jobs, machine, dying_due, office.clock, job.id)
    office.clock.move(minutes=20)
    assert [entry.thing for page in due.due(office.clock.now()) for entry in page] == [f"job#{job.id}"]
    before = len(office.machine.started)
    wake_job(office.jobs, office.machine, due, office.clock, job.id)
    assert len(office.machine.started) == before + 1


def test_the_same_idempotency_key_is_the_same_job(office: PostOffice) -> None:
    campaign, order = office.campaign(), office.order(office.segment(_people(office, 2)))
    first, second = office.send(campaign, order, "k1"), office.send(campaign, order, "k1")
    assert first.id == second.id
    assert office.send(campaign, order, "k2").id != first.id
    with pytest.raises(ConflictError):
        office.send(campaign, {**order, "start": "hold"}, "k1")


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"template_id": "nope"}, "template_id", "not_found"),
        ({"template_id": None}, "template_id", "required"),
        ({"audience": None}, "audience", "required"),
        ({"audience": {"segments": ["nope"]}}, "audience.segments[0]", "not_found"),
        ({"audience": {"segments": ["seg1"], "except": ["nope"]}}, "audience.except[0]", "not_found"),
        ({"audience": {"segments": []}}, "audience.segments", "required"),
        ({"audience": {"segments": ["seg1"], "everyone": True}}, "audience.everyone", "choice"),
        ({"audience": {"segments": ["seg1"], "x": 1}}, "audience.x", "unknown_key"),
        ({"start": "tomorrow"}, "start", "datetime"),
        ({"start": "2020-01-01T00:00:00Z"}, "start", "past"),
        ({"sender": "spy"}, "sender", "choice"),
        ({"sender": "user:nobody"}, "sender", "user"),
        ({"shout": True}, "shout", "unknown_key"),
    ],
)
def test_a_bad_order_names_what_is_wrong_and_starts_nothing(
    office: PostOffice, changes: dict[str, Any], path: str, rule: str
) -> None:
    order = {**office.order(office.segment([])), **changes}
    with pytest.raises(InvalidError) as refused:
        office.send(office.campaign(), order)
    assert (path, rule) in [(error.path, error.rule) for error in refused.value.errors]
    assert office.machine.started == {}
    assert office.jobs.page(10, None)[0] == []


def test_a_campaign_that_is_not_there_is_not_sent(office: PostOffice) -> None:
    with pytest.raises(NotFoundError):
        office.send(Ref("campaigns", "nope"), office.order(office.segment([])))


def test_a_company_without_a_sender_is_told_before_anything_starts(office: PostOffice) -> None:
    order = office.order(office.segment([]))
    office.definitions.delete("settings", "company")
    with pytest.raises(InvalidError) as refused:
        office.send(office.campaign(), order)
    assert [error.path for error in refused.value.errors] == ["settings.company.sender"]


def test_an_empty_audience_is_refused_and_later_finishes_with_nobody(office: PostOffice) -> None:
    order = office.order(office.segment([]))
    with pytest.raises(InvalidError) as refused:
        office.send(office.campaign(), order)
    assert [(error.path, error.rule) for error in refused.value.errors] == [("audience", "empty")]
    assert office.slept == [1.0, 1.0, 1.0], "the lake trails: it is asked again before that is believed"
    job = office.send(office.campaign(), {**order, "start": "hold"})
    control_job(office.job_line, office.machine, job.id, "start")
    assert office.run(job).to_json()["progress"] == 1.0


def test_the_preview_counts_as_the_send_decides(office: PostOffice) -> None:
    people = [*_people(office, 4), office.contact(None), office.contact("broken@")]
    people.append(office.contact("left@example.com", do_not_email=True))
    segment = office.segment(people)
    lake: Any = office.lake
    previewer = Previewer(office.records, office.definitions, office.suppressions, lake, lambda: 5.0)
    preview = preview_campaign(previewer, office.order(segment))
    job = office.send(office.campaign(), office.order(segment))
    office.run(job)
    assert (preview["recipients"], preview["will_send"], preview["exact"]) == (7, 4, True)
    assert (preview["no_email"], preview["invalid_email"], preview["do_not_email"]) == (1, 1, 1)
    assert office.outcomes(job) == {"accepted": preview["will_send"], "skipped": 3}
    assert preview["replaced_senders"] == []
    with pytest.raises(InvalidError):
        preview_campaign(previewer, {"audience": {"segments": ["nope"]}})


def test_the_preview_says_whose_address_becomes_the_reply_to(office: PostOffice) -> None:
    office.define("users", {"name": "Lía", "email": "lia@gmail.example", "role": "marketer"}, "lia")
    lake: Any = office.lake
    previewer = Previewer(office.records, office.definitions, office.suppressions, lake, lambda: 5.0)
    order = office.order(office.segment(_people(office, 2)))
    replaced = {"user": "lia", "name": "Lía", "from": "hola@huertaturia.example", "reply_to": "lia@gmail.example"}
    assert preview_campaign(previewer, {**order, "sender": "user:lia"})["replaced_senders"] == [replaced]
    assert preview_campaign(previewer, {**order, "sender": "campaign_owner"}, "lia")["replaced_senders"] == [replaced]
    assert preview_campaign(previewer, {**order, "sender": "company"}, "lia")["replaced_senders"] == []


def test_no_item_and_no_payload_holds_more_than_a_chunk(office: PostOffice) -> None:
    job: Job = office.send(office.campaign(), office.order(office.segment(_people(office, 300))))
    office.execute(job)
    chunks = [office.jobs.chunk(job.id, n) for n in range(office.job(job).chunks)]
    assert max(len(chunk.recipients) for chunk in chunks if chunk) <= 50
    assert all(set(body) == {"job", "chunk"} for body in office.queue.bodies)
    assert [set(payload) for payload in office.machine.started.values()] == [{"job_id", "execution"}]


def test_whoever_enters_a_segment_that_is_left_out_gets_none_though_the_audience_is_frozen(office: PostOffice) -> None:
    people = _people(office, 4)
    wanted, left_out = office.segment(people), office.segment([], "seg2")
    order = office.order(wanted)
    order["audience"]["except"] = [left_out]
    job = office.send(office.campaign(), order)
    office.execute(job)
    office.memberships.add(left_out, people[2], Source("manual", "u1", "2026-11-21T09:00:00.000Z", BY_MARC))
    office.work()
    assert office.outcomes(job) == {"accepted": 3, "skipped": 1}
    assert office.message(job, people[2]).reason == "excluded"


def test_a_send_waits_for_a_lake_that_trails_and_not_for_ever(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment(_people(office, 2))))
    assert not lake_is_behind(office.freezer, job.id)
    office.lake.behind = True
    assert lake_is_behind(office.freezer, job.id)
    office.clock.move(seconds=61)
    assert not lake_is_behind(office.freezer, job.id)

"""Many mails in doubt decided at once: as one by one, each once, and nobody whom nobody meant."""

from dataclasses import replace
from typing import Any

import pytest

from gotero.domain.handover import Unknown
from gotero.domain.job import Job
from gotero.domain.mass_edit import Chosen
from gotero.domain.message import Message, State
from gotero.domain.record import Ref
from gotero.ports import Count, Page
from gotero.services import decide_many
from gotero.services.decide_many import DECIDE, IN_DOUBT, Deciding, count_in_doubt, decide_kinds, start_deciding
from gotero.services.decide_message import OPEN, send_again
from gotero.services.work_job import work_job
from tests.unit.services.office import MARC
from tests.unit.services.post_office import PostOffice


class Doubtful:
    """`Lake`, as far as deciding asks: the messages that are in doubt now, in the order of their ids."""

    def __init__(self, office: PostOffice) -> None:
        self._office = office
        self.asked: list[Any] = []

    def _found(self, condition: Any) -> list[Message]:
        self.asked.append(condition)
        return sorted((m for m in self._office.messages.stored.values() if m.state in OPEN), key=_id)

    def count(self, module: str, condition: Any, sample: int = 5, search: str | None = None) -> Count:
        return Count(len(self._found(condition)), [], "2026-11-21T09:00:00.000Z", True)

    def page(self, module: str, *, condition: Any, sort: Any, limit: int, after: Any) -> Page:
        left = [message for message in self._found(condition) if after is None or _id(message) > after[0]]
        following = [_id(left[limit - 1])] if len(left) > limit else None
        return Page([message.to_record().to_json() for message in left[:limit]], following, "", True)


def _id(message: Message) -> str:
    return message.id


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def _in_doubt(office: PostOffice, count: int) -> tuple[Job, list[Message]]:
    """A send of which as many got no answer, and one was accepted."""
    people = [office.contact(f"p{n}@example.com") for n in range(count + 1)]
    last = f"p{count}@example.com"
    office.mail.answer = lambda mail: None if mail.to == last else Unknown("ReadTimeoutError")
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.run(job)
    office.mail.answer = None
    office.clock.move(seconds=1)
    return job, [office.message(job, ref) for ref in people]


def _deciding(office: PostOffice) -> Deciding:
    lake: Any = Doubtful(office)
    return Deciding(office.ledger, office.planner, lake, office.job_line)


def _decide(office: PostOffice, chosen: Chosen, decision: decide_many.Decision, key: str | None = None) -> Job:
    deciding = _deciding(office)
    job = start_deciding(deciding, chosen, decision, user_id=MARC, name="Mensajes", key=key)
    work_job(office.job_line, decide_kinds(deciding), job.id, lambda: 600.0)
    return office.job(job)


def test_those_ticked_are_taken_as_sent_and_the_rest_stays_in_doubt(office: PostOffice) -> None:
    job, messages = _in_doubt(office, 4)
    chosen = Chosen("messages", (messages[0].id, messages[1].id, messages[4].id, messages[0].id))
    assert count_in_doubt(_deciding(office), chosen) == {"count": 2, "as_of": None, "exact": True}
    done = _decide(office, chosen, "accept")
    assert (done.kind, done.state, done.created_by) == (DECIDE, "finished", MARC)
    assert done.to_json()["result"] == {"changed": 2, "unchanged": 1, "failed": 0, "errors": []}
    assert office.outcomes(job) == {"accepted": 3, "uncertain": 2}
    assert len(office.mail.box) == 1


def test_all_of_a_filter_are_sent_again_once_each_also_where_its_job_is_interrupted(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, _ = _in_doubt(office, 7)
    monkeypatch.setattr(decide_many, "EACH", 3)
    monkeypatch.setattr(decide_many, "AT_ONCE", 2)
    deciding, condition = _deciding(office), {"field": "campaign", "op": "is", "value": "c1"}
    chosen = Chosen("messages", condition=condition)
    made = start_deciding(deciding, chosen, "send_again", user_id=MARC, name="Mensajes", key="k")
    assert (made.state, made.total, made.seen) == ("running", 7, 0), "more than can be waited for"
    assert deciding.lake.asked == [{"all": [condition, IN_DOUBT]}]  # type: ignore[attr-defined]  # the lake of the tests

    def dying(ledger: Any, planner: Any, message_id: str, user_id: str) -> Message:
        sent = send_again(ledger, planner, message_id, user_id)
        if len(office.queue.bodies) == 2:
            raise KeyboardInterrupt
        return sent

    with monkeypatch.context() as patch:
        patch.setattr(decide_many, "send_again", dying)
        with pytest.raises(KeyboardInterrupt):
            work_job(office.job_line, decide_kinds(deciding), made.id, lambda: 600.0)
    work_job(office.job_line, decide_kinds(deciding), made.id, lambda: 600.0)
    done = office.job(made)
    # Of the two that the killed worker had decided the lake knew already: they are in its results no more.
    assert done.state == "finished"
    assert done.outcome["changed"] == 5
    assert office.outcomes(job) == {"accepted": 1, "cancelled": 7}
    office.work()
    assert len(office.mail.box) == 8
    assert len({mail.to for mail in office.mail.box}) == 8


def test_a_step_that_comes_again_counts_what_it_had_decided(office: PostOffice) -> None:
    _, messages = _in_doubt(office, 3)
    deciding = _deciding(office)
    chosen = Chosen("messages", tuple(message.id for message in messages[:3]))
    job = start_deciding(deciding, chosen, "accept", user_id=MARC, name="Mensajes", key="k")
    step = decide_kinds(deciding)[DECIDE](replace(job, position=None, outcome={}, seen=0))
    assert step.outcome == {"changed": 3, "unchanged": 0, "failed": 0, "errors": []}
    assert start_deciding(deciding, chosen, "accept", user_id=MARC, name="Mensajes", key="k").id == job.id


def test_what_is_in_doubt_since_it_was_asked_for_was_not_meant(office: PostOffice) -> None:
    _, messages = _in_doubt(office, 2)
    deciding, chosen = _deciding(office), Chosen("messages")
    job = start_deciding(deciding, chosen, "accept", user_id=MARC, name="Mensajes", key=None)
    assert job.outcome["changed"] == 2
    office.clock.move(minutes=1)
    late = replace(messages[0], state=State.UNCERTAIN, updated_at="2027-01-01T00:00:00.000Z", version=9)
    office.messages.stored[late.key] = late
    step = decide_kinds(deciding)[DECIDE](replace(job, position=None, outcome={}))
    assert step.outcome["changed"] == 0
    assert office.now_is(late).state is State.UNCERTAIN


def test_a_message_that_is_not_there_is_told(office: PostOffice) -> None:
    nobody = f"contacts-{Ref('contacts', 'x').id}-job-j1-1"
    done = _decide(office, Chosen("messages", ("nonsense", nobody)), "accept")
    assert [(error["id"], error["rule"]) for error in done.outcome["errors"]] == [
        ("nonsense", "gone"),
        (nobody, "gone"),
    ]
    assert done.outcome["failed"] == 2

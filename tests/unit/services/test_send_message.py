"""One mail: planned once, handed over once, and whatever happens written down."""

from datetime import timedelta
from typing import Any

import pytest

from gotero.domain.errors import ConflictError, NotFoundError, TransientError
from gotero.domain.handover import Handover, Postponed, Refused, Unknown
from gotero.domain.message import Message, State
from gotero.domain.message_event import EventKind
from gotero.domain.record import Ref
from gotero.domain.user import User
from gotero.services.bin_record import delete_record
from gotero.services.send_test import send_test
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def test_a_planned_mail_leaves_from_its_recipients_owner(office: PostOffice) -> None:
    message = office.plan(office.contact())
    office.work()
    sent = office.now_is(message)
    assert (sent.state, sent.provider_id, sent.subject_line) == (State.ACCEPTED, "provider-1", "Hola Ana")
    [mail] = office.mail.box
    assert (mail.to, mail.message_id) == ("ana@example.com", message.id)
    assert (mail.sender.name, mail.sender.address) == ("Marc Soler", "marc@huertaturia.example")
    headers = dict(mail.content.headers)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Calle de la Huerta 1" in mail.content.html
    assert sent.to_record().values["template"] == "2-Column_1-Logo"
    assert message.number == "MSG-000001"


def test_the_same_reason_is_one_mail(office: PostOffice) -> None:
    ref = office.contact()
    first, second = office.plan(ref), office.plan(ref)
    assert second.key == first.key
    bodies = office.queue.bodies * 2
    office.work()
    for body in bodies:
        office.deliver(body)
    assert len(office.mail.box) == 1
    office.plan(ref, round=2)
    office.work()
    assert len(office.mail.box) == 2


@pytest.mark.parametrize(
    ("email", "values", "reason"),
    [
        (None, {}, "no_email"),
        ("broken@", {}, "invalid_email"),
        ("ana@example.com", {"do_not_email": True}, "do_not_email"),
    ],
)
def test_a_refusal_is_a_message_with_its_reason(
    office: PostOffice, email: str | None, values: dict[str, Any], reason: str
) -> None:
    message = office.plan(office.contact(email, **values))
    assert (message.state, message.reason) == (State.SKIPPED, reason)
    assert office.queue.bodies == []
    assert office.told_workflows[-1][1]["message_event"] == "skipped"


def test_a_mail_to_the_second_address_does_not_ask_for_the_first(office: PostOffice) -> None:
    message = office.plan(office.contact(None, secondaryemail="Ana2@example.com"), to="ana2@example.com")
    office.work()
    assert (office.now_is(message).state, message.reason) == (State.ACCEPTED, "")
    assert [mail.to for mail in office.mail.box] == ["ana2@example.com"]


def test_what_does_not_exist_is_refused_and_writes_nothing(office: PostOffice) -> None:
    with pytest.raises(NotFoundError):
        office.plan(Ref("contacts", "nobody"))
    office.template = "no-template"
    with pytest.raises(NotFoundError):
        office.plan(office.contact())
    assert office.messages.stored == {}


def test_who_leaves_between_planning_and_sending_gets_nothing(office: PostOffice) -> None:
    left, gone = office.contact(), office.contact("luis@example.com")
    messages = [office.plan(left), office.plan(gone)]
    office.change(left, do_not_email=True)
    delete_record(office.writer, gone, cause=BY_MARC)
    office.work()
    assert [office.now_is(m).reason for m in messages] == ["do_not_email", "deleted"]
    assert office.mail.box == []


def test_a_refusal_of_the_provider_is_final(office: PostOffice) -> None:
    office.mail.answer = lambda mail: Refused("MessageRejected")
    message = office.plan(office.contact())
    office.work()
    failed = office.now_is(message)
    assert (failed.state, failed.reason) == (State.FAILED, "MessageRejected")


def test_a_postponed_mail_is_given_back_and_comes_again_later(office: PostOffice) -> None:
    answers: list[Handover | None] = [Postponed("throttled"), None]
    office.mail.answer = lambda mail: answers.pop(0)
    message = office.plan(office.contact())
    office.deliver(office.queue.take()[0])
    assert office.now_is(message).claim is None
    assert office.queue.delays == [5]
    office.work()
    assert office.now_is(message).state is State.ACCEPTED


def test_an_unknown_outcome_is_not_sent_again_and_settled_by_its_event(office: PostOffice) -> None:
    office.mail.answer = lambda mail: Unknown("ReadTimeoutError")
    message = office.plan(office.contact())
    body = office.queue.bodies[0]
    office.work()
    assert office.now_is(message).state is State.UNCERTAIN
    office.deliver(body)
    office.settle(message)
    assert office.mail.box == []
    office.tell(message, EventKind.DELIVERED)
    assert office.now_is(message).state is State.DELIVERED


def test_what_no_event_settles_is_held_for_a_person(office: PostOffice) -> None:
    office.mail.answer = lambda mail: Unknown("ReadTimeoutError")
    message = office.plan(office.contact())
    office.work()
    office.clock.move(hours=23)
    office.settle(message)
    assert office.now_is(message).state is State.UNCERTAIN
    office.clock.move(hours=2)
    office.settle(message)
    held = office.now_is(message)
    assert (held.state, held.reason) == (State.HELD, "no_event")
    office.work()
    assert office.mail.box == []


def test_a_claim_whose_owner_died_is_uncertain_and_never_taken_over(office: PostOffice) -> None:
    message = office.plan(office.contact())
    body = office.queue.take()[0]

    class Dead(BaseException):
        pass

    def die(mail: object) -> Handover:
        raise Dead

    office.mail.answer = die
    with pytest.raises(Dead):
        office.deliver(body)
    office.mail.answer = None
    office.deliver(body)
    assert office.now_is(message).claim is not None
    office.clock.move(seconds=61)
    office.deliver(body)
    uncertain = office.now_is(message)
    assert (uncertain.state, uncertain.reason) == (State.UNCERTAIN, "interrupted")
    assert office.mail.box == []


def test_a_lost_answer_of_the_claim_is_read_back(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    message = office.plan(office.contact())
    save = office.messages.save

    def lossy(changed: Message, notice: Any) -> None:
        save(changed, notice)
        if changed.claim:
            raise ConflictError("the SDK asked again, and the first write stands in its way")

    monkeypatch.setattr(office.messages, "save", lossy)
    office.work()
    assert office.now_is(message).state is State.ACCEPTED
    assert len(office.mail.box) == 1


def test_an_outcome_that_cannot_be_written_is_not_sent_again(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = office.plan(office.contact())
    body = office.queue.take()[0]
    save = office.messages.save

    def refuse(changed: Message, notice: Any) -> None:
        if changed.state is State.ACCEPTED:
            raise TransientError("throttled")
        save(changed, notice)

    monkeypatch.setattr(office.messages, "save", refuse)
    office.deliver(body)
    monkeypatch.undo()
    office.clock.move(minutes=2)
    office.deliver(body)
    assert office.now_is(message).state is State.UNCERTAIN
    assert len(office.mail.box) == 1


def test_with_too_little_time_left_it_goes_back_to_the_queue(office: PostOffice) -> None:
    message = office.plan(office.contact())
    office.seconds_left = 2.0
    office.deliver(office.queue.take()[0])
    assert office.queue.bodies == [{"messages": [message.id]}]
    assert office.now_is(message) == message


def test_a_lost_queue_message_is_healed_by_the_due_item(office: PostOffice) -> None:
    message = office.plan(office.contact())
    office.queue.take()
    [[due]] = list(office.due_index.due(office.clock.now() + timedelta(minutes=10)))
    assert due.thing == f"message#{message.id}"
    office.settle(message)
    office.work()
    assert office.now_is(message).state is State.ACCEPTED


def test_each_change_of_state_is_news_once(office: PostOffice) -> None:
    message = office.plan(office.contact())
    office.work()
    for _ in range(3):
        office.tell(message, EventKind.DELIVERED)
    news = [notice["message_event"] for _, notice in office.told_workflows]
    assert news == ["planned", "accepted", "delivered"]
    assert len({notice["id"] for _, notice in office.told_workflows}) == 3


def test_a_template_that_is_gone_skips_and_one_that_breaks_fails(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = office.plan(office.contact())
    office.definitions.delete("templates", office.template)
    office.work()
    assert (office.now_is(message).state, office.now_is(message).reason) == (State.SKIPPED, "no_template")


def test_a_test_mail_is_a_message_without_a_list(office: PostOffice) -> None:
    marc = User(MARC, "Marc Soler", "marc@huertaturia.example", "marketer")
    about = office.contact()
    office.change(about, do_not_email=True)
    message = send_test(office.planner, office.template, marc, source_id="t1", about=about)
    office.work()
    assert office.now_is(message).state is State.ACCEPTED
    [mail] = office.mail.box
    assert (mail.to, mail.content.subject) == ("marc@huertaturia.example", "Hola Ana")
    assert "List-Unsubscribe" not in dict(mail.content.headers)


def test_from_outside_the_verified_domains_answers_go_to_the_owner(office: PostOffice) -> None:
    office.define("users", {"name": "Lía", "email": "lia@gmail.example", "role": "marketer"}, "lia")
    ref = office.contact()
    office.plan(ref, sender="user:lia")
    office.work()
    [mail] = office.mail.box
    assert (mail.sender.address, mail.sender.reply_to) == ("hola@huertaturia.example", "lia@gmail.example")
    # The message says so afterwards; one that left under its sender's own address says nothing.
    other = office.contact("otra@example.com")
    office.plan(other, sender="company")
    office.work()
    replaced, own = (office.messages.of(to)[0].to_record().values for to in (ref, other))
    assert (replaced["reply_to"], "reply_to" in own) == ("lia@gmail.example", False)


def test_an_answer_counts_for_the_rate_once_it_is_gone(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[int] = []

    def turn(mails: int, patience: float, lane: str) -> float:
        gone.append(len(office.mail.box))
        return 60.0

    monkeypatch.setattr(office.pace, "turn", turn)
    office.plan(office.contact())
    office.work()
    assert gone == [1]


def test_an_answer_waits_for_nobody_and_a_drip_for_its_turn(office: PostOffice) -> None:
    ref = office.contact()
    drip = office.plan(ref, source_kind="as")
    office.pace.wait = 2.5
    office.work()
    assert (office.slept, office.now_is(drip).state) == ([2.5], State.ACCEPTED)
    drip, answer = office.plan(ref, source_kind="as", round=2), office.plan(ref)
    office.pace.wait = 7.2
    bodies = office.queue.take()
    for body in bodies:
        office.deliver(body)
    # Beyond the patience of a sender it goes back, unclaimed, and others have the place.
    assert (office.now_is(drip).state, office.now_is(drip).claim) == (State.PLANNED, None)
    assert (office.queue.bodies, office.queue.delays[-1]) == ([{"messages": [drip.id]}], 8)
    assert (office.slept, office.now_is(answer).state) == ([2.5], State.ACCEPTED)

"""What comes back: on the message once, and the person protected by every path."""

import pytest

from gotero.adapters.mail_clients import CrawlerList
from gotero.domain.message import Message, State
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Ref
from gotero.domain.visit import Visit
from gotero.services.record_event import public_event, record_event
from gotero.services.save_record import create_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
AT = "2026-11-21T11:00:00.000Z"


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def _sent(office: PostOffice, ref: Ref | None = None, source: str = "w1") -> Message:
    message = office.plan(ref or office.contact(), source)
    office.work()
    return office.now_is(message)


def _lead(office: PostOffice) -> Ref:
    values = {"lastname": "Ferrandis", "email": "Ana@Example.com"}
    return create_record(office.writer, "leads", values, cause=BY_MARC, owner=MARC).ref


def _opted_out(office: PostOffice, ref: Ref) -> tuple[object, object]:
    record = office.records.get(ref)
    assert record is not None
    return record.values.get("do_not_email"), record.values.get("do_not_email_source")


def test_opens_and_clicks_are_counted_once_each(office: PostOffice) -> None:
    message = _sent(office)
    for number in range(4):
        for _ in range(2):
            office.tell(message, EventKind.OPENED, id=f"o{number}")
    for _ in range(3):
        office.tell(message, EventKind.CLICKED, id="c1", url="https://twitter.com/huertaturia")
    values = office.now_is(message).to_record().values
    assert (values["opened"], values["clicked"]) == (4, 1)
    assert values["last_url"] == values["description"] == "https://twitter.com/huertaturia"
    news = [notice["message_event"] for _, notice in office.told_workflows]
    assert (news.count("opened"), news.count("clicked")) == (4, 1)


def test_a_robot_is_counted_apart_and_is_no_news(office: PostOffice) -> None:
    message = _sent(office)
    office.tell(message, EventKind.OPENED, machine=True)
    values = office.now_is(message).to_record().values
    assert (values["opened"], values["opens_all"]) == (0, 1)
    assert "opened" not in [notice["message_event"] for _, notice in office.told_workflows]


def test_a_hard_bounce_suppresses_the_address_for_every_later_mail(office: PostOffice) -> None:
    ref = office.contact()
    message = _sent(office, ref)
    office.tell(message, EventKind.BOUNCED, permanent=True, suppress=True, reason="Permanent/General: 550 5.1.1")
    values = office.now_is(message).to_record().values
    assert (values["status"], values["bounced"], values["bounce_type"]) == ("bounced", 1, "hard")
    assert _opted_out(office, ref) == (None, None)
    later = office.plan(_lead(office), "w2")
    assert (later.state, later.reason) == (State.SKIPPED, "suppressed")
    assert later.to_record().values["dropped"] is True


def test_a_soft_bounce_suppresses_nothing(office: PostOffice) -> None:
    ref = office.contact()
    office.tell(_sent(office, ref), EventKind.BOUNCED)
    assert _sent(office, ref, "w2").state is State.ACCEPTED


@pytest.mark.parametrize(("kind", "source"), [(EventKind.SPAM, "complaint"), (EventKind.UNSUBSCRIBED, "unsubscribe")])
def test_whoever_complains_or_leaves_has_left_on_every_record(office: PostOffice, kind: EventKind, source: str) -> None:
    contact, lead, other = office.contact(), _lead(office), office.contact("luis@example.com")
    message = _sent(office, contact)
    for _ in range(2):
        office.tell(message, kind)
    assert _opted_out(office, contact) == _opted_out(office, lead) == (True, source)
    assert _opted_out(office, other) == (None, None)
    later = office.plan(lead, "w2")
    assert later.state is State.SKIPPED
    assert later.reason == ("suppressed" if kind is EventKind.SPAM else "unsubscribed")


def test_unsubscribing_ends_marketing_and_not_the_letters_about_an_invoice(office: PostOffice) -> None:
    contact = office.contact()
    office.tell(_sent(office, contact), EventKind.UNSUBSCRIBED)
    assert office.plan(contact, "w2", message_class="transactional").state is State.PLANNED


def test_a_mark_set_by_hand_stays_by_hand(office: PostOffice) -> None:
    contact = office.contact()
    message = _sent(office, contact)
    office.change(contact, do_not_email=True)
    office.tell(message, EventKind.UNSUBSCRIBED)
    assert _opted_out(office, contact)[1] != "unsubscribe"


def test_a_person_is_protected_before_the_message_says_so(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    contact = office.contact()
    message = _sent(office, contact)

    def die(changed: object, notice: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(office.messages, "save", die)
    with pytest.raises(KeyboardInterrupt):
        office.tell(message, EventKind.UNSUBSCRIBED)
    monkeypatch.undo()
    assert _opted_out(office, contact)[0] is True
    office.tell(message, EventKind.UNSUBSCRIBED)
    assert office.now_is(message).feedback.unsubscribed


def test_what_is_no_message_of_ours_is_passed_by(office: PostOffice) -> None:
    assert office.tell(_sent(office), EventKind.OPENED)
    for foreign in ("", "another system's id", "contacts-nobody-job-j1-1"):
        assert not record_event(office.intake, MessageEvent("e", EventKind.OPENED, foreign, AT))


def test_a_visit_on_the_queue_reads_back_as_what_happened() -> None:
    clients = CrawlerList()
    body = Visit("r1", AT, SAFARI).event(EventKind.CLICKED, "contacts-c1-wf-w1-1", url="https://a.example/")
    event = public_event(body, clients, AT)
    assert event is not None
    assert (event.kind, event.id, event.url, event.machine) == ("clicked", "clicked-r1", "https://a.example/", False)
    robot = public_event({**body, "user_agent": "Googlebot/2.1"}, clients, AT)
    assert robot is not None
    assert robot.machine
    for strange in ({}, {"type": "bounced"}, {**body, "message": 3}, {**body, "type": "accepted"}):
        assert public_event(strange, clients, AT) is None


def test_a_mail_program_may_unsubscribe_for_its_reader() -> None:
    body = Visit("r1", AT, "").event(EventKind.UNSUBSCRIBED, "contacts-c1-wf-w1-1")
    event = public_event(body, CrawlerList(), AT)
    assert event is not None
    assert not event.machine

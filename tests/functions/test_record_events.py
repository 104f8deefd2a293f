"""The events queue: SES, our own endpoints and other providers, each read as what it is."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from functions.record_events import app
from gotero.adapters.mail_clients import CrawlerList
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryTimeline
from gotero.adapters.providers.hook_request import VARIABLE
from gotero.adapters.providers.sendgrid.events import SendGridEvents
from gotero.domain.message import Message
from gotero.domain.record import Ref
from gotero.entry import wiring, wiring_hooks, wiring_sending
from gotero.services.record_provider_events import ProviderIntake
from gotero.services.save_settings import save_settings
from tests.unit.services.office import BY_MARC
from tests.unit.services.post_office import COMPANY, PostOffice

AT = "2026-11-21T11:00:00.000Z"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    office = PostOffice()
    timeline = MemoryTimeline()
    intake = ProviderIntake({"sendgrid": SendGridEvents()}, office.intake, timeline, MemoryQueue(), lambda url: None)
    monkeypatch.setattr(wiring, "timeline", lambda: timeline)
    monkeypatch.setattr(wiring, "signer", lambda: office.signer)
    monkeypatch.setattr(wiring_sending, "event_intake", lambda: office.intake)
    monkeypatch.setattr(wiring_sending, "mail_clients", CrawlerList)
    monkeypatch.setattr(wiring_hooks, "provider_intake", lambda: intake)
    yield office


def handle(*bodies: Any) -> list[str]:
    """The ids of those that come again."""
    records = [
        {
            "messageId": str(n),
            "body": json.dumps(body),
            "attributes": {"ApproximateReceiveCount": "1"},
            "eventSource": "aws:sqs",
        }
        for n, body in enumerate(bodies)
    ]
    answer = app.handler({"Records": records}, None)  # type: ignore[arg-type]  # nothing looks at the context
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def sent(office: PostOffice) -> Message:
    message = office.plan(office.contact())
    office.work()
    return office.now_is(message)


def test_each_is_read_as_what_it_is(office: PostOffice) -> None:
    message = sent(office)
    ses = {
        "eventType": "Delivery",
        "mail": {"messageId": "s", "tags": {VARIABLE: [message.id]}},
        "delivery": {"timestamp": AT},
    }
    opened = {"type": "opened", "message": message.id, "event_id": "o1", "at": AT, "user_agent": "Thunderbird/128"}
    raw = {"event": "spamreport", VARIABLE: message.id, "sg_event_id": "s1", "timestamp": 1_795_255_200}
    provider = {"type": "provider", "provider": "sendgrid", "at": AT, "events": [raw]}
    strangers = [{"Type": "SubscriptionConfirmation"}, {}, {"type": "bounced"}]
    wrapped = {"Type": "Notification", "Message": json.dumps(ses)}
    assert handle(wrapped, opened, provider, provider, *strangers) == []
    back = office.now_is(message).feedback
    assert (back.delivered, back.opened, back.spam) == (True, 1, True)


def test_what_cannot_be_read_comes_again_and_the_others_do_not(office: PostOffice) -> None:
    message = sent(office)
    good = {"event": "delivered", VARIABLE: message.id, "sg_event_id": "d1"}
    bad = {"type": "provider", "provider": "sendgrid", "at": AT, "events": [{"malformed": 1}]}
    assert handle(bad, {**bad, "events": [good]}) == ["0"]
    assert office.now_is(message).feedback.delivered


def test_of_ses_the_words_of_what_went_wrong_are_kept(office: PostOffice) -> None:
    message = sent(office)
    mail = {"messageId": "s", "tags": {VARIABLE: [message.id]}}
    delivery = {"eventType": "Delivery", "mail": mail, "delivery": {"timestamp": AT}}
    bounce = {"eventType": "Bounce", "mail": mail, "bounce": {"bounceType": "Transient", "timestamp": AT}}
    assert handle(delivery, bounce, bounce) == []
    kept, _ = wiring.timeline().page(Ref("messages", message.id), 10, None)
    assert [json.loads(entry.data["raw"]) for entry in kept] == [bounce]


def received(subject: str, **more: Any) -> dict[str, Any]:
    """What SNS brings when SES has received a mail, as a receipt rule's SNS action sends it."""
    mail = {"source": "anyone@example.com", "destination": ["bajas@x.example"], "commonHeaders": {"subject": subject}}
    inner = {
        "notificationType": "Received",
        "mail": mail,
        "receipt": {"action": {"type": "SNS"}},
        "content": "…",
        **more,
    }
    return {"Type": "Notification", "TopicArn": "arn", "Message": json.dumps(inner)}


def test_a_mail_to_the_address_of_list_unsubscribe_unsubscribes_once(office: PostOffice) -> None:
    settings = {**COMPANY, "unsubscribe_mail": "bajas@huertaturia.example"}
    save_settings(office.definer, office.writer.numbers, "company", settings, cause=BY_MARC)
    message = sent(office)
    header = dict(office.mail.box[0].content.headers)["List-Unsubscribe"]
    url, mailto = (uri.strip("<>") for uri in header.split(", "))
    assert url.startswith("https://") and mailto.startswith("mailto:bajas@huertaturia.example?subject=unsubscribe%20")
    subject = unquote(mailto.partition("subject=")[2])

    assert handle(received(subject), received(f" {subject.replace('unsubscribe', 'Unsubscribe')}\r\n ")) == []
    assert office.now_is(message).feedback.unsubscribed
    record = office.records.get(message.key.recipient)
    assert record is not None and record.values["do_not_email_source"] == "unsubscribe"
    assert sum(told["message_event"] == "unsubscribed" for _, told in office.told_workflows) == 1


@pytest.mark.parametrize(
    "subject", ["", "unsubscribe", "unsubscribe me please", "Re: unsubscribe {}", "{}", "unsubscribe {}x"]
)
def test_any_other_mail_that_comes_in_changes_nothing(office: PostOffice, subject: str) -> None:
    message = sent(office)
    token = office.signer.sign("u", {"m": message.id})
    other = office.signer.sign("c", {"m": message.id})
    mails: list[Any] = [None, {"commonHeaders": []}, {"commonHeaders": {"subject": ["x"]}}]
    bodies = [
        received(subject.format(token)),
        received(f"unsubscribe {other}"),
        *(received("", mail=mail) for mail in mails),
    ]

    assert handle(*bodies) == []
    assert not office.now_is(message).feedback.unsubscribed

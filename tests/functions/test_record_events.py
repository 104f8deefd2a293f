"""The events queue: SES, our own endpoints and other providers, each read as what it is."""

import json
from collections.abc import Iterator
from typing import Any

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
from tests.unit.services.post_office import PostOffice

AT = "2026-11-21T11:00:00.000Z"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    office = PostOffice()
    timeline = MemoryTimeline()
    intake = ProviderIntake({"sendgrid": SendGridEvents()}, office.intake, timeline, MemoryQueue(), lambda url: None)
    monkeypatch.setattr(wiring, "timeline", lambda: timeline)
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

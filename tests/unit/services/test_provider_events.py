"""What providers' webhooks brought, on the message: once, in any order, and the person protected."""

import json
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

import pytest

from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryTimeline
from gotero.adapters.providers.brevo.events import BrevoEvents
from gotero.adapters.providers.hook_request import VARIABLE
from gotero.adapters.providers.mailgun.events import MailgunEvents
from gotero.adapters.providers.postmark.events import PostmarkEvents
from gotero.adapters.providers.sendgrid.events import SendGridEvents
from gotero.adapters.providers.sns.events import SnsEvents
from gotero.domain.errors import PermanentError
from gotero.domain.message import Message, State
from gotero.domain.record import Ref
from gotero.ports import HookProvider
from gotero.services.record_provider_events import ProviderIntake, record_provider_events
from tests.unit.services.post_office import PostOffice

AT = "2026-11-21T11:00:00.000Z"
PROVIDERS: dict[str, HookProvider] = {
    "brevo": BrevoEvents(),
    "mailgun": MailgunEvents(),
    "postmark": PostmarkEvents(),
    "sendgrid": SendGridEvents(),
    "sns": SnsEvents(lambda url: b""),
}


@dataclass
class Desk:
    """A sent message, and who hears of it from outside."""

    office: PostOffice = field(default_factory=PostOffice)
    timeline: MemoryTimeline = field(default_factory=MemoryTimeline)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    confirmed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.recipient = self.office.contact()
        self.message = self.office.plan(self.recipient)
        self.office.work()
        self.intake = ProviderIntake(PROVIDERS, self.office.intake, self.timeline, self.queue, self.confirmed.append)

    def tell(self, provider: str, *events: dict[str, Any]) -> dict[str, int]:
        body = {"type": "provider", "provider": provider, "at": AT, "events": list(events)}
        return dict(record_provider_events(self.intake, json.loads(json.dumps(body))))

    def now(self) -> Message:
        return self.office.now_is(self.message)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def sendgrid(message: str, event: str, **rest: Any) -> dict[str, Any]:
    return {"event": event, VARIABLE: message, "sg_event_id": f"{event}-1", "timestamp": 1_795_255_200, **rest}


def hard_bounces(message: str) -> dict[str, dict[str, Any]]:
    words = "550 5.1.1 <ana@example.com> user unknown"
    return {
        "sendgrid": sendgrid(message, "bounce", reason=words, status="5.1.1", type="bounce", email="ana@example.com"),
        "postmark": {
            "RecordType": "Bounce",
            "Type": "HardBounce",
            "Details": words,
            "Email": "ana@example.com",
            "MessageID": "p1",
            "Metadata": {VARIABLE: message},
        },
        "mailgun": {
            "event": "failed",
            "severity": "permanent",
            "id": "m1",
            "recipient": "ana@example.com",
            "delivery-status": {"code": 550, "message": "5.1.1 <ana@example.com> user unknown"},
            "user-variables": {VARIABLE: message},
        },
        "brevo": {
            "event": "hard_bounce",
            "email": "ana@example.com",
            "reason": words,
            "message-id": "<b1>",
            "X-Mailin-custom": json.dumps({VARIABLE: message}),
        },
        "sns": {
            "eventType": "Bounce",
            "mail": {"messageId": "s1", "tags": {VARIABLE: [message]}},
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [{"emailAddress": "ana@example.com", "diagnosticCode": words}],
            },
        },
    }


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_hard_bounce_of_any_provider_counts_once_and_protects_the_address(desk: Desk, provider: str) -> None:
    event = hard_bounces(desk.message.id)[provider]
    for _ in range(5):
        assert desk.tell(provider, event, event) == {"recorded": 2}
    values = desk.now().to_record().values
    assert (values["status"], values["bounced"], values["bounce_type"]) == ("bounced", 1, "hard")
    assert "ana@example.com" not in values["reason"]
    assert "user unknown" in values["reason"]
    later = desk.office.plan(desk.recipient, "w2")
    assert (later.state, later.reason) == (State.SKIPPED, "suppressed")


def test_the_providers_own_words_are_kept_for_ninety_days(desk: Desk) -> None:
    event = hard_bounces(desk.message.id)["postmark"]
    desk.tell("postmark", event, event)
    [kept], _ = desk.timeline.page(Ref("messages", desk.message.id), 10, None)
    assert (kept.kind, kept.keep_days, kept.data["provider"]) == ("provider_event", 90, "postmark")
    assert json.loads(kept.data["raw"]) == event


def test_any_order_ends_the_same(desk: Desk) -> None:
    events = [
        sendgrid(desk.message.id, "processed"),
        sendgrid(desk.message.id, "delivered"),
        sendgrid(desk.message.id, "bounce", type="blocked", reason="550 5.7.1 blocked"),
    ]
    ends = set()
    for order in permutations(events):
        other = Desk()
        for event in order:
            other.tell("sendgrid", {**event, VARIABLE: other.message.id})
        values = other.now().to_record().values
        ends.add((values["status"], values["bounce_type"], values["delivered"], values["reason"]))
    assert ends == {("bounced", "soft", False, "550 5.7.1 blocked")}


def test_a_block_leaves_the_address_as_it_is(desk: Desk) -> None:
    desk.tell("sendgrid", sendgrid(desk.message.id, "bounce", type="blocked", reason="554 5.7.1 spam"))
    assert desk.office.plan(desk.recipient, "w2").state is State.PLANNED


def test_one_bad_event_of_a_thousand_goes_back_alone(desk: Desk) -> None:
    good = [sendgrid(desk.message.id, "delivered", sg_event_id=f"e{n}") for n in range(999)]
    assert desk.tell("sendgrid", *good[:500], {"malformed": 3}, *good[500:]) == {"recorded": 999, "put_back": 1}
    [again] = desk.queue.take()
    assert again == {"type": "provider", "provider": "sendgrid", "at": AT, "events": [{"malformed": 3}]}
    with pytest.raises(PermanentError):
        record_provider_events(desk.intake, again)
    assert not desk.queue.bodies


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"event": "delivered"}, "foreign"),
        ({"event": "delivered", VARIABLE: "contacts-nobody-job-j1-1"}, "foreign"),
        ({"event": "delivered", VARIABLE: "another system's id"}, "foreign"),
        ({"event": "delivered", VARIABLE: ["x"]}, "foreign"),
        ({"event": "something new", VARIABLE: "contacts-c-job-j-1"}, "unknown_event"),
        ({"event": ["delivered"]}, "unknown_event"),
        ({}, "unknown_event"),
    ],
)
def test_what_is_not_about_a_mail_of_ours_is_ignored_with_a_reason(
    desk: Desk, event: dict[str, Any], reason: str
) -> None:
    before = desk.now()
    assert desk.tell("sendgrid", event) == {reason: 1}
    assert desk.now() == before


def test_opens_and_clicks_are_counted_by_our_own_links_alone(desk: Desk) -> None:
    for kind in ("open", "click"):
        assert desk.tell("sendgrid", sendgrid(desk.message.id, kind)) == {"counted_by_us": 1}
    assert "opened" not in {k for k, v in desk.now().to_record().values.items() if v}


def test_whoever_leaves_at_the_provider_has_left(desk: Desk) -> None:
    change = {"RecordType": "SubscriptionChange", "MessageID": "p", "Metadata": {VARIABLE: desk.message.id}}
    assert desk.tell("postmark", {**change, "SuppressSending": False}) == {"no_news": 1}
    assert desk.office.plan(desk.recipient, "w2").state is State.PLANNED
    desk.tell("postmark", {**change, "SuppressSending": True, "SuppressionReason": "ManualSuppression"})
    assert desk.office.plan(desk.recipient, "w3").reason == "unsubscribed"


def test_a_topic_is_confirmed_by_who_reads_the_queue(desk: Desk) -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    assert desk.tell("sns", {"Type": "SubscriptionConfirmation", "SubscribeURL": url}) == {"confirmed": 1}
    assert desk.confirmed == [url]
    evil = "https://sns.eu-west-1.amazonaws.com.evil.example/"
    assert desk.tell("sns", {"Type": "SubscriptionConfirmation", "SubscribeURL": evil}) == {"foreign_host": 1}
    assert desk.confirmed == [url]


@pytest.mark.parametrize("provider", ["sendgrid", "postmark", "mailgun", "brevo"])
@pytest.mark.parametrize("strange", [None, 3, "x", [], {}, {"x": []}, -1e400, "2026", True])
def test_strange_values_break_nothing(desk: Desk, provider: str, strange: Any) -> None:
    for whole in hard_bounces(desk.message.id).values():
        for key in whole:
            event = {**whole, key: strange}
            read = PROVIDERS[provider].read(event, AT)
            assert read is not None

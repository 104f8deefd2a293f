"""No provider's webhook believes anything without its proof, and none breaks on any request."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gotero.adapters.providers.brevo.events import BrevoEvents
from gotero.adapters.providers.hook_request import VARIABLE
from gotero.adapters.providers.mailgun.events import MailgunEvents
from gotero.adapters.providers.postmark.events import PostmarkEvents
from gotero.adapters.providers.sendgrid.events import SendGridEvents
from gotero.adapters.providers.sns.events import SnsEvents
from gotero.domain.message_event import MessageEvent
from gotero.domain.webhook import Credentials, HookRequest, Refusal
from gotero.ports import HookProvider

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
PROVIDERS: dict[str, HookProvider] = {
    "brevo": BrevoEvents(),
    "mailgun": MailgunEvents(),
    "postmark": PostmarkEvents(),
    "sendgrid": SendGridEvents(),
    "sns": SnsEvents(lambda url: b"no certificate"),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
SIGNED_PARTS = st.fixed_dictionaries(
    {
        "event-data": st.dictionaries(st.text(max_size=5), JSON, max_size=3),
        "signature": st.fixed_dictionaries({"timestamp": JSON, "token": JSON, "signature": JSON}),
    }
)
SNS_MESSAGE = st.fixed_dictionaries(
    {
        "Type": st.sampled_from(["Notification", "SubscriptionConfirmation"]),
        "TopicArn": st.just(TOPIC),
        "SigningCertURL": st.sampled_from(["https://sns.eu-west-1.amazonaws.com/x.pem", "x", 3]) | JSON,
        "SignatureVersion": st.sampled_from(["1", "2"]) | JSON,
        "Signature": JSON,
        "Message": JSON,
    }
)
BODIES = st.binary(max_size=200) | (JSON | SIGNED_PARTS | SNS_MESSAGE).map(lambda data: json.dumps(data).encode())
HEADERS = st.fixed_dictionaries(
    {
        "authorization": st.text(max_size=40)
        | st.sampled_from(["Basic ", "Bearer ", "Basic Og==", "basic dXNlcjpwYXNz"]),
        "x-twilio-email-event-webhook-timestamp": st.text(max_size=20) | st.just(str(int(NOW.timestamp()))),
        "x-twilio-email-event-webhook-signature": st.text(max_size=100),
        "content-type": st.sampled_from(["application/json", "text/plain", ""]),
    }
)
DEMANDS = (
    Credentials(authorization=("gotero:s3creto",), topics=(TOPIC,)),
    Credentials(signing=("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", "a key"), topics=(TOPIC,)),
    Credentials(authorization=(), signing=(), topics=(TOPIC,)),
)


@pytest.mark.parametrize("name", PROVIDERS)
@given(headers=HEADERS, body=BODIES, credentials=st.sampled_from(DEMANDS), form=st.dictionaries(st.text(), st.text()))
def test_nothing_is_believed_without_its_proof(
    name: str, headers: dict[str, str], body: bytes, credentials: Credentials, form: dict[str, Any]
) -> None:
    answer = PROVIDERS[name].receive(HookRequest(headers, body, form), credentials, NOW)
    assert isinstance(answer, Refusal)


@pytest.mark.parametrize(
    ("provider", "raw", "for_good"),
    [
        ("sendgrid", {"event": "bounce", "bounce_classification": "Invalid Address"}, True),
        ("sendgrid", {"event": "bounce", "bounce_classification": "Reputation"}, False),
        ("sendgrid", {"event": "bounce", "bounce_classification": "Unclassified"}, False),
        ("sendgrid", {"event": "bounce", "reason": "550 5.1.1 user unknown"}, True),
        ("mailgun", {"event": "failed", "severity": "PERMANENT"}, True),
        ("mailgun", {"event": "failed"}, False),
        ("mailgun", {"event": "bounced"}, True),
    ],
)
def test_a_bounce_is_for_good_where_the_provider_says_so(provider: str, raw: dict[str, Any], for_good: bool) -> None:
    event = PROVIDERS[provider].read({**raw, VARIABLE: "contacts-c1-job-j1-1"}, "2026-11-21T10:00:00.000Z")
    assert isinstance(event, MessageEvent)
    assert (str(event.kind), event.permanent, event.suppress) == ("bounced", for_good, for_good)

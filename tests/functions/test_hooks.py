"""`POST /hooks/{provider}/{key}` and what the queue's reader makes of it."""

import base64
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from functions.hooks import app
from gotero.domain.errors import PermanentError
from gotero.domain.webhook import Confirmation, Ignored
from gotero.entry.invocation import WrongEventError
from tests.functions.hooks_world import CERTIFICATE_URL, TOPIC, HooksWorld, signed_by_sns, world

__all__ = ["world"]

BASIC = "Basic " + base64.b64encode(b"gotero:s3creto").decode()
CONFIRM = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:x&Token=t"
_KEY = generate_private_key(SECP256R1())
PUBLIC = base64.b64encode(_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def signed(world: HooksWorld, body: str, seconds: int = 0) -> dict[str, str]:
    """SendGrid's headers for this body, signed so long before now."""
    stamp = str(int((world.clock.now() - timedelta(seconds=seconds)).timestamp()))
    proof = _KEY.sign(stamp.encode() + body.encode(), ECDSA(SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(proof).decode(),
    }


def postmark(world: HooksWorld) -> str:
    return world.webhook("postmark", ("gotero:s3creto",))


def sns(world: HooksWorld, *messages: dict[str, Any], version: str = "2") -> set[int]:
    """The statuses of the answers to these messages."""
    key = world.webhook("sns", topics=(TOPIC,))
    signed_ones = [json.dumps(signed_by_sns(message, version)) for message in messages]
    return {world.post("sns", key, message)["statusCode"] for message in signed_ones}


def test_a_thousand_events_of_sendgrid_are_a_few_messages_of_the_queue(world: HooksWorld) -> None:
    key = world.webhook("sendgrid", signing=(PUBLIC,))
    body = json.dumps([{"event": "delivered", "sg_event_id": f"e{n}", "note": "x" * 400} for n in range(1000)])
    answer = world.post("sendgrid", key, body, **signed(world, body, seconds=299))
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"accepted": 1000})
    assert 10 < len(world.queue.bodies) < 40
    assert {(b["type"], b["provider"]) for b in world.queue.bodies} == {("provider", "sendgrid")}
    assert [event["sg_event_id"] for event in world.events()] == [f"e{n}" for n in range(1000)]


@pytest.mark.parametrize("seconds", [301, -301, 86_400 * 30])
def test_a_copy_of_a_request_is_refused_after_five_minutes(world: HooksWorld, seconds: int) -> None:
    key = world.webhook("sendgrid", signing=(PUBLIC,))
    answer = world.post("sendgrid", key, "[{}]", **signed(world, "[{}]", seconds=seconds))
    assert (answer["statusCode"], world.queue.bodies) == (403, [])


def test_every_credential_that_is_named_must_be_there(world: HooksWorld) -> None:
    key = world.webhook("sendgrid", ("gotero:s3creto",), (PUBLIC,))
    headers = signed(world, "[{}]")
    assert world.post("sendgrid", key, "[{}]", **headers)["statusCode"] == 403
    assert world.post("sendgrid", key, "[{}]", authorization=BASIC)["statusCode"] == 403
    assert world.post("sendgrid", key, "[{}]", **headers, authorization=BASIC)["statusCode"] == 200


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic ", "Basic !!!", "Basic Z290ZXJvOm5v", "Bearer gotero", "Digest s3creto", BASIC[6:], "Basic é"],
)
def test_a_wrong_authorization_is_refused(world: HooksWorld, authorization: str) -> None:
    answer = world.post("postmark", postmark(world), "{}", authorization=authorization)
    assert (answer["statusCode"], world.queue.bodies) == (403, [])


def test_a_bearer_token_is_an_authorization_too(world: HooksWorld) -> None:
    key = world.webhook("brevo", ("token-1", "token-2"))
    for token, status in (("token-1", 200), ("token-2", 200), ("token-3", 403)):
        assert world.post("brevo", key, "{}", authorization=f"Bearer {token}")["statusCode"] == status


def test_a_secret_that_was_replaced_a_moment_ago_is_looked_up_again(world: HooksWorld) -> None:
    key = postmark(world)
    assert world.post("postmark", key, "{}", authorization=BASIC)["statusCode"] == 200
    assert world.secrets.asked_anew == 0
    world.post("postmark", key, "{}", authorization="Basic bm8=")
    assert world.secrets.asked_anew == 1


def test_a_secret_that_is_gone_lets_nobody_in(world: HooksWorld) -> None:
    key = world.webhook("mailgun", signing=("key",))
    world.secrets.stored.clear()
    body = {"event-data": {"event": "delivered"}, "signature": {"timestamp": "1", "token": "t", "signature": ""}}
    assert world.post("mailgun", key, json.dumps(body))["statusCode"] == 406


@pytest.mark.parametrize(
    ("provider", "key"), [("postmark", "nobody"), ("nobody", "k"), ("", ""), ("postmark", "x" * 3000)]
)
def test_an_address_of_nobody_is_a_404(world: HooksWorld, provider: str, key: str) -> None:
    assert world.post(provider, key, "{}", authorization=BASIC)["statusCode"] == 404


def test_the_key_of_one_provider_opens_nothing_for_another(world: HooksWorld) -> None:
    assert world.post("brevo", postmark(world), "{}", authorization=BASIC)["statusCode"] == 404


@pytest.mark.parametrize("body", ["", "null", "3", '"x"', "{", "[" * 100_000, '{"a":' * 50_000, "\x00", "NaN"])
def test_a_strange_body_is_a_4xx_at_once(world: HooksWorld, body: str) -> None:
    key = world.webhook("brevo", ("gotero:s3creto",))
    began = time.process_time()
    for content in (body, body.encode()):
        assert 400 <= world.post("brevo", key, content, authorization=BASIC)["statusCode"] < 500
    assert time.process_time() - began < 1
    assert not world.queue.bodies


def test_a_giant_body_is_a_413(world: HooksWorld) -> None:
    big = json.dumps({"event": "x" * 400_000})
    assert world.post("postmark", postmark(world), big, authorization=BASIC)["statusCode"] == 413
    key = world.webhook("sendgrid", ("gotero:s3creto",))
    assert world.post("sendgrid", key, f"[{big}]", authorization=BASIC)["statusCode"] == 200
    assert world.post("sendgrid", key, f"[{big},{big},{big},{big}]", authorization=BASIC)["statusCode"] == 413


def test_an_event_that_quotes_a_whole_mail_is_shortened(world: HooksWorld) -> None:
    body = json.dumps({"RecordType": "Bounce", "Content": "x" * 200_000, "Deep": {"a": {"b": {"c": {"d": {"e": {}}}}}}})
    assert world.post("postmark", postmark(world), body, authorization=BASIC)["statusCode"] == 200
    [event] = world.events()
    assert len(json.dumps(event)) < 5_000
    assert event["RecordType"] == "Bounce"


@pytest.mark.parametrize("provider", ["postmark", "brevo"])
def test_when_we_fail_the_provider_is_asked_to_come_again(
    world: HooksWorld, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = world.webhook(provider, ("gotero:s3creto",))

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("SQS")

    monkeypatch.setattr(world.queue, "put", fail)
    # Brevo takes every 5xx for «never again».
    assert world.post(provider, key, '{"event": "delivered"}', authorization=BASIC)["statusCode"] == 429


def test_an_event_of_no_shape_at_all_is_refused(world: HooksWorld) -> None:
    with pytest.raises(WrongEventError):
        app.handler({}, None)
    with pytest.raises(WrongEventError):
        app.handler({"pathParameters": 3}, None)


# -- SNS ------------------------------------------------------------------------------------------------------------


def notification(message: object) -> dict[str, Any]:
    return {"Type": "Notification", "MessageId": "m1", "Timestamp": "2026-11-21T09:00:00.000Z", "Message": message}


@pytest.mark.parametrize("version", ["1", "2"])
def test_a_message_of_our_topic_is_opened(world: HooksWorld, version: str) -> None:
    event = {"eventType": "Delivery", "mail": {"messageId": "ses-1"}, "delivery": {}}
    assert sns(world, notification(json.dumps(event)), version=version) == {200}
    assert world.events() == [event]
    assert world.fetched == [CERTIFICATE_URL]


def test_the_certificate_is_fetched_once(world: HooksWorld) -> None:
    assert sns(world, *[notification("{}")] * 3) == {200}
    assert world.fetched == [CERTIFICATE_URL]


def test_another_topic_may_not_speak_and_costs_no_fetch(world: HooksWorld) -> None:
    foreign = "arn:aws:sns:eu-west-1:999999999999:mail"
    confirmation = {"Type": "SubscriptionConfirmation", "MessageId": "m", "Token": "t", "SubscribeURL": CONFIRM}
    assert sns(world, *({**m, "TopicArn": foreign} for m in (notification("{}"), confirmation))) == {403}
    assert (world.queue.bodies, world.fetched) == ([], [])


def test_a_subscription_is_confirmed_by_the_queues_reader_alone(world: HooksWorld) -> None:
    message = {"Type": "SubscriptionConfirmation", "MessageId": "m", "Token": "t", "SubscribeURL": CONFIRM}
    assert sns(world, message) == {200}
    [event] = world.events()
    assert world.fetched == [CERTIFICATE_URL]
    assert world.providers["sns"].read(event, "") == Confirmation(CONFIRM)


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/?x",
        "https://sns.eu-west-1.amazonaws.com.evil.example/",
        "https://sns.eu-west-1.amazonaws.com@evil.example/",
        "https://sns.eu-west-1.amazonaws.com:8443/",
        "https://169.254.169.254/latest",
        "https://evil.example/?sns.eu-west-1.amazonaws.com",
        "https://sns.eu-west-1.amazonaws.com\\@evil.example/",
        "https://sns.eu-west-1.amazonaws.com\r\n/",
        "https://sns..amazonaws.com/",
        "https://[::1]/",
    ],
)
def test_nothing_is_fetched_from_elsewhere(world: HooksWorld, url: str) -> None:
    message = {"Type": "SubscriptionConfirmation", "MessageId": "m", "Token": "t", "SubscribeURL": url}
    sns(world, message)
    reads = [world.providers["sns"].read(event, "") for event in world.events()]
    assert all(read == Ignored("foreign_host") for read in reads)


def test_the_end_of_a_subscription_is_a_persons_to_decide(world: HooksWorld) -> None:
    message = {"Type": "UnsubscribeConfirmation", "MessageId": "m", "Token": "t", "SubscribeURL": CONFIRM}
    assert sns(world, message) == {200}
    [event] = world.events()
    with pytest.raises(PermanentError):  # into the dead letters, which have an alarm
        world.providers["sns"].read(event, "")

"""Webhooks on the deployed stack, IAM enforced: from another provider's request to the message and the person."""

import json
from base64 import b64encode
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.local.http import Response, request
from infra.local.stack import Stack, wait_until
from tests.e2e.test_mail_links import assign, contact, scheduled_action, values

__all__ = ["scheduled_action"]

pytestmark = pytest.mark.e2e
KEY = generate_private_key(SECP256R1())


def public_key() -> str:
    return b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def webhook(stack: Stack, **definition: Any) -> str:
    """Its address."""
    return str(stack.api("POST", "/v1/webhooks", definition, expect=201)["url"])


def post(url: str, body: str, **headers: str) -> Response:
    return request("POST", url, body=body.encode(), headers={"Content-Type": "application/json", **headers})


def mailed(stack: Stack, scheduled_action: str, email: str) -> tuple[str, str]:
    """Somebody with a mail: the contact and the message."""
    person = contact(stack, email)
    message = assign(stack, scheduled_action, person)
    stack.mailbox.wait_for(to=email)
    return person, message


def test_a_signed_complaint_of_sendgrid_protects_the_person(stack: Stack, scheduled_action: str) -> None:
    secret = stack.aws("secretsmanager").create_secret(Name="gotero/webhooks/sendgrid", SecretString=public_key())
    url = webhook(stack, name="SendGrid", provider="sendgrid", signing=[secret["ARN"]])
    person, message = mailed(stack, scheduled_action, "berta.avisos@example.com")
    stamp = str(int(datetime.fromisoformat(stack.clock.now()).timestamp()))
    event = {"event": "spamreport", "gotero_message": message, "sg_event_id": "e1", "timestamp": int(stamp)}
    body = json.dumps([event, {"event": "something new"}])
    proof = b64encode(KEY.sign((stamp + body).encode(), ECDSA(SHA256()))).decode()
    headers = {
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        "X-Twilio-Email-Event-Webhook-Signature": proof,
    }
    for _ in range(2):
        answer = post(url, body, **headers)
        assert (answer.status, answer.json()) == (200, {"accepted": 2})
    assert post(url, body.replace("spamreport", "unsubscribe"), **headers).status == 403
    wait_until(lambda: values(stack, "messages", message).get("spam"), 300, "the complaint on its message")
    wait_until(lambda: values(stack, "contacts", person).get("do_not_email"), 300, "the mark on the contact")
    assert values(stack, "contacts", person)["do_not_email_source"] == "complaint"


def test_a_bounce_of_postmark_is_on_its_message_with_its_words(stack: Stack, scheduled_action: str) -> None:
    stack.aws("ssm").put_parameter(Name="/gotero/webhooks/postmark", Value="gotero:s3creto", Type="SecureString")
    arn = "arn:aws:ssm:us-east-1:000000000000:parameter/gotero/webhooks/postmark"
    url = webhook(stack, name="Postmark", provider="postmark", authorization=[arn])
    _, message = mailed(stack, scheduled_action, "nuria.avisos@example.com")
    event = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 7,
        "MessageID": "p-1",
        "Details": "smtp;550 5.1.1 user unknown",
        "Email": "nuria.avisos@example.com",
        "Metadata": {"gotero_message": message},
    }
    wait_until(lambda: post(url, json.dumps(event)).status == 403, 300, "the webhook to be known")
    basic = "Basic " + b64encode(b"gotero:s3creto").decode()
    assert post(url, json.dumps(event), Authorization=basic).status == 200
    wait_until(lambda: values(stack, "messages", message).get("bounced") == 1, 300, "the bounce on its message")
    assert "user unknown" in values(stack, "messages", message)["reason"]


def test_an_address_of_nobodys_is_not_there(stack: Stack) -> None:
    for path in ("/hooks/sendgrid/nobody", "/hooks/nobody/x"):
        assert post(f"{stack.public_url}{path}", "[]").status == 404

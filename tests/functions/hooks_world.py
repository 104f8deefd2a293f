"""The webhooks' function with everything behind it in memory, and an SNS that signs with a certificate of its own."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from functions.hooks import app
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.secrets import MemorySecrets
from gotero.adapters.memory.world import SeededIds, SetClock
from gotero.adapters.providers.brevo.events import BrevoEvents
from gotero.adapters.providers.mailgun.events import MailgunEvents
from gotero.adapters.providers.postmark.events import PostmarkEvents
from gotero.adapters.providers.sendgrid.events import SendGridEvents
from gotero.adapters.providers.sns.events import SnsEvents
from gotero.domain.record import Cause
from gotero.domain.webhook import KIND
from gotero.entry import wiring_hooks
from gotero.ports import HookProvider
from gotero.services.find_webhook import FindWebhook
from gotero.services.receive_hook import HookDesk
from gotero.services.save_webhook import create_webhook
from gotero.services.write_definition import DefinitionWriter
from tests.functions.public_events import request

TOPIC = "arn:aws:sns:eu-west-1:123456789012:mail"
CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-test.pem"
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "other": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


def reference(name: str) -> str:
    return f"arn:aws:secretsmanager:eu-west-1:123456789012:secret:gotero/webhooks/{name}"


@cache
def sns_key() -> tuple[RSAPrivateKey, bytes]:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=365))
        .sign(key, SHA256())
    )
    return key, certificate.public_bytes(Encoding.PEM)


def signed_by_sns(message: dict[str, Any], version: str = "2") -> dict[str, Any]:
    """The message as SNS would send it from our topic."""
    whole = {
        **message,
        "TopicArn": message.get("TopicArn", TOPIC),
        "SignatureVersion": version,
        "SigningCertURL": CERTIFICATE_URL,
    }
    fields = _SIGNED.get(whole["Type"], _SIGNED["other"])
    text = "".join(f"{name}\n{whole[name]}\n" for name in fields if whole.get(name) is not None)
    proof = sns_key()[0].sign(text.encode(), PKCS1v15(), SHA256() if version == "2" else SHA1())
    return {**whole, "Signature": b64encode(proof).decode()}


@dataclass
class HooksWorld:
    """`post` answers as the function does; `queue` holds what it handed on."""

    clock: SetClock = field(default_factory=SetClock)
    definitions: MemoryDefinitions = field(default_factory=MemoryDefinitions)
    secrets: MemorySecrets = field(default_factory=MemorySecrets)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    fetched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.providers: dict[str, HookProvider] = {
            "brevo": BrevoEvents(),
            "mailgun": MailgunEvents(),
            "postmark": PostmarkEvents(),
            "sendgrid": SendGridEvents(),
            "sns": SnsEvents(self._certificate),
        }
        self.ids = SeededIds(self.clock)
        self.desk = HookDesk(FindWebhook(self.definitions, self.clock), self.secrets, self.queue, self.clock)

    def _certificate(self, url: str) -> bytes:
        self.fetched.append(url)
        return sns_key()[1]

    def webhook(
        self,
        provider: str,
        authorization: tuple[str, ...] = (),
        signing: tuple[str, ...] = (),
        topics: tuple[str, ...] = (),
    ) -> str:
        """Its key. Each credential gets a secret of its own."""
        data: dict[str, Any] = {"name": f"{provider} {len(self.definitions.all(KIND))}", "provider": provider}
        for kind, values in (("authorization", authorization), ("signing", signing)):
            data[kind] = []
            for value in values:
                where = reference(f"s{len(self.secrets.stored)}")
                self.secrets.stored[where] = (value,)
                data[kind].append(where)
        data["topics"] = list(topics)
        writer = DefinitionWriter(self.definitions, self.clock, self.ids)
        return create_webhook(writer, data, cause=Cause("user", "u1")).id

    def post(
        self, provider: str, key: str, body: str | bytes, content_type: str = "application/json", **headers: str
    ) -> dict[str, Any]:
        event = request("POST", f"/hooks/{provider}/{key}", content_type=content_type, headers=headers)
        event["pathParameters"] = {"provider": provider, "key": key}
        event["body"] = body if isinstance(body, str) else b64encode(body).decode()
        event["isBase64Encoded"] = isinstance(body, bytes)
        return app.handler(event, None)

    def events(self) -> list[dict[str, Any]]:
        """What stands on the queue, taken from it."""
        bodies = self.queue.take()
        assert all(len(json.dumps(body, ensure_ascii=False).encode()) < 200_000 for body in bodies)
        return [event for body in bodies for event in body["events"]]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> HooksWorld:
    made = HooksWorld()
    monkeypatch.setattr(wiring_hooks, "providers", lambda: made.providers)
    monkeypatch.setattr(wiring_hooks, "hook_desk", lambda: made.desk)
    return made

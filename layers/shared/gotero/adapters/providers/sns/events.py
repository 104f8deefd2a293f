"""SNS over HTTPS: for SES in another account, or a topic that cannot reach our queue.

Whoever knows the address could post to it, so nothing is believed before the signature; the certificate that proves it
is fetched from SNS's own hosts and nowhere else, and only topics that the webhook names may speak.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from gotero.adapters.providers import hook_request as hooks
from gotero.adapters.providers.ses import events as ses
from gotero.adapters.providers.ses import inbound as inbound_mail
from gotero.domain.errors import PermanentError
from gotero.domain.message_event import MessageEvent
from gotero.domain.webhook import Confirmation, Credentials, HookRequest, Ignored, Received, Refusal

#: The certificate at this URL, in PEM. TransientError when it cannot be had now.
Certificates = Callable[[str], bytes]
#: What a mail that comes in asks for (entry/mail_events.py).
Inbound = Callable[[dict[str, Any], str], MessageEvent | None]

_HOST = re.compile(r"sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?")
_PLAIN = re.compile(r"https://[A-Za-z0-9./?&=%:_~+-]+")
#: What is signed, in this order, of what is there.
_SIGNED: Mapping[str, tuple[str, ...]] = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


class SnsEvents:
    """`HookProvider` of SNS. One instance a process: it keeps the certificates it has fetched."""

    def __init__(self, certificates: Certificates, unsubscribed: Inbound = lambda raw, received_at: None) -> None:
        self._certificates = certificates
        self._unsubscribed = unsubscribed
        self._fetched: dict[str, bytes] = {}

    def receive(self, request: HookRequest, credentials: Credentials, now: datetime) -> Received | Refusal:
        if not hooks.authorized(request, credentials.authorization):
            return Refusal("authorization")
        try:
            message = hooks.json_of(request.body)
        except ValueError:
            return Refusal("malformed")
        if not isinstance(message, dict) or message.get("Type") not in _SIGNED:
            return Refusal("malformed")
        if message.get("TopicArn") not in credentials.topics:
            return Refusal("topic")
        if not self._is_signed(message):
            return Refusal("signature")
        events = _opened(message)
        # The topic of a receipt rule: mail that comes in, of which one kind is for us.
        inbound = any(inbound_mail.is_inbound(event) and not inbound_mail.tokens(event) for event in events)
        return Refusal("inbound") if inbound else Received(events)

    def read(self, raw: dict[str, Any], received_at: str) -> MessageEvent | Ignored | Confirmation:
        if raw.get("Type") == "SubscriptionConfirmation":
            url = str(raw.get("SubscribeURL"))
            return Confirmation(url) if is_of_sns(url) else Ignored("foreign_host")
        if raw.get("Type") == "UnsubscribeConfirmation":
            # Somebody has cut us off. Ending in the dead letters sets off their alarm: a person decides.
            raise PermanentError("a topic no longer tells us anything")
        if inbound_mail.is_inbound(raw):
            return self._unsubscribed(raw, received_at) or Ignored("foreign")
        if not ses.is_ses_event(raw):
            return Ignored("unknown_event")
        return ses.message_event(raw, received_at) or Ignored("foreign")

    def _is_signed(self, message: Mapping[str, Any]) -> bool:
        url = message.get("SigningCertURL")
        if not isinstance(url, str) or not is_of_sns(url, query=False) or not url.endswith(".pem"):
            return False
        if url not in self._fetched:
            self._fetched = {**dict(list(self._fetched.items())[-3:]), url: self._certificates(url)}
        return signed(message, self._fetched[url])


def _opened(message: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    if message["Type"] != "Notification":
        return ({key: message.get(key) for key in ("Type", "SubscribeURL", "TopicArn")},)
    try:
        inner = hooks.json_of(str(message.get("Message")))
    except ValueError:
        return ()  # SES says in plain words that the topic works
    return (inner,) if isinstance(inner, dict) and inner else ()


def is_of_sns(url: str, *, query: bool = True) -> bool:
    """Whether the URL leads to SNS itself: https, its own hosts, nothing that two readers could read differently."""
    if not _PLAIN.fullmatch(url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return bool(_HOST.fullmatch(parts.netloc)) and port is None and (query or not parts.query)


def signed(message: Mapping[str, Any], certificate: bytes) -> bool:
    """Whether the owner of the certificate signed this message: version 1 with SHA-1, version 2 with SHA-256."""
    # Only the function that receives webhooks verifies; the one that reads events must not load this library.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256
    from cryptography.x509 import load_pem_x509_certificate

    versions = {"1": SHA1, "2": SHA256}
    version = versions.get(str(message.get("SignatureVersion")))
    fields = _SIGNED.get(str(message.get("Type")))
    if version is None or fields is None:
        return False
    text = "".join(f"{name}\n{message[name]}\n" for name in fields if message.get(name) is not None)
    try:
        key = load_pem_x509_certificate(certificate).public_key()
        proof = b64decode(str(message.get("Signature") or ""), validate=True)
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(proof, text.encode(), PKCS1v15(), version())
    except (InvalidSignature, Base64Error, ValueError):
        return False
    return True

"""SendGrid's event webhook: signed with ECDSA P-256 over timestamp and body, a list of events a request."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from gotero.adapters.providers import hook_request as hooks
from gotero.domain.bounce import classify
from gotero.domain.ids import derived_id
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.webhook import Credentials, HookRequest, Ignored, Received, Refusal

#: An older request may be somebody else's copy of it.
WINDOW_SECONDS = 300

_KINDS: Mapping[str, EventKind] = {
    "processed": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "deferred": EventKind.DELAYED,
    "bounce": EventKind.BOUNCED,
    "dropped": EventKind.DROPPED,
    "spamreport": EventKind.SPAM,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "group_unsubscribe": EventKind.UNSUBSCRIBED,
}
#: Why SendGrid drops a mail for an address that cannot be reached.
_DEAD = ("bounced address", "invalid")
#: What SendGrid could make nothing of.
_UNCLASSIFIED = "unclassified"


class SendGridEvents:
    """`HookProvider` of SendGrid."""

    def receive(self, request: HookRequest, credentials: Credentials, now: datetime) -> Received | Refusal:
        if not hooks.authorized(request, credentials.authorization):
            return Refusal("authorization")
        if credentials.signing is not None:
            timestamp = request.header("x-twilio-email-event-webhook-timestamp")
            signature = request.header("x-twilio-email-event-webhook-signature")
            if not signed(credentials.signing, timestamp, request.body, signature):
                return Refusal("signature")
            if not _fresh(timestamp, now):
                return Refusal("stale")
        try:
            events = hooks.objects(hooks.json_of(request.body))
        except ValueError:
            events = None
        return Refusal("malformed") if events is None else Received(events)

    def read(self, raw: dict[str, Any], received_at: str) -> MessageEvent | Ignored:
        name = hooks.named(raw, "event")
        kind, message_id = _KINDS.get(name), raw.get(hooks.VARIABLE)
        if kind is None:
            return Ignored("unknown_event")
        if not isinstance(message_id, str):
            return Ignored("foreign")
        hard = kind is EventKind.BOUNCED and _is_hard(raw)
        dead = kind is EventKind.DROPPED and str(raw.get("reason", "")).lower().startswith(_DEAD)
        provider_id = str(raw.get("sg_message_id") or raw.get("smtp-id") or "")
        return MessageEvent(
            id=derived_id("sendgrid", str(raw.get("sg_event_id") or (provider_id, name, raw.get("timestamp")))),
            kind=kind,
            message_id=message_id,
            at=hooks.epoch(raw.get("timestamp"), received_at),
            provider_id=provider_id,
            reason=hooks.reason(raw.get("reason") or raw.get("response"), address=raw.get("email")),
            permanent=hard,
            suppress=hard or dead,
            url=str(raw.get("url") or ""),
            machine=raw.get("sg_machine_open") is True,
        )


def _is_hard(raw: Mapping[str, Any]) -> bool:
    """`blocked` says that the server did not want the mail; a bounce is one for good unless its words say otherwise."""
    if raw.get("type") == "blocked":
        return False
    read_as = str(raw.get("bounce_classification") or "").lower()
    if read_as not in ("", _UNCLASSIFIED):
        # The others are content, reputation, volume, technical, and a mailbox that is unavailable for now.
        return read_as == "invalid address"
    meaning = classify(str(raw.get("reason") or ""), str(raw.get("status") or ""))
    return meaning == "hard" or (meaning == "other" and not read_as)


def signed(keys: Iterable[str], timestamp: str, body: bytes, signature: str) -> bool:
    """Whether one of the public keys (base64 of DER, as SendGrid shows it) belongs to this signature."""
    # Only the function that receives webhooks verifies; the one that reads events must not load this library.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    for text in keys:
        try:
            key = load_der_public_key(b64decode(text))
            proof = b64decode(signature, validate=True)
        except (Base64Error, ValueError):
            continue
        if not isinstance(key, EllipticCurvePublicKey) or not proof:
            continue
        try:
            key.verify(proof, timestamp.encode() + body, ECDSA(SHA256()))
        except InvalidSignature:
            continue
        return True
    return False


def _fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= WINDOW_SECONDS

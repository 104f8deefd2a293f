"""Mailgun's webhooks: one event a request, signed with HMAC-SHA256 over timestamp and token; JSON, or the older form.

The signature does not cover the event itself: whoever sees one request could write others. That is why a request is
only taken for twelve hours (Mailgun tries for eight), and why docs/adding-a-provider.md asks for Basic as well.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from gotero.adapters.providers import hook_request as hooks
from gotero.domain.bounce import classify
from gotero.domain.ids import derived_id
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.webhook import Credentials, HookRequest, Ignored, Received, Refusal

WINDOW_SECONDS = 12 * 3600

_KINDS: Mapping[str, EventKind] = {
    "accepted": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "failed": EventKind.BOUNCED,
    "bounced": EventKind.BOUNCED,
    "rejected": EventKind.DROPPED,
    "dropped": EventKind.DROPPED,
    "complained": EventKind.SPAM,
    "opened": EventKind.OPENED,
    "clicked": EventKind.CLICKED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
}
#: Mailgun's code for an address that has bounced before.
_BOUNCED_BEFORE = 605


class MailgunEvents:
    """`HookProvider` of Mailgun."""

    def receive(self, request: HookRequest, credentials: Credentials, now: datetime) -> Received | Refusal:
        if not hooks.authorized(request, credentials.authorization):
            return Refusal("authorization")
        body = _json(request) if "json" in request.header("content-type") else _form(request)
        if body is None:
            return Refusal("malformed")
        event, signature = body
        if not _signed(credentials.signing or (), signature):
            return Refusal("signature")
        if not _fresh(str(signature.get("timestamp")), now):
            return Refusal("stale")
        return Received((event,)) if "event" in event else Refusal("inbound")

    def read(self, raw: dict[str, Any], received_at: str) -> MessageEvent | Ignored:
        name = hooks.named(raw, "event")
        kind = _KINDS.get(name)
        message_id = hooks.within(raw.get("user-variables"), hooks.VARIABLE) or raw.get(hooks.VARIABLE)
        if kind is None:
            return Ignored("unknown_event")
        if not isinstance(message_id, str):
            return Ignored("foreign")
        why, status = _words(raw)
        refused = str(raw.get("reason") or "").startswith("suppress-")
        severity = str(raw.get("severity") or "").lower()
        if name == "failed":
            # What stands on Mailgun's own lists never left, as with SES.
            kind = EventKind.DELAYED if severity == "temporary" else kind
            kind = EventKind.DROPPED if refused else kind
        dead = raw.get("reason") == "suppress-bounce" or raw.get("code") == str(_BOUNCED_BEFORE)
        lasting = kind is EventKind.BOUNCED and (name != "failed" or severity == "permanent")
        hard = lasting and classify(why, status) in ("hard", "other")
        provider_id = _provider_id(raw)
        return MessageEvent(
            id=derived_id("mailgun", str(raw.get("id") or (provider_id, name, raw.get("token")))),
            kind=kind,
            message_id=message_id,
            at=hooks.epoch(raw.get("timestamp"), received_at),
            provider_id=provider_id,
            reason=hooks.reason(why, address=raw.get("recipient")),
            permanent=lasting,
            suppress=hard or dead,
            url=str(raw.get("url") or ""),
            machine=hooks.within(raw.get("client-info"), "bot") not in (None, ""),
        )


def _json(request: HookRequest) -> tuple[dict[str, Any], dict[str, Any]] | None:
    try:
        body = hooks.json_of(request.body)
    except ValueError:
        return None
    event, signature = hooks.within(body, "event-data"), hooks.within(body, "signature")
    if not isinstance(event, dict) or not isinstance(signature, dict):
        return None
    return {**event, "token": signature.get("token")}, signature


def _form(request: HookRequest) -> tuple[dict[str, Any], dict[str, Any]] | None:
    return (dict(request.form), dict(request.form)) if request.form else None


def _signed(keys: Iterable[str], signature: Mapping[str, Any]) -> bool:
    parts = [signature.get(name) for name in ("timestamp", "token", "signature")]
    if not all(isinstance(part, str) and part.isascii() for part in parts):
        return False
    timestamp, token, given = map(str, parts)
    text = (timestamp + token).encode()
    return hooks.one_of(given.encode(), [hmac.new(key.encode(), text, hashlib.sha256).hexdigest() for key in keys])


def _fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= WINDOW_SECONDS


def _words(raw: Mapping[str, Any]) -> tuple[str, str]:
    """The server's words and its code; Mailgun has put them in several places."""
    status = raw.get("delivery-status")
    words = hooks.within(status, "message") or hooks.within(status, "description")
    words = words or raw.get("error") or raw.get("description") or hooks.within(raw.get("reject"), "reason") or ""
    code = hooks.within(status, "code") or raw.get("code") or ""
    return f"{code} {words}".strip() if str(code) not in str(words)[:4] else str(words), str(code)


def _provider_id(raw: Mapping[str, Any]) -> str:
    headers = hooks.within(raw.get("message"), "headers")
    return str(hooks.within(headers, "message-id") or raw.get("Message-Id") or "").strip("<>")

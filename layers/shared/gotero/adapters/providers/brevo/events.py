"""Brevo's transactional webhooks: one event a request or a list of them, behind Basic or a bearer token."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gotero.adapters.providers import hook_request as hooks
from gotero.domain.ids import derived_id
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.webhook import Credentials, HookRequest, Ignored, Received, Refusal

_KINDS: Mapping[str, EventKind] = {
    "request": EventKind.ACCEPTED,
    "sent": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "deferred": EventKind.DELAYED,
    "soft_bounce": EventKind.BOUNCED,
    "hard_bounce": EventKind.BOUNCED,
    "invalid_email": EventKind.BOUNCED,
    "blocked": EventKind.DROPPED,
    "error": EventKind.DROPPED,
    "spam": EventKind.SPAM,
    "complaint": EventKind.SPAM,
    "opened": EventKind.OPENED,
    "unique_opened": EventKind.OPENED,
    "proxy_open": EventKind.OPENED,
    "unique_proxy_open": EventKind.OPENED,
    "click": EventKind.CLICKED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
}
_FOR_GOOD = frozenset({"hard_bounce", "invalid_email"})


class BrevoEvents:
    """`HookProvider` of Brevo."""

    def receive(self, request: HookRequest, credentials: Credentials, now: datetime) -> Received | Refusal:
        if credentials.authorization is None or not hooks.authorized(request, credentials.authorization):
            return Refusal("authorization")
        try:
            body = hooks.json_of(request.body)
        except ValueError:
            return Refusal("malformed")
        if isinstance(body, dict) and "items" in body:
            # The address of this webhook was given to Brevo for mail that comes in.
            return Refusal("inbound")
        events = hooks.objects(body)
        return Refusal("malformed") if events is None else Received(events)

    def read(self, raw: dict[str, Any], received_at: str) -> MessageEvent | Ignored:
        name = hooks.named(raw, "event")
        kind, message_id = _KINDS.get(name), _message_id(raw)
        if kind is None:
            return Ignored("unknown_event")
        if message_id is None:
            return Ignored("foreign")
        provider_id = str(raw.get("message-id") or "").strip("<>")
        moment = raw.get("ts_epoch") or raw.get("ts_event") or raw.get("ts") or raw.get("date") or ""
        return MessageEvent(
            id=derived_id("brevo", provider_id, name, str(moment), str(raw.get("link") or "")),
            kind=kind,
            message_id=message_id,
            at=_at(raw, received_at),
            provider_id=provider_id,
            reason=hooks.reason(raw.get("reason"), address=raw.get("email")),
            permanent=name in _FOR_GOOD,
            suppress=name in _FOR_GOOD,
            url=str(raw.get("link") or ""),
            machine=name.endswith("proxy_open"),
        )


def _message_id(raw: Mapping[str, Any]) -> str | None:
    """Brevo gives one header of ours back, as text: the id in an object."""
    try:
        custom = hooks.json_of(str(raw.get("X-Mailin-custom") or ""))
    except ValueError:
        return None
    message_id = hooks.within(custom, hooks.VARIABLE)
    return message_id if isinstance(message_id, str) else None


def _at(raw: Mapping[str, Any], received_at: str) -> str:
    """`ts_epoch` counts milliseconds in UTC, `ts_event` seconds."""
    if raw.get("ts_epoch") is not None:
        return hooks.epoch(raw["ts_epoch"], received_at, scale=1000)
    return hooks.epoch(raw.get("ts_event"), received_at)

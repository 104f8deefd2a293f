"""Postmark's webhooks: one event a request, behind Basic authorization."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gotero.adapters.providers import hook_request as hooks
from gotero.domain.ids import derived_id
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.webhook import Credentials, HookRequest, Ignored, Received, Refusal

#: Record type -> our kind, and where its instant stands.
_KINDS: Mapping[str, tuple[EventKind, str]] = {
    "Delivery": (EventKind.DELIVERED, "DeliveredAt"),
    "Bounce": (EventKind.BOUNCED, "BouncedAt"),
    "SpamComplaint": (EventKind.SPAM, "BouncedAt"),
    "Open": (EventKind.OPENED, "ReceivedAt"),
    "Click": (EventKind.CLICKED, "ReceivedAt"),
    "SubscriptionChange": (EventKind.UNSUBSCRIBED, "ChangedAt"),
}
#: Bounce types that are no bounce, or one for good. The others are returned and may pass.
_TYPES: Mapping[str, EventKind | None] = {
    "Transient": EventKind.DELAYED,
    "DnsError": EventKind.DELAYED,
    "Unsubscribe": EventKind.UNSUBSCRIBED,
    "ManualSuppression": EventKind.UNSUBSCRIBED,
    "SpamComplaint": EventKind.SPAM,
    # Postmark itself would not send these.
    "BadEmailAddress": EventKind.DROPPED,
    "ManuallyDeactivated": EventKind.DROPPED,
    "Unconfirmed": EventKind.DROPPED,
    "DMARCPolicy": EventKind.DROPPED,
    "SMTPApiError": EventKind.DROPPED,
    "TemplateRenderingFailed": EventKind.DROPPED,
    # An answer of the mailbox, not about the mail.
    "Subscribe": None,
    "AutoResponder": None,
    "AddressChange": None,
    "ChallengeVerification": None,
    "OpenRelayTest": None,
    "InboundError": None,
    "Unknown": None,
}
_FOR_GOOD = frozenset({"HardBounce"})
_DEAD = frozenset({"HardBounce", "BadEmailAddress"})


class PostmarkEvents:
    """`HookProvider` of Postmark."""

    def receive(self, request: HookRequest, credentials: Credentials, now: datetime) -> Received | Refusal:
        if credentials.authorization is None or not hooks.authorized(request, credentials.authorization):
            return Refusal("authorization")
        try:
            event = hooks.json_of(request.body)
        except ValueError:
            return Refusal("malformed")
        if not isinstance(event, dict):
            return Refusal("malformed")
        # The address of this webhook was given to Postmark for mail that comes in.
        return Refusal("inbound") if "FromFull" in event else Received((event,))

    def read(self, raw: dict[str, Any], received_at: str) -> MessageEvent | Ignored:
        name = hooks.named(raw, "RecordType")
        if name not in _KINDS:
            return Ignored("unknown_event")
        kind, key = _KINDS[name]
        type_ = _type(raw, name)
        read_as = _TYPES.get(type_, EventKind.BOUNCED if type_ else kind)
        message_id = hooks.within(raw.get("Metadata"), hooks.VARIABLE)
        if read_as is None:
            return Ignored("no_news")
        if not isinstance(message_id, str):
            return Ignored("foreign")
        provider_id = str(raw.get("MessageID") or "")
        # A hard bounce comes twice, as a bounce and as a change of subscription: it is one.
        distinct = "" if read_as is EventKind.BOUNCED else str(raw.get("ID") or raw.get(key) or "")
        return MessageEvent(
            id=derived_id("postmark", provider_id, str(read_as), distinct),
            kind=read_as,
            message_id=message_id,
            at=hooks.iso(raw.get(key), received_at),
            provider_id=provider_id,
            reason=hooks.reason(
                type_, raw.get("Description"), raw.get("Details"), address=raw.get("Email") or raw.get("Recipient")
            ),
            permanent=read_as is EventKind.BOUNCED and type_ in _FOR_GOOD,
            suppress=type_ in _DEAD,
            url=str(raw.get("OriginalLink") or ""),
        )


def _type(raw: Mapping[str, Any], name: str) -> str:
    """Postmark's word for why, where the record type alone does not say it."""
    if name == "Bounce":
        return str(raw.get("Type") or "SoftBounce")
    if name == "SubscriptionChange":
        return str(raw.get("SuppressionReason") or "Unsubscribe") if raw.get("SuppressSending") else "Subscribe"
    return ""

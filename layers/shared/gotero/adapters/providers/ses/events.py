"""What SES says about a mail, translated to the one vocabulary of domain/message_event.py.

SES publishes at least once, in no order, to SNS; SNS wraps it for SQS unless raw delivery is on. Both shapes are read.
"""

import json
from collections.abc import Mapping
from typing import Any

from gotero.adapters.providers.ses.send import TAG
from gotero.domain import instant
from gotero.domain.ids import derived_id
from gotero.domain.message_event import EventKind, MessageEvent

Json = dict[str, Any]

#: SES's event -> ours, and the key under which SES puts its details.
_KINDS: Mapping[str, tuple[EventKind, str]] = {
    "Send": (EventKind.ACCEPTED, "send"),
    "Delivery": (EventKind.DELIVERED, "delivery"),
    "DeliveryDelay": (EventKind.DELAYED, "deliveryDelay"),
    "Bounce": (EventKind.BOUNCED, "bounce"),
    "Complaint": (EventKind.SPAM, "complaint"),
    "Reject": (EventKind.DROPPED, "reject"),
    "Rendering Failure": (EventKind.DROPPED, "failure"),
    # Somebody used the unsubscribe link that SES's own lists can add.
    "Subscription": (EventKind.UNSUBSCRIBED, "subscription"),
}
#: Bounces that SES makes itself: the address stands on its own suppression list, the mail never left.
_SUPPRESSED = frozenset({"suppressed", "onaccountsuppressionlist"})
_EXPIRED = "message expired"
_REASON_LIMIT = 500


def unwrap(body: Json) -> Json:
    """The event in an SQS body, with or without the envelope of SNS."""
    if body.get("Type") == "Notification" and isinstance(body.get("Message"), str):
        inner: Any = json.loads(body["Message"])
        return inner if isinstance(inner, dict) else {}
    return body


def is_ses_event(body: Json) -> bool:
    return "mail" in body and ("eventType" in body or "notificationType" in body)


def message_event(body: Json, received_at: str) -> MessageEvent | None:
    """The event, or None for one that is about no mail of ours, or of a kind that we do not count."""
    name = str(body.get("eventType") or body.get("notificationType"))
    mail = _object(body.get("mail"))
    message_id = _tag(mail)
    if name not in _KINDS or message_id is None:
        return None
    kind, key = _KINDS[name]
    details = _object(body.get(key))
    provider_id = str(mail.get("messageId") or "")
    at = _instant(details.get("timestamp")) or _instant(mail.get("timestamp")) or received_at
    if _is_no_news(kind, details):
        return None
    dead = kind is EventKind.BOUNCED and _word(details, "bounceType") == "permanent"
    if dead and _word(details, "bounceSubType") in _SUPPRESSED:
        kind = EventKind.DROPPED
    # SES may publish one thing twice under two ids of SNS: what it says makes it the same.
    distinct = str(details.get("feedbackId") or details.get("timestamp") or "")
    return MessageEvent(
        id=derived_id("ses", provider_id, name, distinct),
        kind=kind,
        message_id=message_id,
        at=at,
        provider_id=provider_id,
        reason=_reason(name, details),
        # Tried for half a day and given up: as good as returned for good, but a server comes back now and then.
        permanent=dead or (kind is EventKind.BOUNCED and _is_given_up(details)),
        suppress=dead,
    )


def _is_given_up(details: Json) -> bool:
    """A full mailbox may be emptied; a server that never answered is as good as none."""
    return _word(details, "bounceSubType") == "general" and _EXPIRED in _reason("Bounce", details).lower()


def _is_no_news(kind: EventKind, details: Json) -> bool:
    """A complaint taken back, or a change of preferences that leaves the person with us."""
    if kind is EventKind.SPAM:
        return details.get("complaintFeedbackType") == "not-spam"
    if kind is EventKind.UNSUBSCRIBED:
        return not _object(details.get("newTopicPreferences")).get("unsubscribeAll")
    return False


def _object(value: Any) -> Json:
    """What should be one: a shape that SES has not promised costs the detail, and not the event."""
    return value if isinstance(value, dict) else {}


def _word(details: Json, key: str) -> str:
    """A word of SES's; what relays its events writes some of them in capitals."""
    return str(details.get(key) or "").lower()


def _tag(mail: Json) -> str | None:
    values = _object(mail.get("tags")).get(TAG)
    return str(values[0]) if isinstance(values, list) and values else None


def _instant(text: Any) -> str | None:
    try:
        return instant.write(instant.read(text)) if isinstance(text, str) else None
    except ValueError:
        return None


def _reason(name: str, details: Json) -> str:
    """Why, in the provider's words and without the address: reasons are shown and exported."""
    if name == "Bounce":
        told = details.get("bouncedRecipients")
        recipient = _object(told[0]) if isinstance(told, list) and told else {}
        diagnostic = str(recipient.get("diagnosticCode") or recipient.get("status") or "")
        address = str(recipient.get("emailAddress") or "")
        kind = f"{details.get('bounceType', '')}/{details.get('bounceSubType', '')}".strip("/")
        text = f"{kind}: {diagnostic}" if diagnostic else kind
        return (text.replace(address, "…") if address else text)[:_REASON_LIMIT]
    if name in ("Reject", "Rendering Failure"):
        return str(details.get("reason") or details.get("errorMessage") or name)[:_REASON_LIMIT]
    return ""

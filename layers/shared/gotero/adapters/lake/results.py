"""What became of a campaign's messages, in SQL over the dataset `messages`."""

from collections.abc import Mapping

#: Name of the sum -> the messages that it counts.
_COUNTED: Mapping[str, str] = {
    "total": "true",
    "sent": "status IN ('accepted', 'delivered', 'dropped', 'bounced')",
    "delivered": "delivered",
    "opened": "opened > 0",
    "clicked": "clicked > 0",
    "bounced": "bounced > 0",
    "dropped": "dropped",
    "spam": "spam",
    "unsubscribed": "unsubscribed",
    "no_email": "no_email",
    "pending": "status IN ('planned', 'claimed')",
    "skipped": "status = 'skipped'",
    "failed": "status = 'failed'",
    "uncertain": "status = 'uncertain'",
    "held": "status = 'held'",
    "cancelled": "status = 'cancelled'",
}
NAMES = tuple(_COUNTED)


def totals() -> str:
    """One row: how many messages of the campaign (the parameter) each sum counts. Opened twice is one message opened."""
    sums = ", ".join(f"count(*) FILTER ({condition})" for condition in _COUNTED.values())
    return f"SELECT {sums} FROM messages WHERE campaign = ?"  # noqa: S608 - fixed texts

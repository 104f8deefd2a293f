"""What became of a campaign's messages, in SQL over the datasets `messages` and `activity`."""

from collections.abc import Mapping

from gotero.adapters.lake.columns import literal

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
    """One row: how many messages of the campaign (the parameter) each sum counts; opened twice is one opened."""
    sums = ", ".join(f"count(*) FILTER ({condition})" for condition in _COUNTED.values())
    return f"SELECT {sums} FROM messages WHERE campaign = ?"


#: What a chart over time shows.
SERIES = ("sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "spam")


def series() -> str:
    """A row an hour (UTC) in which something happened to the campaign (the parameter), with every count of SERIES."""
    sums = ", ".join(f'coalesce(sum("count") FILTER (kind = {literal(kind)}), 0)::BIGINT' for kind in SERIES)
    return (
        f"""SELECT strftime(date_trunc('hour', "at"), '%Y-%m-%dT%H:%M:%S.000Z') AS hour, {sums} """
        f"FROM activity WHERE campaign = ? AND kind IN {SERIES} GROUP BY hour ORDER BY hour"
    )

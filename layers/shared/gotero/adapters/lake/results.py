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


#: Name -> its columns, and a row for each reason, answer or address with how often it stands for the campaign (the
#: parameter). What nobody reads to the end is cut.
BREAKDOWN: Mapping[str, tuple[tuple[str, ...], str]] = {
    "reasons": (
        ("status", "reason", "count"),
        "SELECT status, coalesce(reason, '') AS why, count(*) AS n FROM messages WHERE campaign = ? "
        "AND status IN ('skipped', 'failed', 'uncertain', 'held', 'cancelled') "
        "GROUP BY status, why ORDER BY n DESC, status, why LIMIT 50",
    ),
    "bounces": (
        ("text", "count"),
        "SELECT coalesce(reason, '') AS why, count(*) AS n FROM messages WHERE campaign = ? AND bounced > 0 "
        "GROUP BY why ORDER BY n DESC, why LIMIT 1000",
    ),
    "links": (
        ("url", "clicks"),
        """SELECT detail, sum("count")::BIGINT AS n FROM activity WHERE campaign = ? AND kind = 'clicked' """
        "AND detail <> '' GROUP BY detail ORDER BY n DESC, detail LIMIT 50",
    ),
}

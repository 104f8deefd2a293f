"""The results of a campaign: what its messages add up to, and the rates that people compare."""

from collections.abc import Mapping

from gotero.ports import Json, Lake

COUNTS = ("sent", "delivered", "opened", "clicked", "bounced", "dropped", "spam", "unsubscribed", "no_email")
#: Rate -> what it is a share of.
_RATES: Mapping[str, str] = {
    "delivered": "sent",
    "bounced": "sent",
    "opened": "delivered",
    "clicked": "delivered",
    "spam": "delivered",
    "unsubscribed": "delivered",
}


def campaign_results(lake: Lake, campaign_id: str) -> Json:
    """Totals with their instant, rates, and opens and clicks by the hour."""
    totals, as_of, exact = lake.message_totals(campaign_id)
    counts = {**dict.fromkeys(COUNTS, 0), **totals}
    return {
        "as_of": as_of,
        "exact": exact,
        **counts,
        "rates": {rate: _share(counts[rate], counts[whole]) for rate, whole in _RATES.items()},
        "series": lake.message_series(campaign_id),
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0

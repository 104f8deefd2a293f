"""The results of a campaign: what its messages add up to, and the rates that people compare."""

from collections.abc import Mapping

from gotero.domain.bounce import classify
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
    """Totals with their instant, rates, what happened by the hour, links, and why mails came back or did not leave."""
    totals, as_of, exact = lake.message_totals(campaign_id)
    counts = {**dict.fromkeys(COUNTS, 0), **totals}
    return {
        "as_of": as_of,
        "exact": exact,
        **counts,
        "rates": {rate: _share(counts[rate], counts[whole]) for rate, whole in _RATES.items()},
        "series": lake.message_series(campaign_id),
        **_breakdown(lake.message_breakdown(campaign_id)),
    }


def _breakdown(found: Json) -> Json:
    """What servers said that returned mails comes down to what they meant, with the words heard most often."""
    meant: dict[str, Json] = {}
    for said in found["bounces"]:
        kind = classify(said["text"])
        # The most frequent come first: the first of a kind is its example.
        meant.setdefault(kind, {"kind": kind, "count": 0, "example": said["text"]})["count"] += said["count"]
    bounces = sorted(meant.values(), key=lambda each: -each["count"])
    return {"reasons": found["reasons"], "links": found["links"], "bounces": bounces}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0

"""Random conditions on contacts of every kind of leaf, and the little world that they ask about."""

from collections.abc import Callable
from random import Random
from typing import Any

from gotero.domain.ids import derived_id

Made = Callable[[], dict[str, Any]]
CITIES = ("Alzira", "Gandia", None)
INDUSTRIES = ("Banking", "Hospitality", None)
BIRTHDAYS = ("1990-11-22", "1990-11-25", "1988-02-29", None)
CAMPAIGNS = (derived_id("campaign", "a"), derived_id("campaign", "b"))
FORMS = ("FORMA", "FORMB")
URLS = ("https://example.com/oferta", "https://example.com/BAJA", "https://other.example/")
STATUSES = ("Created", "Paid")
SITUATIONS = ("Active", "Completed", None)
ZERO = {"at_most": 0}
TIMES: tuple[dict[str, int] | None, ...] = (
    None,
    {"at_least": 2},
    ZERO,
    {"exactly": 1},
    {"at_least": 1, "at_most": 2},
)


WINDOWS: tuple[dict[str, Any], ...] = (
    {},
    {"within_days": 1},
    {"within_hours": 30},
    {"before_days": 1},
    {"within_days": 4, "before_days": 1},
    {"since": "2026-11-21"},
    {"since": "2026-11-22", "until": "2026-11-20"},
    {"until": "2026-11-22T08:00:00Z"},
)


def leaf(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


def _field(drawn: Random) -> dict[str, Any]:
    made: list[Made] = [
        lambda: leaf("city", drawn.choice(["is", "is_not"]), "Alzira"),
        lambda: leaf("city", drawn.choice(["is_empty", "is_not_empty"])),
        lambda: leaf("account.industry", drawn.choice(["is", "is_not"]), "Banking"),
        lambda: leaf("birthday", "is_today"),
        lambda: leaf("birthday", drawn.choice(["age_at_least", "age_is"]), drawn.choice([36, 38])),
        lambda: leaf("updated_at", "less_than_hours_before", 20),
        lambda: leaf("created_at", drawn.choice(["more_than_days_ago", "less_than_days_ago"]), 2),
        lambda: leaf("created_at", "is_in", drawn.choice(["yesterday", "last_week", "this_month"])),
    ]
    return drawn.choice(made)()


def _how(drawn: Random) -> dict[str, Any]:
    times = drawn.choice(TIMES)
    return {"times": times} if times else {"match": drawn.choice(["any", "all", "none"])}


def _of_invoice(drawn: Random) -> dict[str, Any]:
    made: list[Made] = [
        dict,
        lambda: leaf("status", drawn.choice(["is", "is_not"]), "Paid"),
        lambda: leaf("due_date", "more_than_days_ago", drawn.choice([0, 2])),
        lambda: {"all": [leaf("status", "is", "Paid"), leaf("total", "greater_than", 50)]},
        lambda: {"not": leaf("total", "less_than", 50)},
    ]
    return drawn.choice(made)()


def _of_campaign(drawn: Random) -> dict[str, Any]:
    made: list[Made] = [
        dict,
        lambda: leaf("status", drawn.choice(["is", "is_not"]), "Active"),
        lambda: leaf("status", drawn.choice(["is_empty", "is_not_empty"])),
        lambda: leaf("expected_close", "more_than_days_ago", drawn.choice([0, 2])),
        lambda: {"any": [leaf("status", "is", "Completed"), leaf("target_size", "greater_than", 50)]},
    ]
    return drawn.choice(made)()


def _of_message(drawn: Random) -> dict[str, Any]:
    made: list[Made] = [
        lambda: leaf("campaign", drawn.choice(["is", "is_not"]), drawn.choice(CAMPAIGNS)),
        lambda: {"all": [leaf("opened", "greater_than", 0), leaf("clicked", "is", 0)]},
        lambda: leaf("status", drawn.choice(["is", "is_not"]), "planned"),
        lambda: leaf("bounce_type", "is", "hard"),
        lambda: leaf("sent_at", "less_than_days_ago", 2),
    ]
    return drawn.choice(made)()


def _activity(drawn: Random) -> dict[str, Any]:
    kinds = ["sent", "delivered", "opened", "opened", "clicked", "clicked", "bounced", "unsubscribed", "form_posted"]
    asked: dict[str, Any] = {"activity": drawn.choice(kinds)}
    if times := drawn.choice(TIMES):
        asked["times"] = times
    asked |= drawn.choice(WINDOWS)
    if asked["activity"] == "form_posted":
        return asked | ({"form": drawn.choice(FORMS)} if drawn.random() < 0.5 else {})
    if drawn.random() < 0.4:
        asked["campaign"] = drawn.choice(CAMPAIGNS)
    if asked["activity"] == "clicked" and drawn.random() < 0.6:
        asked["url"] = drawn.choice(["oferta", "EXAMPLE.com", {"op": "does_not_contain", "value": "baja"}])
    if drawn.random() < 0.3:
        asked["where"] = _of_message(drawn)
    return asked


def a_leaf(drawn: Random, segments: tuple[str, ...] = ()) -> dict[str, Any]:
    kind = drawn.choice(["field", "invoices", "campaigns", "messages", "activity", "activity", "segment"])
    if kind == "campaigns":
        return {"related": "campaigns", **_how(drawn), "where": _of_campaign(drawn)}
    if kind == "invoices":
        return {"related": "invoices.contact", **_how(drawn), "where": _of_invoice(drawn)}
    if kind == "messages":
        return {"related": "messages", **_how(drawn), "where": _of_message(drawn)}
    if kind == "activity":
        return _activity(drawn)
    if kind == "segment" and segments:
        return {"segment": drawn.choice(segments), "op": drawn.choice(["is_member", "is_not_member"])}
    return _field(drawn)


def a_condition(drawn: Random, segments: tuple[str, ...] = (), depth: int = 0) -> dict[str, Any]:
    """A leaf, or a small group of them."""
    if depth == 2 or drawn.random() < 0.5:
        return a_leaf(drawn, segments)
    parts = [a_condition(drawn, segments, depth + 1) for _ in range(drawn.randint(1, 3))]
    group = drawn.choice(["all", "any", "not"])
    return {"not": parts[0]} if group == "not" else {group: parts}

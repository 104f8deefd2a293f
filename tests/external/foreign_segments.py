"""How Mautic and Notifuse ask for people, put into our conditions; `Unfit` where they ask for what is not here."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from gotero.domain import instant
from gotero.domain.condition.periods import PERIODS, begin
from gotero.domain.modules import MODULES as OURS
from gotero.domain.modules import put_together
from tests.external.predicates import Unfit
from tests.unit.domain.condition_world import a_field, a_module

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COMPANY_FIELDS = ("companyname", "companycity", "companystate", "companycountry", "companyindustry")
TEXTS: tuple[str, ...] = (
    "title",
    "firstname",
    "lastname",
    "city",
    "state",
    "country",
    "email",
    "phone",
    "company",
    "website",
)
TEXTS += ("address1", "zipcode", "facebook", "twitter")
SENT = {
    "open_email": "opened",
    "click_email": "clicked",
    "bounce_email": "bounced",
    "unsubscribe_email": "unsubscribed",
}
SENT |= {"complain_email": "spam", "insert_message_history": "sent", "send_email": "sent", "deliver_email": "delivered"}
OPS = {"=": "is", "!=": "is_not", "empty": "is_empty", "not_empty": "is_not_empty", "!empty": "is_not_empty"}
OPS |= {"in": "is_one_of", "not_in": "is_none_of", "startsWith": "starts_with", "endsWith": "ends_with"}
OPS |= {"contains": "contains", "regexp": "matches", "gt": "greater_than", "gte": "greater_than_or_equal_to"}
OPS |= {"lt": "less_than", "lte": "less_than_or_equal_to", "equals": "is", "not_equals": "is_not"}
OPS |= {"not_contains": "does_not_contain", "is_set": "is_not_empty", "is_not_set": "is_empty"}
_contacts = a_module(
    "contacts",
    *(a_field(id) for id in TEXTS),
    a_field("points", "integer"),
    a_field("tags", "multipicklist"),
    a_field("multiselect", "multipicklist"),
    a_field("date_identified", "datetime"),
    a_field("company_record", "relation", relation="companies"),
    recipient=True,
)
_companies = a_module("companies", *(a_field(id) for id in COMPANY_FIELDS))
MODULES = put_together((_contacts, _companies, OURS["messages"]))


def translated(filters: list[dict[str, Any]]) -> dict[str, Any]:
    """The flat list with `and` before `or`: groups, split at every `or`."""
    groups: list[list[dict[str, Any]]] = [[]]
    for asked in filters:
        if asked["glue"] == "or" and groups[-1]:
            groups.append([])
        groups[-1].append(leaf(asked))
    return {"any": [{"all": group} for group in groups]}


def leaf(asked: dict[str, Any]) -> dict[str, Any]:
    """One filter of Mautic."""
    path, op, value = asked["field"], asked["op"], asked["value"]
    if path == "segment":
        member = "is_member" if op == "in" else "is_not_member"
        leaves = [{"segment": id, "op": member} for id in value]
        return {"any": leaves} if op == "in" else {"all": leaves}
    if path == "clicked.email":
        return {"activity": "clicked", "times": {"at_least": 1} if value else {"exactly": 0}}
    field = MODULES["contacts"].column(path.partition(".")[0])
    if field is None:
        raise Unfit(f"asks for {path}")
    if op == "!like":
        return {"not": leaf({**asked, "op": "like"})}
    if op == "!regexp":
        return {"not": leaf({**asked, "op": "regexp"})}
    if op == "like":
        return like(path, value)
    if op not in OPS:
        raise Unfit(f"operator {op}")
    operand = {} if value is None or OPS[op].endswith("empty") else {"value": value}
    return {"field": path, "op": OPS[op], **operand}


def like(path: str, value: str) -> dict[str, Any]:
    """Where there is no percent sign, Mautic puts one on both sides."""
    part = value.strip("%")
    if "%" in part or "_" in part:
        raise Unfit("a wildcard in the middle")
    ends = (value.startswith("%"), value.endswith("%"))
    op = {(True, False): "ends_with", (False, True): "starts_with"}.get(ends, "contains")
    return {"field": path, "op": op, "value": part}


def relative(field: str, op: str, value: str) -> dict[str, Any]:
    name = value.replace(" ", "_")
    if op != "=":
        raise Unfit(f"operator {op} on a relative date")
    if name in PERIODS:
        return {"field": field, "op": "is_in", "value": name}
    if days := re.fullmatch(r"([+-])(\d+) days?", value):
        return {"field": field, "op": "days_ago" if days[1] == "-" else "days_later", "value": int(days[2])}
    raise Unfit(f"the relative date {value!r}")


def around(text: str) -> datetime:
    """`monday next week 00:00 +2d`, `midnight today -10s`, `now -4d`."""
    words = text.removesuffix(")").split()
    delta = re.fullmatch(r"([+-]\d+)([smhd])", words[-1])
    if not delta:
        raise Unfit(f"the date {text!r}")
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}[delta[2]]
    start = NOW
    if words[0] != "now":
        which = next((w for w in ("last", "this", "next") if w in words), "this")
        kind: Any = next((w for w in ("week", "month", "year") if w in words), "day")
        day = begin(kind, NOW.date(), {"last": -1, "this": 0, "next": 1}[which])
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return start + timedelta(**{unit: int(delta[1])})


def tree(asked: dict[str, Any]) -> dict[str, Any]:
    for group, ours in (("and", "all"), ("or", "any")):
        if group in asked:
            return {ours: [tree(part) for part in asked[group]]}
    if "field" in asked:
        name, op, *value = asked["field"]
        if op not in OPS or MODULES["contacts"].column(name) is None:
            raise Unfit(f"asks {op} of {name}")
        return {"field": name, "op": OPS[op], **({"value": value[0]} if value else {})}
    if "list" in asked:
        op, name = asked["list"]
        return {"segment": name, "op": "is_member" if op == "in" else "is_not_member"}
    if "event" in asked and asked["event"] in SENT:
        count, number = asked["count"]
        leaf: dict[str, Any] = {"activity": SENT[asked["event"]], "times": {count: number}}
        if asked.get("template"):
            leaf["template"] = asked["template"]
        return leaf | timeframe(*asked.get("timeframe", ["anytime"]))
    raise Unfit(f"asks for {'/'.join(sorted(asked))}")


def timeframe(kind: str, *ends: Any) -> dict[str, Any]:
    if kind == "anytime":
        return {}
    if kind == "in_the_last_days":
        return {"within_days": ends[0]}
    keys = {"before_date": ["until"], "after_date": ["since"], "in_date_range": ["since", "until"]}
    if kind not in keys:
        raise Unfit(f"the window {kind}")
    return dict(zip(keys[kind], (days_from_now(end) for end in ends), strict=True))


def notified(contact: dict[str, Any]) -> tuple[dict[str, Any], frozenset[str], dict[str, Any]]:
    messages = []
    for event in contact.get("events", ()):
        at = instant.write(NOW - timedelta(days=event["days_ago"]))
        facts = {SENT.get(event["kind"], event["kind"]): [at]}
        messages.append({"template_id": event.get("template"), "facts": facts})
    values = {name: value for name, value in contact.items() if MODULES["contacts"].column(name)}
    return values, frozenset(contact.get("lists", ())), {"messages": messages}


def days_from_now(text: str) -> str:
    days = re.fullmatch(r"now(?:([+-]\d+)d)?", text)
    if not days:
        raise Unfit(f"the date {text!r}")
    return instant.write(NOW + timedelta(days=int(days[1] or 0)))

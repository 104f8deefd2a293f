"""Segments of two other projects over their own contacts: the same members, as far as they ask for what is here."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.condition import View
from gotero.domain.condition.periods import PERIODS, begin
from gotero.domain.errors import InvalidError
from gotero.domain.modules import MODULES as OURS
from gotero.domain.modules import put_together
from tests.external.predicates import Unfit
from tests.unit.domain.condition_world import a_field, a_module

CASES = Path(__file__).parents[3] / "shared" / "cases" / "segment_cases.json"
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


def loaded(name: str) -> Any:
    return json.loads(CASES.read_text(encoding="utf-8"))[name]


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


def translated(filters: list[dict[str, Any]]) -> dict[str, Any]:
    """The flat list with `and` before `or`: groups, split at every `or`."""
    groups: list[list[dict[str, Any]]] = [[]]
    for asked in filters:
        if asked["glue"] == "or" and groups[-1]:
            groups.append([])
        groups[-1].append(leaf(asked))
    return {"any": [{"all": group} for group in groups]}


def holds(condition: dict[str, Any], contact: dict[str, Any], segments: frozenset[str], many: Any = None) -> bool:
    try:
        parsed = conditions.parse(condition, MODULES["contacts"], MODULES, context="filter")
    except InvalidError as error:
        raise Unfit(f"refused: {error.errors[0].rule}") from None
    related = {"company_record": contact.get("company_record")}
    view = View(contact, NOW, related=related, many=many or {}, segments=segments)
    verdict = conditions.decide(parsed, view)
    assert conditions.explain(parsed, view)["verdict"] is verdict
    return bool(verdict)


class Mautic:
    """All its segments, each worked out when another asks for it."""

    def __init__(self, cases: dict[str, Any]) -> None:
        self.contacts = cases["contacts"]
        self.segments = {segment["alias"]: segment for segment in cases["segments"]}
        self.known: dict[str, frozenset[str]] = {}

    def members(self, alias: str) -> frozenset[str]:
        """By filter or by hand; who was taken out by hand stays out. No filter at all finds nobody."""
        if alias not in self.segments:
            raise Unfit(f"asks for the segment {alias}, which is not among the cases")
        if alias not in self.known:
            segment = self.segments[alias]
            named = {id for f in segment["filters"] if f["field"] == "segment" for id in f["value"]}
            others = {id: self.members(id) for id in named}
            condition = translated(segment["filters"]) if segment["filters"] else {"any": []}
            found = {c["id"] for c in self.contacts if self._holds(condition, c, others)}
            self.known[alias] = frozenset(found | set(segment["manually_added"])) - set(segment["manually_removed"])
        return self.known[alias]

    def _holds(self, condition: dict[str, Any], contact: dict[str, Any], others: dict[str, frozenset[str]]) -> bool:
        inside = frozenset(id for id, members in others.items() if contact["id"] in members)
        days = [click["at_offset_days"] for click in contact["clicks"] if click["channel"] == "email"]
        clicks = [f"{instant.write(NOW + timedelta(days=day))}" for day in days]
        return holds(condition, contact, inside, {"messages": [{"facts": {"clicked": clicks}}]})


@pytest.fixture(autouse=True)
def told(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Any:
    """What of the cases ran, and why the others did not."""
    ran: Counter[str] = Counter()
    request.node.ran = ran
    yield ran
    with capsys.disabled():
        print(f"\n{CASES.name}, {request.node.name}: {dict(ran)}")


needs_cases = pytest.mark.skipif(not CASES.exists(), reason=f"{CASES.name} is not beside the repository")


@needs_cases
def test_mautic(told: Counter[str]) -> None:
    mautic = Mautic(loaded("mautic"))
    for alias, segment in mautic.segments.items():
        try:
            members = mautic.members(alias)
        except Unfit as reason:
            told[str(reason)] += 1
            continue
        assert sorted(members) == sorted(segment["expected_members"]), alias
        told["same members"] += 1
    assert told["same members"] >= len(mautic.segments) // 2


@needs_cases
def test_mautic_small(told: Counter[str]) -> None:
    for case in loaded("mautic_small"):
        try:
            condition = translated(case["filters"])
            found = [
                name
                for contact in case["contacts"]
                if holds(
                    condition,
                    contact,
                    frozenset(
                        id
                        for id, members in case.get("uses_segment", {}).items()
                        if contact.get("email", contact.get("firstname")) in members
                    ),
                )
                for name in [contact.get("email") or contact["firstname"]]
            ]
        except Unfit as reason:
            told[str(reason)] += 1
            continue
        assert sorted(found) == sorted(case["expected_members"]), case["id"]
        told["same members"] += 1
    assert told["same members"]


@needs_cases
def test_mautic_relative_dates(told: Counter[str]) -> None:
    for case in loaded("mautic_relative_dates"):
        asked = case["filter"]
        try:
            condition, at = relative(asked["field"], asked["op"], asked["value"]), around(case["contact_date_utc"])
        except Unfit as reason:
            told[str(reason)] += 1
            continue
        assert holds(condition, {"date_identified": instant.write(at)}, frozenset()), case["id"]
        assert not holds(condition, {}, frozenset()), case["id"]
        told["same members"] += 1
    assert told["same members"]


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


@needs_cases
def test_notifuse(told: Counter[str]) -> None:
    for case in loaded("notifuse"):
        try:
            condition = tree(case["tree"])
            found = [c["id"] for c in case["contacts"] if holds(condition, *notified(c))]
        except Unfit as reason:
            told[str(reason)] += 1
            continue
        assert sorted(found) == sorted(case["expected_members"]), case["id"]
        told["same members"] += 1
    assert told["same members"]


def notified(contact: dict[str, Any]) -> tuple[dict[str, Any], frozenset[str], dict[str, Any]]:
    messages = []
    for event in contact.get("events", ()):
        at = instant.write(NOW - timedelta(days=event["days_ago"]))
        facts = {SENT.get(event["kind"], event["kind"]): [at]}
        messages.append({"template_id": event.get("template"), "facts": facts})
    values = {name: value for name, value in contact.items() if MODULES["contacts"].column(name)}
    return values, frozenset(contact.get("lists", ())), {"messages": messages}


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


def days_from_now(text: str) -> str:
    days = re.fullmatch(r"now(?:([+-]\d+)d)?", text)
    if not days:
        raise Unfit(f"the date {text!r}")
    return instant.write(NOW + timedelta(days=int(days[1] or 0)))

"""Segments of two other projects over their own contacts: the same members, as far as they ask for what is here."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.condition import View
from gotero.domain.errors import InvalidError
from tests.external.foreign_segments import MODULES, NOW, around, notified, relative, translated, tree
from tests.external.predicates import Unfit

CASES = Path(__file__).parents[3] / "shared" / "cases" / "segment_cases.json"


def loaded(name: str) -> Any:
    return json.loads(CASES.read_text(encoding="utf-8"))[name]


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

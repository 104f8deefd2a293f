"""Segments of another project over its own contacts: those whose filters ask about fields give the same members."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gotero.domain import condition as conditions
from gotero.domain.condition import View
from gotero.domain.modules import Field, Module, put_together
from tests.unit.domain.condition_world import a_field, a_module

CASES = Path(__file__).parents[3] / "shared" / "cases" / "segment_cases.json"
NOW = datetime(2026, 11, 21, tzinfo=UTC)
COMPANY_FIELDS = ("companyname", "companycity", "companystate", "companycountry", "companyindustry")
TEXTS = ("title", "firstname", "lastname", "city", "state", "country", "email", "phone", "company", "website")


def _modules() -> dict[str, Module]:
    tags: Field = a_field("tags", "multipicklist")
    record: Field = a_field("company_record", "relation", relation="companies")
    contacts = a_module("contacts", *(a_field(id) for id in TEXTS), a_field("points", "integer"), tags, record)
    return put_together((contacts, a_module("companies", *(a_field(id) for id in COMPANY_FIELDS))))


MODULES = _modules()


def on_fields_only(segment: dict[str, Any]) -> bool:
    """Activity, membership of other segments and contacts put in by hand are not the condition language's."""
    asked = [f["field"] for f in segment["filters"]]
    first = [MODULES["contacts"].field(path.partition(".")[0]) for path in asked]
    return bool(asked) and all(first) and not segment["manually_added"] and not segment["manually_removed"]


def leaf(asked: dict[str, Any]) -> dict[str, Any]:
    field, op, value = asked["field"], asked["op"], asked["value"]
    if op == "like":
        return {"field": field, "op": "starts_with", "value": value.removesuffix("%")}
    names = {"=": "is", "!=": "is_not", "empty": "is_empty", "not_empty": "is_not_empty"}
    return {"field": field, "op": names[op], "value": value}


def translated(filters: list[dict[str, Any]]) -> dict[str, Any]:
    """The flat list with `and` before `or`: groups, split at every `or`."""
    groups: list[list[dict[str, Any]]] = [[]]
    for asked in filters:
        if asked["glue"] == "or":
            groups.append([])
        groups[-1].append(leaf(asked))
    return {"any": [{"all": group} for group in groups]}


@pytest.mark.skipif(not CASES.exists(), reason=f"{CASES.name} is not beside the repository")
def test_segments_on_fields_have_the_same_members_as_in_mautic() -> None:
    cases = json.loads(CASES.read_text(encoding="utf-8"))["mautic"]
    segments = [segment for segment in cases["segments"] if on_fields_only(segment)]
    assert len(segments) >= 6
    for segment in segments:
        condition = conditions.parse(translated(segment["filters"]), MODULES["contacts"], MODULES, context="filter")
        members = [
            contact["id"]
            for contact in cases["contacts"]
            if conditions.decide(
                condition, View(contact, NOW, related={"company_record": contact.get("company_record")})
            )
        ]
        assert sorted(members) == sorted(segment["expected_members"]), segment["alias"]

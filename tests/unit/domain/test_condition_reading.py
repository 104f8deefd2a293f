"""Conditions as they are read, explained and asked of the lake: what is refused with its path, and what is bounded."""

from typing import Any

import pytest

from gotero.domain import condition as conditions
from gotero.domain.catalogue import errors, operators
from gotero.domain.condition import OPERATORS, View, operators_of
from gotero.domain.errors import InvalidError
from gotero.domain.modules import FIELD_TYPES, MODULES
from gotero.domain.record import Record
from tests.unit.domain.condition_leaves import ACCOUNT, CONTACTS, MADRID, NOW, leaf
from tests.unit.domain.condition_world import a_field


def refused(data: Any, **context: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as raised:
        conditions.parse(data, CONTACTS, **context)
    assert all(error.rule in errors.TEXT["es"] for error in raised.value.errors)
    return [(error.path, error.rule) for error in raised.value.errors]


@pytest.mark.parametrize(
    ("context", "rule"),
    [
        ("create", "not_when_created"),
        ("unchanged", "not_when_unchanged"),
        ("schedule", "not_in_schedule"),
        ("filter", "not_in_filter"),
    ],
)
@pytest.mark.parametrize("op", ["has_changed", "has_changed_to", "was"])
def test_where_nothing_changes_they_are_refused_and_never_dropped(context: str, rule: str, op: str) -> None:
    data = {"all": [leaf("leadsource", op, None if op == "has_changed" else "Twitter")]}
    assert refused(data, context=context) == [("all[0].op", rule)]


def test_an_explanation_names_what_was_found_at_every_leaf() -> None:
    data = {"any": [leaf("leadsource", "is", "Twitter"), {"not": leaf("account.industry", "is", "Banking")}]}
    condition = conditions.parse(data, CONTACTS)
    view = View({"leadsource": "Web Site"}, NOW, MADRID, related={"account": {"industry": "Banking"}})
    assert conditions.explain(condition, view) == {
        "verdict": False,
        "any": [
            {"field": "leadsource", "op": "is", "value": "Twitter", "verdict": False, "found": "Web Site"},
            {
                "verdict": False,
                "not": {
                    "field": "account.industry",
                    "op": "is",
                    "value": "Banking",
                    "verdict": True,
                    "found": "Banking",
                },
            },
        ],
    }


def test_every_broken_rule_is_told_with_its_path() -> None:
    data = {
        "all": [
            leaf("nope", "is", "x"),
            leaf("birthday", "is", "21/11/1985"),
            leaf("leadsource", "is", "Myspace"),
            leaf("city", "less_than", 3),
            leaf("city", "is", ""),
            leaf("city", "is_empty", "x"),
            {"field": "city", "op": "is", "value": "x", "typo": 1},
            leaf("city.name", "is", "x"),
            leaf("account.nope", "is", "x"),
            leaf("account.industry", "has_changed"),
            leaf("birthday", "less_than_days_ago", -1),
            leaf("birthday", "between", ["2026-01-01"]),
            leaf("city", "matches", "(a"),
            leaf("city", "is_one_of", []),
            leaf("city", "is", "x\x00y"),
            leaf("birthday", "monthday", "02-30"),
            {"any": {}},
            {"op": "is"},
            "x",
            {"field": "city"},
            {"all": [], "any": []},
        ]
    }
    assert refused(data) == [
        ("all[0].field", "unknown_field"),
        ("all[1].value", "date"),
        ("all[2].value", "picklist"),
        ("all[3].op", "operator"),
        ("all[4].value", "required"),
        ("all[5].value", "operand"),
        ("all[6].typo", "unknown_key"),
        ("all[7].field", "unknown_field"),
        ("all[8].field", "unknown_field"),
        ("all[9].op", "operator"),
        ("all[10].value", "range"),
        ("all[11].value", "operand"),
        ("all[12].value", "pattern"),
        ("all[13].value", "required"),
        ("all[14].value", "control_characters"),
        ("all[15].value", "operand"),
        ("all[16].any", "list"),
        ("all[17]", "condition"),
        ("all[18]", "condition"),
        ("all[19].op", "required"),
        ("all[20].any", "unknown_key"),
    ]


def test_a_condition_has_bounds() -> None:
    deep: Any = leaf("city", "is", "x")
    for _ in range(12):
        deep = {"not": deep}
    assert [rule for _, rule in refused(deep)] == ["too_deep"]
    assert ("all", "too_many") in refused({"all": [leaf("city", "is", "x")] * 300})
    halves = {"any": [{"all": [leaf("city", "is", "x")] * 150}, {"all": [leaf("city", "is", "x")] * 150}]}
    assert [rule for _, rule in refused(halves)] == ["too_many"]


@pytest.mark.parametrize(
    "data", [[], 3, "x", True, {"xor": []}, {"field": None, "op": None}, {"field": ["a"], "op": {}}]
)
def test_what_is_no_condition_is_refused(data: Any) -> None:
    assert refused(data)


def test_letter_case_of_an_option_does_not_matter_and_other_names_are_understood() -> None:
    condition = conditions.parse(
        {"all": [leaf("leadsource", "equal_to", "twitter"), leaf("birthday", "less_than", "2000-01-01")]}, CONTACTS
    )
    assert condition.to_json() == {
        "all": [leaf("leadsource", "is", "Twitter"), leaf("birthday", "before", "2000-01-01")]
    }


def test_sql_holds_values_as_parameters_only() -> None:
    evil = "x'; DROP TABLE contacts; --"
    condition = conditions.parse(leaf("city", "is", evil), CONTACTS)
    sql, params = conditions.to_sql(condition, now=NOW)
    assert "DROP" not in sql
    assert params == [evil.lower()]


def test_a_field_id_is_quoted_in_sql() -> None:
    module = MODULES["contacts"].with_fields([a_field('x" OR 1=1 --')])
    condition = conditions.parse(leaf('x" OR 1=1 --', "is", "a"), module)
    assert '"x"" OR 1=1 --"' in conditions.to_sql(condition, now=NOW)[0]


def test_the_past_is_not_asked_of_the_lake() -> None:
    condition = conditions.parse(leaf("leadsource", "has_changed"), CONTACTS)
    with pytest.raises(ValueError, match="past"):
        conditions.to_sql(condition, now=NOW)


def test_a_record_shows_its_fields_and_its_own_columns() -> None:
    at = "2026-11-21T00:00:00.000Z"
    record = Record("contacts", ACCOUNT, "CON-1", "u1", {"city": "Valencia"}, at, "u2", at, tags=("VIP",))
    condition = conditions.parse(
        {
            "all": [
                leaf("city", "is", "valencia"),
                leaf("owner", "is", "u1"),
                leaf("created_by", "is", "u2"),
                leaf("number", "is", "CON-1"),
                leaf("tags", "contains", "VIP"),
            ]
        },
        CONTACTS,
    )
    assert conditions.decide(condition, View(conditions.columns(record), NOW))


@pytest.mark.parametrize("type", FIELD_TYPES)
def test_every_type_of_field_can_be_asked_something(type: Any) -> None:
    offered = operators_of(a_field("x", type))
    assert "is" in offered
    assert "has_changed" in offered
    assert set(offered) <= set(OPERATORS)


def test_every_operator_has_its_words_in_both_languages() -> None:
    assert list(operators.TEXT["es"]) == list(operators.TEXT["en"]) == list(OPERATORS)

"""The index of rules: whatever turns a verdict is found, whoever else is not touched."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gotero.domain import condition as conditions
from gotero.domain.autosync import Rule
from gotero.domain.condition import View
from gotero.domain.instant import read
from gotero.domain.modules import MODULES
from gotero.domain.record import Record
from gotero.domain.rule_index import RuleIndex, columns_of

NOW = read("2026-11-21T09:00:00.000Z")

TEXTS = st.sampled_from(["", "Twitter", "TWITTER", "Web Site", "x"])
LEAVES = st.one_of(
    st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        st.sampled_from(["city", "account.city"]),
        st.sampled_from(["is", "is_not", "contains", "starts_with"]),
        st.sampled_from(["twitter", "x", "Web Site"]),
    ),
    st.builds(
        lambda field, op: {"field": field, "op": op},
        st.sampled_from(["city", "account.city", "birthday", "account", "tags"]),
        st.sampled_from(["is_empty", "is_not_empty"]),
    ),
    st.builds(lambda op, v: {"field": "leadsource", "op": op, "value": v}, st.just("is_one_of"), st.just(["Twitter"])),
    st.builds(lambda op: {"field": "tags", "op": op, "value": "vip"}, st.sampled_from(["is", "is_not"])),
    st.builds(lambda v: {"field": "do_not_email", "op": "is", "value": v}, st.booleans()),
    st.just({"field": "birthday", "op": "is_today"}),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=4,
)


def records(module: str) -> st.SearchStrategy[Record | None]:
    def made(city: str, source: str, account: str, ticked: bool, birthday: str, tags: list[str]) -> Record:
        values: dict[str, Any] = {"city": city, "leadsource": source, "account": account, "birthday": birthday}
        kept = {k: v for k, v in {**values, "do_not_email": ticked or None}.items() if v}
        return Record(module, "r", "1", "marc", kept, "", "marc", "", tags=tuple(tags))

    some = st.builds(
        made,
        TEXTS,
        st.sampled_from(["", "Twitter", "Web Site"]),
        st.sampled_from(["", "a", "b"]),
        st.booleans(),
        st.sampled_from(["", "1980-11-21", "1980-01-01"]),
        st.lists(st.sampled_from(["vip", "VIP", "x"]), max_size=2),
    )
    return st.one_of(st.none(), some)


def a_rule(condition: Any, number: int) -> Rule:
    parsed = conditions.parse(condition, MODULES["contacts"], context="filter")
    return Rule(f"r{number}", "s", parsed, "active")


def verdict(rule: Rule, record: Record | None, accounts: dict[str, Record | None]) -> bool:
    if record is None:
        return False
    account = columns_of(accounts.get(record.values.get("account", "")))
    view = View(conditions.columns(record), NOW, related={"account": account or None})
    return conditions.decide(rule.condition, view)


@given(st.lists(CONDITIONS, min_size=1, max_size=4), records("contacts"), records("contacts"), records("accounts"))
def test_a_change_finds_every_rule_that_it_turns(
    asked: list[Any], before: Record | None, after: Record | None, account: Record | None
) -> None:
    rules = [a_rule(condition, number) for number, condition in enumerate(asked)]
    if after is None:
        return  # who goes into the bin is looked at by what it was given
    touched = RuleIndex(rules).touched("contacts", before, after)
    turned = [r for r in rules if verdict(r, before, {"a": account}) != verdict(r, after, {"a": account})]
    assert [rule.id for rule in turned if rule not in touched] == []


@given(st.lists(CONDITIONS, min_size=1, max_size=4), records("accounts"), records("accounts"), records("contacts"))
def test_a_changed_account_finds_every_rule_that_looks_through_it(
    asked: list[Any], before: Record | None, after: Record | None, contact: Record | None
) -> None:
    rules = [a_rule(condition, number) for number, condition in enumerate(asked)]
    found = {r.id for _, _, rs in RuleIndex(rules).looking_at("accounts", before, after) for r in rs}
    turned = [r for r in rules if verdict(r, contact, {"a": before}) != verdict(r, contact, {"a": after})]
    assert [rule.id for rule in turned if rule.id not in found] == []

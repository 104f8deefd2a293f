"""AutoSync: the rules that keep segments in step with conditions, and what a segment's data say of them.

A rule is one generation of one AutoSync. While it is being filled it does not count; when it is complete it takes the
place of the generation before it, which then counts no more and is taken away record by record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain import condition as conditions
from gotero.domain.condition import Condition
from gotero.domain.modules import MODULES
from gotero.domain.shape import Json

RuleState = Literal["filling", "active"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One generation of a segment's AutoSync: whoever meets its condition has it as a source of their membership.

    While it is `filling` it gives its source and counts for nobody; once everybody has been looked at it is `active`.
    """

    id: str
    segment: str
    condition: Condition
    state: RuleState
    filter_id: str | None = None
    #: The generation that this one takes the place of.
    replaces: str | None = None

    @property
    def module(self) -> str:
        return self.condition.module

    @classmethod
    def from_json(cls, segment: str, data: Json) -> "Rule":
        condition = conditions.parse(data["condition"], MODULES[data["module"]], context="filter")
        return cls(
            data["id"],
            segment,
            condition,
            data["state"],
            data.get("filter_id"),
            data.get("replaces"),
        )


def switched_on(
    data: Json, new: str, module: str, condition: Json, filter_id: str | None, replaces: str | None
) -> Json:
    """The segment with a generation to be filled; as it was, where one of the same is there already.

    It takes the place of the AutoSync named, or of the one of the same filter. One that was still being filled goes at
    once, and the generation that counts meanwhile stays until the newest is complete.
    """
    rules: list[Json] = list(data.get("autosync") or ())
    if any((r["module"], r["condition"], r.get("filter_id")) == (module, condition, filter_id) for r in rules):
        return data
    old = [r for r in rules if r["id"] == replaces or (filter_id and r.get("filter_id") == filter_id)]
    filling = [r["id"] for r in old if r["state"] == "filling"]
    counting = next((r["id"] for r in old if r["state"] == "active"), None)
    rule = {
        "id": new,
        "filter_id": filter_id,
        "module": module,
        "condition": condition,
        "state": "filling",
        "generation": 1 + max((r["generation"] for r in old), default=0),
        "replaces": counting or next((r.get("replaces") for r in old if r.get("replaces")), None),
    }
    kept = [r for r in rules if r["id"] not in filling]
    return {**data, "autosync": [*kept, rule], "retired": [*(data.get("retired") or ()), *filling]}


def being_filled(data: Json, module: str, condition: Json, filter_id: str | None) -> str | None:
    """The generation of exactly this AutoSync that does not count yet."""
    asked = (module, condition, filter_id, "filling")
    rules: list[Json] = list(data.get("autosync") or ())
    return next(
        (r["id"] for r in rules if (r["module"], r["condition"], r.get("filter_id"), r["state"]) == asked), None
    )


def switched_off(data: Json, rule_id: str | None, filter_id: str | None, condition: tuple[str, Json] | None) -> Json:
    """The segment without an AutoSync: named, or of that filter, or of that module and condition."""

    def meant(rule: Json) -> bool:
        if rule_id is not None:
            return bool(rule["id"] == rule_id)
        if filter_id is not None:
            return bool(rule.get("filter_id") == filter_id)
        return bool((rule["module"], rule["condition"]) == condition)

    rules: list[Json] = list(data.get("autosync") or ())
    named = {r["id"] for r in rules if meant(r)}
    # A generation and the one that is to follow it are one AutoSync.
    gone = named | {r["id"] for r in rules if r.get("replaces") in named}
    gone |= {r["replaces"] for r in rules if r["id"] in gone and r.get("replaces")}
    return _without(data, rules, gone)


def completed(data: Json, rule_id: str) -> Json:
    """The segment with a filled generation that counts from now on, in the place of the one before it."""
    rules: list[Json] = list(data.get("autosync") or ())
    filled = next((r for r in rules if r["id"] == rule_id and r["state"] == "filling"), None)
    if filled is None:
        return data
    active = {**filled, "state": "active", "replaces": None}
    turned = [active if r["id"] == rule_id else r for r in rules]
    return _without(data, turned, {filled.get("replaces")} - {None})


def forgotten(data: Json, retired: Iterable[str]) -> Json:
    """The segment after the last trace of these generations has been taken away."""
    gone = set(retired)
    return {**data, "retired": [id for id in data.get("retired") or () if id not in gone]}


def _without(data: Json, rules: list[Json], gone: set[Any]) -> Json:
    retired = [r["id"] for r in rules if r["id"] in gone]
    kept = [r for r in rules if r["id"] not in gone]
    if not retired and kept == list(data.get("autosync") or ()):
        return data
    return {**data, "autosync": kept, "retired": [*(data.get("retired") or ()), *retired]}

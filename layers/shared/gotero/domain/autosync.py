"""AutoSync: the rules that keep segments in step with conditions, and which of them a change can touch.

A rule is one generation of one AutoSync. While it is being filled it does not count; when it is complete it takes the
place of the generation before it, which then counts no more and is taken away record by record.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain import condition as conditions
from gotero.domain.condition import Condition, View
from gotero.domain.condition.families import READERS, family_of
from gotero.domain.condition.nodes import FieldLeaf
from gotero.domain.instant import read
from gotero.domain.modules import MODULES
from gotero.domain.record import Record
from gotero.domain.shape import Json

Columns = Mapping[str, Any]
RuleState = Literal["filling", "active"]

#: Any instant: what is empty is empty at all of them.
_EVER = read("2000-01-01T00:00:00.000Z")


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    segment: str
    condition: Condition
    state: RuleState
    generation: int = 1
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
            data["generation"],
            data.get("filter_id"),
            data.get("replaces"),
        )


def columns_of(record: Record | None) -> Columns:
    """What conditions see of a record; of one that is not there, or in the bin, nothing."""
    return {} if record is None or record.deleted_at else conditions.columns(record)


class RuleIndex:
    """Rules by what their verdict depends on: a change costs what reads the changed fields, however many rules exist.

    Where all that a rule asks of a field is whether it equals something, the rule stands under those values and is
    found by the old and the new one alone.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self._by_path: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_value: defaultdict[tuple[str, str], defaultdict[Any, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._by_relation: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        #: What holds for a record that has nothing in it: looked at for every new record.
        self._of_nothing: defaultdict[str, list[str]] = defaultdict(list)
        #: Module -> (module, relation field) of those whose rules look at its records.
        self._looking: defaultdict[str, dict[tuple[str, str], None]] = defaultdict(dict)
        self._of_segment: defaultdict[str, list[Rule]] = defaultdict(list)
        self._by_time: defaultdict[str, list[Rule]] = defaultdict(list)
        #: Field -> how its values are read for comparison.
        self._readers: dict[tuple[str, str], Any] = {}
        for rule in self.rules.values():
            self._enter(rule)

    def touched(self, module: str, before: Record | None, after: Record | None) -> list[Rule]:
        """The rules whose verdict on the record itself this change can have turned."""
        old, new = columns_of(before), columns_of(after)
        found = dict.fromkeys(self._of_nothing[module] if not old else ())
        for name in _changed(old, new):
            found |= self._reading(module, name, old.get(name), new.get(name))
            found |= dict.fromkeys(self._by_relation.get((module, name), ()))
        return [self.rules[id] for id in sorted(found)]

    def of_segment(self, segment: str, module: str) -> list[Rule]:
        """The rules of one segment on one module."""
        return [rule for rule in self._of_segment[segment] if rule.module == module]

    def by_time(self, module: str) -> list[Rule]:
        """The rules whose verdict the time alone can turn."""
        return self._by_time[module]

    def looking_at(
        self, module: str, before: Record | None, after: Record | None
    ) -> Iterator[tuple[str, str, list[Rule]]]:
        """(module, relation, rules) of records that point to the changed one, and may turn with it."""
        old, new = columns_of(before), columns_of(after)
        names = _changed(old, new)
        for pointing, relation in self._looking.get(module, ()):
            found: dict[str, None] = {}
            for name in names:
                found |= self._reading(pointing, f"{relation}.{name}", old.get(name), new.get(name))
            if found:
                yield pointing, relation, [self.rules[id] for id in sorted(found)]

    def _reading(self, module: str, path: str, old: Any, new: Any) -> dict[str, None]:
        key = (module, path)
        found = dict.fromkeys(self._by_path.get(key, ()))
        values = self._by_value.get(key)
        if values:
            reader = self._readers[key]
            for value in _told_apart(reader(old), reader(new)):
                found |= dict.fromkeys(values.get(value, ()))
        return found

    def _enter(self, rule: Rule) -> None:
        module = rule.module
        for path, leaves in _leaves_by_path(rule.condition).items():
            equal = [leaf.equality() for leaf in leaves]
            if all(values is not None for values in equal):
                self._readers[module, path] = READERS[family_of(leaves[0].field)]
                for value in {value for values in equal if values for value in values}:
                    self._by_value[module, path][value].append(rule.id)
            else:
                self._by_path[module, path].append(rule.id)
            for leaf in leaves[:1]:
                if leaf.relation and leaf.module:
                    self._looking[leaf.module][module, leaf.relation] = None
        for relation in conditions.relations_read(rule.condition):
            self._by_relation[module, relation].append(rule.id)
        self._of_segment[rule.segment].append(rule)
        if rule.condition.by_time:
            self._by_time[module].append(rule)
        if conditions.decide(rule.condition, View({}, _EVER)):
            self._of_nothing[module].append(rule.id)


def _leaves_by_path(condition: Condition) -> dict[str, list[FieldLeaf]]:
    leaves: dict[str, list[FieldLeaf]] = {}
    for leaf in condition.leaves():
        if isinstance(leaf, FieldLeaf):
            leaves.setdefault(leaf.path, []).append(leaf)
    return leaves


def _changed(old: Columns, new: Columns) -> list[str]:
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]


def _told_apart(old: Any, new: Any) -> Iterable[Any]:
    """The values of which exactly one side has, or is."""
    if isinstance(old, frozenset) or isinstance(new, frozenset):
        return (old or frozenset()) ^ (new or frozenset())
    return (old, new) if old != new else ()


# ------------------------------------------------------------------------------------- what a segment's data say of it


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

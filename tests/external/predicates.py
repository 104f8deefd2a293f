"""Predicates of other projects on one object of attributes, put as conditions on a module that has those fields."""

import re
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from gotero.domain import condition as conditions
from gotero.domain.condition import View
from gotero.domain.errors import InvalidError
from gotero.domain.modules import Field, put_together
from tests.unit.domain.condition_world import a_field, a_module

NOW = datetime(2026, 11, 21, tzinfo=UTC)
Attributes = Mapping[str, Any]
Json = dict[str, Any]


class Unfit(Exception):
    """The case asks for what this language has not, or has decided otherwise; the text says what."""


class Case:
    """The fields that a predicate asks for, with the type that its operands show, and their values."""

    def __init__(self, attributes: Attributes) -> None:
        self.attributes = attributes
        self.fields: dict[str, Field] = {}
        self.values: Json = {}

    def leaf(self, path: str, op: str, value: Any = None, *, type: str | None = None, folded: bool = False) -> Json:
        """The leaf; its field is declared by the way."""
        found = self.value(path)
        kind: Any = type or ("multipicklist" if isinstance(found, list) else _type_of(value, found))
        name = "f_" + re.sub(r"\W", "_", path.lower())
        if self.fields.setdefault(name, a_field(name, kind)).type != kind:
            raise Unfit("one attribute of two types")
        self.values[name] = _stored(found, kind)
        if kind == "boolean" and found is None:
            raise Unfit("a box that nobody ticked is not ticked here")
        if kind == "decimal" and isinstance(found, str) and op in ("is", "is_not", "is_one_of", "is_none_of"):
            raise Unfit("a text is never equal to a number there")
        for operand in [] if folded else value if isinstance(value, list) else [value]:
            _refuse_case(operand, found)
        return {"field": name, "op": op} | ({} if value is None else {"value": value})

    def value(self, path: str) -> Any:
        found: Any = self.attributes
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, Mapping):
            raise Unfit("an object as a value")
        return found

    def decide(self, condition: Json) -> bool:
        things = a_module("things", *(self.fields.values() or [a_field("none")]))
        try:
            parsed = conditions.parse(condition, things, put_together((things,)), context="filter")
        except InvalidError as error:
            raise Unfit(f"refused: {error.errors[0].path} {error.errors[0].rule}") from None
        view = View(self.values, NOW)
        verdict = conditions.decide(parsed, view)
        assert conditions.explain(parsed, view)["verdict"] is verdict
        return bool(verdict)


def _type_of(operand: Any, found: Any) -> str:
    one = operand[0] if isinstance(operand, list) and operand else operand
    one = found if one is None else one
    if isinstance(one, bool):
        return "boolean"
    return "decimal" if isinstance(one, int | float) else "text"


def _stored(found: Any, kind: str) -> Any:
    if found is None or isinstance(found, list):
        if isinstance(found, list) and not all(isinstance(one, str) for one in found):
            raise Unfit("a list of something else than texts")
        return found
    fits = {"boolean": bool, "decimal": int | float, "text": str, "datetime": str}.get(kind, str)
    if kind == "decimal" and isinstance(found, str):
        try:
            float(found)
        except ValueError:
            raise Unfit("a text where a number is asked for") from None
        return found
    if not isinstance(found, fits) or (kind == "decimal" and isinstance(found, bool)):
        raise Unfit("a value of another type")
    return found


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _refuse_case(operand: Any, found: Any) -> None:
    """Letter case and accents never count here: a case that turns on them has another answer."""
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, str) and isinstance(operand, str):
            exact = operand in one
            if exact != (_bare(operand) in _bare(one)):
                raise Unfit("letter case counts there")


def pattern(case: Case, path: str, text: Any, *, fold: bool = False) -> Json:
    found = case.value(path)
    if not isinstance(text, str):
        raise Unfit("a pattern that is none")
    if isinstance(found, str) and not fold and _found(text, found, 0) != _found(text, found, re.IGNORECASE):
        raise Unfit("letter case counts there")
    return case.leaf(path, "matches", text, type="text", folded=True)


def _found(text: str, within: str, flags: int) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return bool(re.search(text, within, flags))
        except re.error:
            raise Unfit("a pattern that is none") from None


# --------------------------------------------------------------------------------------------------------- GrowthBook


def growthbook(case: Case, asked: Any) -> Json:
    if not isinstance(asked, Mapping):
        raise Unfit("no condition")
    parts: list[Json] = []
    for key, value in asked.items():
        if key in ("$and", "$or", "$nor"):
            inner = [growthbook(case, part) for part in value]
            if not inner and key != "$and":
                raise Unfit("any of nothing is nobody here")
            group: Json = {"any": inner} if key != "$and" else {"all": inner}
            parts.append({"not": group} if key == "$nor" else group)
        elif key == "$not":
            parts.append({"not": growthbook(case, value)})
        elif isinstance(value, Mapping) and any(name.startswith("$") for name in value):
            parts += _operators(case, key, value)
        elif value is None:
            if case.value(key) == "":
                raise Unfit("an empty text is nothing here")
            parts.append(case.leaf(key, "is_empty"))
        elif isinstance(value, Mapping | list):
            raise Unfit("equality of objects and lists")
        else:
            parts.append(case.leaf(key, "is", value))
    return {"all": parts}


_GROWTHBOOK = {"$eq": "is", "$ne": "is_not", "$in": "is_one_of", "$nin": "is_none_of"}
_GROWTHBOOK |= {"$ini": "is_one_of", "$nini": "is_none_of"}
_ORDER = {"$gt": "greater_than", "$lt": "less_than"}
_ORDER |= {"$gte": "greater_than_or_equal_to", "$lte": "less_than_or_equal_to"}


def _operators(case: Case, key: str, asked: Mapping[str, Any]) -> Iterator[Json]:
    for name, value in asked.items():
        if name == "$not":
            yield {"not": {"all": list(_operators(case, key, value))}}
        elif name == "$exists":
            yield case.leaf(key, "is_not_empty" if value else "is_empty", type="text")
        elif name in ("$regex", "$regexi"):
            yield pattern(case, key, value, fold=name == "$regexi")
        elif name in ("$all", "$alli"):
            yield {"all": [case.leaf(key, "is", one, type="multipicklist", folded=name == "$alli") for one in value]}
        elif name in _GROWTHBOOK:
            if name[1:] in ("in", "nin", "ini", "nini") and not (isinstance(value, list) and value):
                raise Unfit("a choice among nothing")
            if value is None or isinstance(value, Mapping):
                raise Unfit("compared with nothing, or with an object")
            yield case.leaf(key, _GROWTHBOOK[name], value, folded=name.endswith("i"))
        elif name in _ORDER:
            if isinstance(value, str):
                raise Unfit("the order of texts")
            if case.value(key) is None:
                raise Unfit("nothing counts as zero there")
            yield case.leaf(key, _ORDER[name], value)
        else:
            raise Unfit(f"operator {name}")


# ------------------------------------------------------------------------------------------------------------ Unleash

_UNLEASH = {"NUM_EQ": "is", "NUM_GT": "greater_than", "NUM_LT": "less_than"}
_UNLEASH |= {"NUM_GTE": "greater_than_or_equal_to", "NUM_LTE": "less_than_or_equal_to"}
_TEXTS = {"STR_CONTAINS": "contains", "STR_STARTS_WITH": "starts_with", "STR_ENDS_WITH": "ends_with"}


def unleash(case: Case, asked: Mapping[str, Any]) -> Json:
    if asked.get("segments") or not asked["enabled"]:
        raise Unfit("switches and segments of features")
    strategies = asked.get("strategies") or []
    if any(s["name"] != "default" or s.get("segments") for s in strategies):
        raise Unfit("strategies of roll-out")
    return {"any": [{"all": [_constraint(case, c) for c in s.get("constraints") or ()]} for s in strategies]}


def _constraint(case: Case, asked: Mapping[str, Any]) -> Json:
    name, path, one, several = asked["operator"], asked["contextName"], asked.get("value"), asked.get("values") or []
    if name in ("IN", "NOT_IN"):
        leaf = case.leaf(path, "is_one_of" if name == "IN" else "is_none_of", several, type="text")
    elif name in _TEXTS:
        leaf = {"any": [_text(case, path, name, part, asked) for part in several]}
    elif name in _UNLEASH:
        leaf = case.leaf(path, _UNLEASH[name], one, type="decimal")
    elif name in ("DATE_AFTER", "DATE_BEFORE"):
        leaf = case.leaf(path, name.removeprefix("DATE_").lower(), one, type="datetime")
    elif name == "REGEX":
        leaf = pattern(case, path, one, fold=bool(asked.get("caseInsensitive")))
    else:
        raise Unfit(f"operator {name}")
    return {"not": leaf} if asked.get("inverted") else leaf


def _text(case: Case, path: str, name: str, part: str, asked: Mapping[str, Any]) -> Json:
    return case.leaf(path, _TEXTS[name], part, type="text", folded=bool(asked.get("caseInsensitive")))


# ----------------------------------------------------------------------------------------------------------- JsonLogic

_LOGIC = {"==": "is", "===": "is", "!=": "is_not", "!==": "is_not", ">": "greater_than", "<": "less_than"}
_LOGIC |= {">=": "greater_than_or_equal_to", "<=": "less_than_or_equal_to"}
_TURNED = {">": "<", "<": ">", ">=": "<=", "<=": ">="}


def json_logic(case: Case, rule: Any) -> Json:
    if not isinstance(rule, Mapping) or len(rule) != 1:
        raise Unfit("no predicate on attributes")
    ((name, args),) = rule.items()
    if name in ("and", "or"):
        return {"all" if name == "and" else "any": [json_logic(case, part) for part in args]}
    if name == "!" and isinstance(args, list | Mapping):
        return {"not": json_logic(case, args[0] if isinstance(args, list) and args else args)}
    if name not in (*_LOGIC, "in") or not isinstance(args, list) or len(args) != 2:
        raise Unfit("no predicate on attributes")
    left, right = args
    if name == "in":
        if not isinstance(right, list):
            raise Unfit("no predicate on attributes")
        return case.leaf(_variable(left), "is_one_of", right)
    if not isinstance(left, Mapping):
        left, right, name = right, left, _TURNED.get(name, name)
    if not isinstance(right, str | int | float | bool):
        raise Unfit("no predicate on attributes")
    if name in _TURNED and case.value(_variable(left)) is None:
        raise Unfit("nothing counts as zero there")
    return case.leaf(_variable(left), _LOGIC[name], right)


def _variable(node: Any) -> str:
    if isinstance(node, Mapping) and isinstance(node.get("var"), str) and node["var"]:
        return str(node["var"])
    raise Unfit("no predicate on attributes")

"""From JSON to a condition, or every broken rule with its path (`all[1].value`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain.condition import operands
from gotero.domain.condition.nodes import AllOf, AnyOf, FieldLeaf, Node, Not
from gotero.domain.condition.operators import Operator, operator_for
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.modules import Field, Module
from gotero.domain.validation.values import BrokenRuleError

#: What the condition will be asked of: a change of a record, all records at a time of day, or a list.
Context = Literal["save", "schedule", "filter"]

MAX_DEPTH = 10
MAX_LEAVES = 200
_PAST_RULE: Mapping[Context, str] = {"schedule": "not_in_schedule", "filter": "not_in_filter"}


@dataclass(slots=True)
class Parser:
    module: Module
    modules: Mapping[str, Module]
    context: Context
    errors: list[FieldError]
    leaves: int = 0

    def node(self, data: Any, path: str, depth: int) -> Node:
        """The node, or an empty group in its place once an error is noted."""
        if not isinstance(data, Mapping):
            return self.wrong(path, "condition")
        if depth > MAX_DEPTH:
            return self.wrong(path, "too_deep")
        groups = [key for key in ("all", "any", "not") if key in data]
        if groups:
            return self._group(data, groups[0], path, depth)
        leaf = next((LEAVES[key] for key in LEAVES if key in data), None)
        if leaf is None:
            return self.wrong(path, "condition")
        self.leaves += 1
        if self.leaves > MAX_LEAVES:
            # Said once: what follows is not read.
            return self.wrong(path, "too_many", limit=str(MAX_LEAVES)) if self.leaves == MAX_LEAVES + 1 else AllOf(())
        return leaf(self, data, path)

    def _group(self, data: Mapping[str, Any], key: str, path: str, depth: int) -> Node:
        for other in data:
            if other != key:
                self.wrong(below(path, str(other)[:100]), "unknown_key")
        inner = data[key]
        here = below(path, key)
        if key == "not":
            return Not(self.node(inner, here, depth + 1))
        if not isinstance(inner, list):
            return self.wrong(here, "list")
        nodes = tuple(
            self.node(part, f"{here}[{index}]", depth + 1) for index, part in enumerate(inner[: MAX_LEAVES + 1])
        )
        if len(inner) > MAX_LEAVES:
            return self.wrong(here, "too_many", limit=str(MAX_LEAVES))
        return AllOf(nodes) if key == "all" else AnyOf(nodes)

    def wrong(self, path: str, rule: str, **values: str) -> Node:
        self.errors.append(FieldError(path, rule, tuple(values.items())))
        return AllOf(())


def below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def parse_node(data: Any, module: Module, modules: Mapping[str, Module], context: Context) -> Node:
    """The tree of `data`; nothing at all (None or {}) is the condition that always holds. InvalidError otherwise."""
    if data is None or data == {}:
        return AllOf(())
    parser = Parser(module, modules, context, [])
    node = parser.node(data, "", 1)
    if parser.errors:
        raise InvalidError(*parser.errors)
    return node


def _field_leaf(parser: Parser, data: Mapping[str, Any], path: str) -> Node:
    for key in data:
        if key not in ("field", "op", "value"):
            parser.wrong(below(path, str(key)[:100]), "unknown_key")
    found = _find(parser, data["field"])
    if found is None:
        return parser.wrong(below(path, "field"), "unknown_field")
    field, relation, module = found
    name = data.get("op")
    operator = operator_for(field, name) if isinstance(name, str) else None
    if operator is None or (operator.past and relation):
        return parser.wrong(below(path, "op"), "operator" if name else "required", op=str(name)[:60])
    if operator.past and parser.context in _PAST_RULE:
        return parser.wrong(below(path, "op"), _PAST_RULE[parser.context], op=operator.id)
    return _with_operand(parser, data.get("value"), path, field, operator, relation, module)


def _with_operand(
    parser: Parser,
    raw: Any,
    path: str,
    field: Field,
    operator: Operator,
    relation: str | None,
    module: str | None,
) -> Node:
    try:
        operand = operands.read(field, operator.operand, raw)
    except BrokenRuleError as broken:
        return parser.wrong(below(path, "value"), broken.rule, **dict(broken.values))
    return FieldLeaf(field, operator, operand, relation, module)


def _find(parser: Parser, path: Any) -> tuple[Field, str | None, str | None] | None:
    """The field of a path, with the relation and module it is reached through: `industry`, `account.industry`."""
    if not isinstance(path, str):
        return None
    first, dot, rest = path.partition(".")
    field = parser.module.column(first)
    if not dot:
        return (field, None, None) if field else None
    related = parser.modules.get(field.relation) if field and field.relation else None
    further = related.column(rest) if related else None
    return (further, first, related.id) if further and related else None


#: The key that tells a leaf of a kind, and its parser.
LEAVES: Mapping[str, Callable[[Parser, Mapping[str, Any], str], Node]] = {"field": _field_leaf}

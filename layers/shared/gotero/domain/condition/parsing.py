"""From JSON to a condition, or every broken rule with its path (`all[1].value`)."""

from collections.abc import Mapping
from typing import Any

from gotero.domain.condition import operands
from gotero.domain.condition.kinds import activity_leaf, related_leaf, segment_leaf
from gotero.domain.condition.nodes import AllOf, FieldLeaf, Node
from gotero.domain.condition.operators import REFUSED, Operator, operator_for
from gotero.domain.condition.parser import Context, ParseLeaf, Parser, below
from gotero.domain.errors import InvalidError
from gotero.domain.modules import Field, Module
from gotero.domain.validation.values import BrokenRuleError

_PAST_RULE: Mapping[Context, str] = {
    "create": "not_when_created",
    "unchanged": "not_when_unchanged",
    "schedule": "not_in_schedule",
    "filter": "not_in_filter",
}
#: Of a message these change without anybody being told (robots): a membership could not follow them.
UNTOLD = frozenset({"opens_all", "clicks_all", "last_event_at", "updated_at"})


def parse_node(data: Any, module: Module, modules: Mapping[str, Module], context: Context) -> Node:
    """The tree of `data`; nothing at all (None or {}) is the condition that always holds. InvalidError otherwise."""
    if data is None or data == {}:
        return AllOf(())
    parser = Parser(module, modules, context, [], LEAVES)
    node = parser.node(data, "", 1)
    if parser.errors:
        raise InvalidError(*parser.errors)
    return node


def _field_leaf(parser: Parser, data: Mapping[str, Any], path: str, _: int) -> Node:
    parser.known_keys(data, path, "field", "op", "value")
    found = _find(parser, data["field"])
    if found is None:
        return parser.wrong(below(path, "field"), "unknown_field")
    field, relation, module = found
    if parser.inner and (relation or (parser.module.kind == "message" and field.id in UNTOLD)):
        return parser.wrong(below(path, "field"), "no_further" if relation else "untold")
    name = data.get("op")
    if isinstance(name, str) and name in REFUSED:
        return parser.wrong(below(path, "op"), REFUSED[name], op=name)
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


LEAVES: Mapping[str, ParseLeaf] = {
    "field": _field_leaf,
    "related": related_leaf,
    "activity": activity_leaf,
    "segment": segment_leaf,
}

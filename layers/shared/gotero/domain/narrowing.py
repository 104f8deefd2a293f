"""A condition as somebody asks it who does not see every record: what is hidden answers nothing, and narrows nothing.

Without it a question about the account of a contact, or about somebody's invoices, would tell what stands in records
that the asker may not open.
"""

from collections.abc import Mapping
from typing import Any

from gotero.domain.modules import MODULES
from gotero.domain.visibility import Sight

Json = dict[str, Any]


def narrowed(condition: Json | None, module: str, sight: Sight) -> Json | None:
    """A condition on records of `module`: those that are seen, looking at related records that are seen."""
    own = sight.condition(module)
    if condition is None or sight.everything:
        return condition or own
    asked = _looking(condition, module, sight)
    return {"all": [asked, own]} if own else asked


def _looking(condition: Any, module: str, sight: Sight) -> Any:
    """What is malformed stays as it is: the parser says so, with its path."""
    if not isinstance(condition, Mapping):
        return condition
    for group in ("all", "any"):
        if isinstance(condition.get(group), list):
            return {**condition, group: [_looking(part, module, sight) for part in condition[group]]}
    if "not" in condition:
        return {**condition, "not": _looking(condition["not"], module, sight)}
    if "related" in condition:
        return _at_related(condition, sight)
    if "field" in condition:
        return _at_field(condition, module, sight)
    return condition


def _at_related(leaf: Mapping[str, Any], sight: Sight) -> Any:
    """One that is hidden does not count, neither for nor against."""
    module = str(leaf["related"]).partition(".")[0]
    if module == "messages" or (seen := sight.condition(module)) is None:
        return leaf  # a message is seen by whoever sees its recipient, and these belong to the record itself
    where = leaf.get("where") or {"all": []}
    if leaf.get("match") == "all":
        return {**leaf, "where": {"any": [{"not": seen}, where]}}
    return {**leaf, "where": {"all": [seen, where]}}


def _at_field(leaf: Mapping[str, Any], module: str, sight: Sight) -> Any:
    """A field of the record that a relation points to; that of a hidden one holds nothing true."""
    relation, dot, _ = str(leaf["field"]).partition(".")
    field = MODULES[module].field(relation) if dot and module in MODULES else None
    owners = sight.owners.get(field.relation) if field and field.relation else None
    if owners is None:
        return leaf
    pointed_at_nothing = {"field": relation, "op": "is_empty"}
    seen = {"field": f"{relation}.owner", "op": "is_one_of", "value": sorted(owners)}
    return {"all": [{"any": [pointed_at_nothing, seen]}, leaf]}

"""The one condition language: filters, segments, workflows, flow steps and policies all speak it.

    {"all": [{"field": "leadsource", "op": "is", "value": "Twitter"}, {"not": {"field": "account.industry", …}}]}

`decide` answers for one record, `explain` says why, `to_sql` asks all records of the lake. They stand on one table of
operators and agree on every record; so do `fields_read` and `relations_read`, which say what an answer depends on.
An empty `all` holds for everybody, an empty `any` for nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

from gotero.domain.condition.activity import POSTS, ActivityLeaf
from gotero.domain.condition.flips import moves, next_flip
from gotero.domain.condition.membership_leaf import SegmentLeaf
from gotero.domain.condition.nodes import FieldLeaf, Node, Verdict
from gotero.domain.condition.operators import OPERATORS, operators_of
from gotero.domain.condition.parser import Context
from gotero.domain.condition.parsing import parse_node
from gotero.domain.condition.pivots import pivots
from gotero.domain.condition.related import Link, RelatedLeaf
from gotero.domain.condition.sql import SqlWriter
from gotero.domain.condition.view import View, columns
from gotero.domain.modules import MODULES, Module


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on records of one module, checked and compiled."""

    module: str
    root: Node
    _verdict: Verdict = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_verdict", self.root.compile())

    def holds(self, view: View) -> bool:
        return self._verdict(view)

    @property
    def by_time(self) -> bool:
        """Whether the time alone can turn the verdict."""
        return any(moves(leaf) for leaf in self.leaves())

    def leaves(self) -> Iterator[Node]:
        return self.root.leaves()

    def to_json(self) -> dict[str, Any]:
        """The condition in its normal form: operators by their own names, operands as they are compared."""
        return self.root.to_json()


def parse(
    data: Any, module: Module, modules: Mapping[str, Module] = MODULES, *, context: Context = "save"
) -> Condition:
    """The condition in `data`; None and {} are the one that always holds.

    InvalidError with every broken rule, its paths counted from the condition itself (`all[1].value`). Operators that
    look at the value before a change are refused wherever there is none: everywhere but in the context "save".
    """
    return Condition(module.id, parse_node(data, module, modules, context))


def decide(condition: Condition, view: View) -> bool:
    """Whether it holds for what the view shows."""
    return condition.holds(view)


def explain(condition: Condition, view: View) -> dict[str, Any]:
    """The tree with a verdict at every node and, at the leaves, the values that were found."""
    return condition.root.explain(view)


def turned_by(condition: Condition, view: View) -> list[dict[str, Any]]:
    """The leaves of which each, were it the other way round, would turn the verdict by itself."""
    return pivots(condition.root.explain(view))


def fields_read(condition: Condition) -> frozenset[str]:
    """The fields that the verdict depends on: `leadsource`, `account.industry`."""
    return frozenset(leaf.path for leaf in condition.leaves() if isinstance(leaf, FieldLeaf))


def relations_read(condition: Condition) -> frozenset[str]:
    """The relation fields whose records a view must hold."""
    through = (leaf.relation for leaf in condition.leaves() if isinstance(leaf, FieldLeaf))
    return frozenset(relation for relation in through if relation)


def links_read(condition: Condition) -> frozenset[Link]:
    """The links whose records a view must hold; that of form posts has the module POSTS."""
    found: set[Link] = set()
    for leaf in condition.leaves():
        if isinstance(leaf, RelatedLeaf):
            found.add(leaf.link)
        elif isinstance(leaf, ActivityLeaf):
            found.add(Link(leaf.subject, leaf.key))
    return frozenset(found)


def segments_read(condition: Condition) -> frozenset[str]:
    """The segments whose members the verdict depends on."""
    return frozenset(leaf.segment for leaf in condition.leaves() if isinstance(leaf, SegmentLeaf))


def to_sql(
    condition: Condition, *, now: datetime, zone: tzinfo = UTC, members: str = "members"
) -> tuple[str, list[Any]]:
    """A boolean expression over the relation `r` of the module, never NULL, and its parameters in order.

    `members` is the relation of the memberships that count.
    """
    writer = SqlWriter(now, zone, members)
    return condition.root.sql(writer), writer.params


__all__ = [
    "OPERATORS",
    "POSTS",
    "Condition",
    "Context",
    "Link",
    "View",
    "columns",
    "decide",
    "explain",
    "fields_read",
    "links_read",
    "next_flip",
    "operators_of",
    "parse",
    "relations_read",
    "segments_read",
    "to_sql",
    "turned_by",
]

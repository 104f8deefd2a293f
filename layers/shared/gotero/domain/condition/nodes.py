"""The tree of a condition: groups, and leaves that ask something of one field.

The further kinds (related.py, activity.py, membership_leaf.py) are classes with the same methods and a line in
parsing.LEAVES.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from gotero.domain.condition.checks import Check, HasOneOf, OneOf
from gotero.domain.condition.families import READERS, family_of
from gotero.domain.condition.operators import Operator
from gotero.domain.condition.sql import SqlWriter
from gotero.domain.condition.view import Moment, View
from gotero.domain.modules import Field

Json = dict[str, Any]
Verdict = Callable[[View], bool]


class Node(Protocol):
    def compile(self) -> Verdict:
        """A function that decides; made once, called for every record."""

    def explain(self, view: View) -> Json:
        """The node with its verdict and what it found."""

    def sql(self, writer: SqlWriter) -> str: ...

    def leaves(self) -> Iterator["Node"]: ...

    def to_json(self) -> Json: ...


#: For checks that the time does not touch.
_NO_MOMENT = Moment(datetime(2000, 1, 1, tzinfo=UTC), UTC)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of them; of nothing it is true."""

    nodes: tuple[Node, ...]

    def compile(self) -> Verdict:
        verdicts = tuple(node.compile() for node in self.nodes)
        if len(verdicts) == 1:
            return verdicts[0]
        return lambda view: all(verdict(view) for verdict in verdicts)

    def explain(self, view: View) -> Json:
        parts = [node.explain(view) for node in self.nodes]
        return {"verdict": all(part["verdict"] for part in parts), "all": parts}

    def sql(self, writer: SqlWriter) -> str:
        return f"({' AND '.join(node.sql(writer) for node in self.nodes)})" if self.nodes else "true"

    def leaves(self) -> Iterator[Node]:
        return (leaf for node in self.nodes for leaf in node.leaves())

    def to_json(self) -> Json:
        return {"all": [node.to_json() for node in self.nodes]}


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them; of nothing it is false."""

    nodes: tuple[Node, ...]

    def compile(self) -> Verdict:
        verdicts = tuple(node.compile() for node in self.nodes)
        return lambda view: any(verdict(view) for verdict in verdicts)

    def explain(self, view: View) -> Json:
        parts = [node.explain(view) for node in self.nodes]
        return {"verdict": any(part["verdict"] for part in parts), "any": parts}

    def sql(self, writer: SqlWriter) -> str:
        return f"({' OR '.join(node.sql(writer) for node in self.nodes)})" if self.nodes else "false"

    def leaves(self) -> Iterator[Node]:
        return (leaf for node in self.nodes for leaf in node.leaves())

    def to_json(self) -> Json:
        return {"any": [node.to_json() for node in self.nodes]}


@dataclass(frozen=True, slots=True)
class Not:
    node: Node

    def compile(self) -> Verdict:
        verdict = self.node.compile()
        return lambda view: not verdict(view)

    def explain(self, view: View) -> Json:
        inner = self.node.explain(view)
        return {"verdict": not inner["verdict"], "not": inner}

    def sql(self, writer: SqlWriter) -> str:
        return f"NOT ({self.node.sql(writer)})"

    def leaves(self) -> Iterator[Node]:
        return self.node.leaves()

    def to_json(self) -> Json:
        return {"not": self.node.to_json()}


@dataclass(frozen=True, slots=True)
class FieldLeaf:
    """One operator on one field, of the record or of one that it points to."""

    field: Field
    operator: Operator
    operand: Any
    #: The relation field that leads to the record, and its module; None for the record itself.
    relation: str | None = None
    module: str | None = None

    @property
    def path(self) -> str:
        return f"{self.relation}.{self.field.id}" if self.relation else self.field.id

    def compile(self) -> Verdict:
        if self.operator.past:
            return self._compile_past()
        read, get, negative = READERS[family_of(self.field)], self._getter(), self.operator.negative
        if self.operator.relative or self._takes_a_local_day():
            build, field, operand = self.operator.build, self.field, self.operand

            def by_the_clock(view: View) -> bool:
                value = read(get(view))
                if value is None:
                    return negative
                return build(field, operand, Moment(view.now, view.zone)).holds(value) != negative

            return by_the_clock
        holds = self._check().holds

        def decide(view: View) -> bool:
            value = read(get(view))
            return negative if value is None else holds(value) != negative

        return decide

    def _compile_past(self) -> Verdict:
        read, id = READERS[family_of(self.field)], self.field.id
        if self.operator.past == "changed":
            return lambda view: _changed(view, id)
        field, operand, build = self.field, self.operand, self.operator.build

        def holds(values: Mapping[str, Any], view: View) -> bool:
            value = read(values.get(id))
            if value is None:
                return False
            return build(field, operand, Moment(view.now, view.zone)).holds(value)

        if self.operator.past == "was":
            return lambda view: view.previous is not None and holds(view.previous, view)
        return lambda view: _changed(view, id) and holds(view.values, view)

    def _takes_a_local_day(self) -> bool:
        """A date, said of an instant, is a day in the zone of the view."""
        ends = self.operand if isinstance(self.operand, list) else [self.operand]
        return self.field.type == "datetime" and any(len(end) == len("2026-11-21") for end in ends if end)

    def value(self, view: View) -> Any:
        """What the field holds, as it is compared; None for nothing."""
        return READERS[family_of(self.field)](self._getter()(view))

    def equality(self) -> frozenset[Any] | None:
        """The values, as they are compared, that alone decide the leaf; None where it asks something else."""
        if self.operator.past or self.operator.relative:
            return None
        check = self._check()
        return check.values if isinstance(check, OneOf | HasOneOf) else None

    def _check(self) -> Check:
        return self.operator.build(self.field, self.operand, _NO_MOMENT)

    def _getter(self) -> Callable[[View], Any]:
        id, relation = self.field.id, self.relation
        if relation is None:
            return lambda view: view.values.get(id)
        return lambda view: (view.related.get(relation) or {}).get(id)

    def explain(self, view: View) -> Json:
        told: Json = {**self.to_json(), "verdict": self.compile()(view), "found": self._getter()(view)}
        if self.operator.past:
            told["previous"] = view.previous.get(self.field.id) if view.previous else None
        return told

    def sql(self, writer: SqlWriter) -> str:
        if self.operator.past:
            raise ValueError("the past of a record is not in the lake")
        column = writer.column(family_of(self.field), self.field.id, self.relation, self.module)
        check = self.operator.build(self.field, self.operand, writer.moment).sql(column, writer.params)
        return f"{'NOT ' if self.operator.negative else ''}coalesce({check}, false)"

    def leaves(self) -> Iterator[Node]:
        yield self

    def to_json(self) -> Json:
        leaf: Json = {"field": self.path, "op": self.operator.id}
        if self.operand is not None:
            leaf["value"] = self.operand
        return leaf


def _changed(view: View, field: str) -> bool:
    """Whether the change touched the field. In a creation every field with a value is new."""
    before = view.previous.get(field) if view.previous else None
    return bool(_comparable(before) != _comparable(view.values.get(field)))


def _comparable(raw: Any) -> Any:
    """Nothing, an empty text and an empty list are one; the order of a list does not count."""
    if isinstance(raw, list | tuple):
        return frozenset(raw) or None
    return None if raw == "" else raw

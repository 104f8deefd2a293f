"""What reads a condition from JSON: groups, limits, and the errors with their paths (`all[1].value`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gotero.domain.condition.nodes import AllOf, AnyOf, Node, Not
from gotero.domain.errors import FieldError
from gotero.domain.modules import Module

#: What the condition will be asked of: a change of a record; its creation; something that happened to it and changed
#: no field; the record at a time of its own; or a list.
Context = Literal["save", "create", "unchanged", "schedule", "filter"]

MAX_DEPTH = 10
MAX_LEAVES = 200
#: Leaves that look at something else than the record. Each is a join of the lake, and the time to plan many of them
#: grows with the square of their number: 50 take a third of a second, 200 eight.
MAX_AROUND = 50


@dataclass(slots=True)
class Parser:
    """One reading of a condition: nodes come back, what is wrong is noted with its path."""

    module: Module
    modules: Mapping[str, Module]
    context: Context
    errors: list[FieldError]
    #: The key that tells a leaf of a kind, and its parser.
    kinds: Mapping[str, "ParseLeaf"]
    #: Inside what is asked of related records: their own fields, and nothing further.
    inner: bool = False
    leaves: list[int] = field(default_factory=lambda: [0])
    around: int = 0

    def node(self, data: Any, path: str, depth: int) -> Node:
        """The node, or an empty group in its place once an error is noted."""
        if not isinstance(data, Mapping):
            return self.wrong(path, "condition")
        if depth > MAX_DEPTH:
            return self.wrong(path, "too_deep")
        groups = [key for key in ("all", "any", "not") if key in data]
        if groups:
            return self._group(data, groups[0], path, depth)
        kind = next((key for key in self.kinds if key in data), None)
        if kind is None:
            return self.wrong(path, "condition")
        self.leaves[0] += 1
        if self.leaves[0] > MAX_LEAVES:
            # Said once: what follows is not read.
            first = self.leaves[0] == MAX_LEAVES + 1
            return self.wrong(path, "too_many", limit=str(MAX_LEAVES)) if first else AllOf(())
        if self.inner and kind != "field":
            return self.wrong(below(path, kind), "no_further")
        if kind != "field" or "." in str(data["field"]):
            self.around += 1
            if self.around > MAX_AROUND:
                first = self.around == MAX_AROUND + 1
                return self.wrong(path, "too_many_around", limit=str(MAX_AROUND)) if first else AllOf(())
        return self.kinds[kind](self, data, path, depth)

    def inside(self, module: Module, data: Any, path: str, depth: int) -> Node:
        """A condition on records of another module, which looks at their own fields alone; of nothing, all of them."""
        if data is None or data == {}:
            return AllOf(())
        parser = Parser(module, self.modules, "filter", self.errors, self.kinds, inner=True, leaves=self.leaves)
        return parser.node(data, path, depth + 1)

    def known_keys(self, data: Mapping[str, Any], path: str, *keys: str) -> None:
        for key in data:
            if key not in keys:
                self.wrong(below(path, str(key)[:100]), "unknown_key")

    def _group(self, data: Mapping[str, Any], key: str, path: str, depth: int) -> Node:
        self.known_keys(data, path, key)
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


#: (parser, leaf, its path, its depth) -> the leaf.
ParseLeaf = Callable[[Parser, Mapping[str, Any], str, int], Node]


def below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key

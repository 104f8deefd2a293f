"""Regular expressions that cannot be made to run for ever, and that mean the same here and in DuckDB.

A pattern is compiled to a small machine whose states are walked all at once: the time is the length of the text times
the size of the pattern, whatever the pattern. (Python's `re` tries one way after the other, and (a+)+$ takes it years.)
The same tree is written out for RE2, which DuckDB uses and which works in the same way.

What there is: characters, `.`, `[a-z]`, `[^…]`, \\d \\w \\s (and \\D \\W \\S outside brackets), `^`, `$`, `( )`,
`(?: )`, `|`, `*`, `+`, `?`, `{m,n}`. What there is not: back references, look-around, flags. Letter case never counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gotero.domain.condition.pattern_syntax import Choice, Edge, Node, PatternError, Repeat, Sequence, read

MAX_LENGTH = 200
#: Instructions of the compiled machine; RE2 repeats nothing more often than this, nested repeats multiplied.
_MAX_SIZE = 1_000
#: Remembered steps of one pattern, before they are forgotten and learnt again.
_MAX_REMEMBERED = 4_000

# An instruction: ("set", Set, next), ("edge", at_end, next), ("split", one, other), ("found",)
_Instruction = tuple[Any, ...]
_States = frozenset[int]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `re2` is its form for DuckDB, to be matched against text in lower case."""

    source: str
    re2: str
    _program: tuple[_Instruction, ...] = field(repr=False, compare=False)
    _steps: dict[tuple[_States, str], _States] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def parse(cls, source: str) -> "Pattern":
        """PatternError for a text that is no pattern, or one that is too large."""
        if len(source) > MAX_LENGTH:
            raise PatternError("too long")
        tree = read(source)
        program: list[_Instruction] = [("found",)]
        start = _compile(tree, 0, program)
        program.append(("start", start))
        return cls(source, f"(?s){tree.re2()}", tuple(program))

    def occurs_in(self, text: str) -> bool:
        """Whether it matches somewhere in `text`, which must be in lower case (checks.fold)."""
        start = self._program[-1][1]
        active = self._reach((start,), at_start=True, at_end=not text)
        for position, character in enumerate(text, start=1):
            if 0 in active:
                return True
            at_end = position == len(text)
            active = self._step(active, character, start) if not at_end else self._last(active, character, start)
        return 0 in active

    def _step(self, active: _States, character: str, start: int) -> _States:
        known = self._steps.get((active, character))
        if known is None:
            if len(self._steps) >= _MAX_REMEMBERED:
                self._steps.clear()
            known = self._reach((*self._taken(active, character), start), at_start=False, at_end=False)
            self._steps[active, character] = known
        return known

    def _last(self, active: _States, character: str, start: int) -> _States:
        return self._reach((*self._taken(active, character), start), at_start=False, at_end=True)

    def _taken(self, active: _States, character: str) -> Iterator[int]:
        """Where the states that take this character lead."""
        for state in active:
            instruction = self._program[state]
            if instruction[0] == "set" and instruction[1].has(character):
                yield instruction[2]

    def _reach(self, states: tuple[int, ...], *, at_start: bool, at_end: bool) -> _States:
        """All states that these lead to without taking a character."""
        todo, reached = list(states), set()
        while todo:
            state = todo.pop()
            if state in reached:
                continue
            reached.add(state)
            instruction = self._program[state]
            if instruction[0] == "split":
                todo.extend(instruction[1:])
            elif instruction[0] == "edge" and (at_end if instruction[1] else at_start):
                todo.append(instruction[2])
        return frozenset(reached)


def _compile(node: Node, then: int, program: list[_Instruction]) -> int:
    """Append the node's instructions, which go on at `then`; answers where they begin."""
    if len(program) > _MAX_SIZE:
        raise PatternError("too large")
    if isinstance(node, Sequence):
        for part in reversed(node.parts):
            then = _compile(part, then, program)
        return then
    if isinstance(node, Choice):
        return _split([_compile(branch, then, program) for branch in node.branches], program)
    if isinstance(node, Repeat):
        return _compile_repeat(node, then, program)
    program.append(("edge", node.end, then) if isinstance(node, Edge) else ("set", node, then))
    return len(program) - 1


def _split(starts: list[int], program: list[_Instruction]) -> int:
    program.append(("split", *starts))
    return len(program) - 1


def _compile_repeat(node: Repeat, then: int, program: list[_Instruction]) -> int:
    if node.most is None:
        loop = _split([then], program)
        program[loop] = ("split", _compile_part(node, loop, program), then)
        then = loop
    else:
        end = then
        for _ in range(node.most - node.least):
            then = _split([_compile_part(node, then, program), end], program)
    for _ in range(node.least):
        then = _compile_part(node, then, program)
    return then


def _compile_part(node: Repeat, then: int, program: list[_Instruction]) -> int:
    """Once what is repeated. It must be something: nothing, repeated, is a mistake (and RE2 counts it)."""
    size = len(program)
    start = _compile(node.part, then, program)
    if len(program) == size:
        raise PatternError("nothing to repeat")
    return start


__all__ = ["MAX_LENGTH", "Pattern", "PatternError"]

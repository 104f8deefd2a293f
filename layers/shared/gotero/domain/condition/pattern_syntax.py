"""The syntax of patterns: from text to a tree, and from the tree to RE2's spelling."""

import re
from dataclasses import dataclass

_SPACES = " \t\n\r\x0b\x0c\u00a0"
_MAX_REPEAT = 100
_MAX_DEPTH = 20
_COUNT = re.compile(r"\{(\d{1,3})(,(\d{1,3})?)?\}", re.ASCII)


class PatternError(ValueError):
    """Not a pattern of ours."""


@dataclass(frozen=True, slots=True)
class Set:
    """One character out of a set. `kinds` are the letters of \\d, \\w, \\s."""

    characters: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()
    kinds: frozenset[str] = frozenset()
    negated: bool = False

    def has(self, character: str) -> bool:
        return self.negated != (
            character in self.characters
            or any(low <= character <= high for low, high in self.ranges)
            or any(_is_of_kind(character, kind) for kind in self.kinds)
        )

    def re2(self) -> str:
        if not (self.characters or self.ranges or self.kinds):
            return "."  # everything but nothing: any character
        members = "".join(_spelt(character) for character in sorted(self.characters))
        members += "".join(f"{_spelt(low)}-{_spelt(high)}" for low, high in self.ranges)
        members += "".join(_KINDS[kind] for kind in sorted(self.kinds))
        return f"[{'^' if self.negated else ''}{members}]"


@dataclass(frozen=True, slots=True)
class Edge:
    """The start or the end of the text."""

    end: bool

    def re2(self) -> str:
        return r"\z" if self.end else r"\A"


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple["Node", ...]

    def re2(self) -> str:
        return "".join(part.re2() for part in self.parts)


@dataclass(frozen=True, slots=True)
class Choice:
    branches: tuple["Node", ...]

    def re2(self) -> str:
        return f"(?:{'|'.join(branch.re2() for branch in self.branches)})"


@dataclass(frozen=True, slots=True)
class Repeat:
    part: "Node"
    least: int
    #: None is any number of times.
    most: int | None

    def re2(self) -> str:
        most = "" if self.most is None else str(self.most)
        return f"(?:{self.part.re2()}){{{self.least},{most}}}"


Node = Set | Edge | Sequence | Choice | Repeat

#: In RE2's spelling. Letters and digits are those of Unicode.
_KINDS = {"d": "0-9", "w": r"\p{L}\p{N}_", "s": "".join(f"\\x{{{ord(space):x}}}" for space in _SPACES)}
_REPEATS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def _is_of_kind(character: str, kind: str) -> bool:
    if kind == "d":
        return "0" <= character <= "9"
    return character in _SPACES if kind == "s" else character.isalnum() or character == "_"


def _spelt(character: str) -> str:
    return character if character.isascii() and character.isalnum() else f"\\x{{{ord(character):x}}}"


def _lower(character: str) -> str:
    return character.lower()[0]


def read(source: str) -> Node:
    """The tree of a pattern; PatternError for anything else."""
    reader = _Reader(source)
    tree = reader.choice(0)
    if reader.rest():
        raise PatternError("a bracket too many")
    return tree


class _Reader:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def rest(self) -> str:
        return self._source[self._at :]

    def _take(self) -> str:
        if self._at >= len(self._source):
            raise PatternError("ends too soon")
        self._at += 1
        return self._source[self._at - 1]

    def _skip(self, text: str) -> bool:
        if not self._source.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def choice(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise PatternError("too deep")
        branches = [self._sequence(depth)]
        while self._skip("|"):
            branches.append(self._sequence(depth))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while self.rest()[:1] not in ("", "|", ")"):
            parts.append(self._repeated(self._one(depth)))
        return Sequence(tuple(parts))

    def _one(self, depth: int) -> Node:
        character = self._take()
        if character == "(":
            if self._source.startswith("?", self._at) and not self._skip("?:"):
                raise PatternError("look-around, names and flags are not offered")
            inner = self.choice(depth + 1)
            if not self._skip(")"):
                raise PatternError("a bracket is open")
            return inner
        if character == "[":
            return self._set()
        if character in "^$":
            return Edge(end=character == "$")
        if character == ".":
            return Set(negated=True)
        if character in "*+?{":
            raise PatternError("nothing to repeat")
        return self._escape(inside=False) if character == "\\" else Set(frozenset(_lower(character)))

    def _escape(self, *, inside: bool) -> Set:
        character = self._take()
        if character in "dws":
            return Set(kinds=frozenset(character))
        if character in "DWS" and not inside:
            return Set(kinds=frozenset(character.lower()), negated=True)
        if character in _ESCAPED:
            return Set(frozenset(_ESCAPED[character]))
        if character.isalnum():
            raise PatternError("back references and other escapes are not offered")
        return Set(frozenset(character))

    def _set(self) -> Set:
        negated = self._skip("^")
        characters: set[str] = set()
        ranges: list[tuple[str, str]] = []
        kinds: set[str] = set()
        first = True
        while first or not self._skip("]"):
            first = False
            low = self._member(kinds)
            if low is None:
                continue
            if self._source.startswith("-", self._at) and self._source[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                high = self._member(kinds)
                if high is None or low > high:
                    raise PatternError("a range must go upwards")
                ranges.append((low, high))
            else:
                characters.add(low)
        return Set(frozenset(characters), tuple(ranges), frozenset(kinds), negated)

    def _member(self, kinds: set[str]) -> str | None:
        """One character of a set in lower case, or None for a kind, which is noted."""
        character = self._take()
        if character == "[" and self._source.startswith(":", self._at):
            raise PatternError("named classes are not offered")
        if character != "\\":
            return _lower(character)
        escaped = self._escape(inside=True)
        kinds.update(escaped.kinds)
        return next(iter(escaped.characters), None)

    def _repeated(self, part: Node) -> Node:
        mark = self.rest()[:1]
        if mark == "{":
            least, most = self._count()
        elif mark and mark in _REPEATS:
            self._at += 1
            least, most = _REPEATS[mark]
        else:
            return part
        self._skip("?")  # lazy or greedy is the same question to "does it occur?"
        if self.rest()[:1] in ("*", "+", "{", "?"):
            raise PatternError("repeated twice")
        return Repeat(part, least, most)

    def _count(self) -> tuple[int, int | None]:
        found = _COUNT.match(self._source, self._at)
        if not found:
            raise PatternError("not a count")
        self._at = found.end()
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else None
        if max(least, most or 0) > _MAX_REPEAT or (most is not None and (most < least or most == 0)):
            raise PatternError("not a count")
        return least, most

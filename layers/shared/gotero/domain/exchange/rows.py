"""The rows of a CSV file that is read piece by piece: where each begins, and where the next piece must begin.

A quoted cell may hold line breaks, so a piece can end inside a row: that row is left for the next piece. A quote that
is never closed would swallow the rest of the file: such a line is refused by itself, and what follows it is read.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from gotero.domain.exchange.sniff import Dialect, decode, encoded_size

#: The longest row: more is a file gone wrong.
MAX_ROW = 1024 * 1024
#: As many as a row of a large CRM has, twice over.
MAX_COLUMNS = 500
#: How much of a refused line is kept for the error file.
_KEPT = 1000
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$")

# The csv module's own limit is 128 KB a cell; ours is that of the row.
csv.field_size_limit(MAX_ROW)


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the line on which it begins (the first of the file is 1), its cells, and what is wrong with it."""

    line: int
    cells: tuple[str, ...]
    broken: str | None = None


@dataclass(slots=True)
class Taken:
    """What a piece gave: its whole rows, the bytes and lines that they took."""

    rows: list[Row] = field(default_factory=list)
    size: int = 0
    lines: int = 0


class _Lines:
    """The lines of a piece for csv.reader; says whether it asked for more than there is."""

    def __init__(self, lines: list[str], at: int) -> None:
        self._lines, self.at, self.exhausted = lines, at, False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.at == len(self._lines):
            self.exhausted = True
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]


def take_rows(piece: bytes, dialect: Dialect, *, line: int, limit: int, last: bool, full: bool = False) -> Taken:
    """At most `limit` rows of `piece`, whose first line has the number `line`. Blank rows are passed over.

    `last`: the file ends with it. `full`: it is as long as a row may be; a row that does not end in it is broken.
    """
    lines = _lines(piece, dialect.encoding, last)
    taken = Taken()
    at = 0
    while at < len(lines) and len(taken.rows) < limit:
        feed = _Lines(lines, at)
        reader = csv.reader(feed, delimiter=dialect.separator)
        at = _read(reader, feed, at, taken, line, limit)
        if at < len(lines) and len(taken.rows) < limit:
            # The reader stopped inside a row: its first line is broken, unless the rest of it may come.
            if not (last or full):
                break
            taken.rows.append(Row(line + at, (lines[at].rstrip("\r\n")[:_KEPT],), "unclosed_quote"))
            at += 1
    taken.lines = at
    taken.size = sum(encoded_size(text, dialect.encoding) for text in lines[:at])
    return taken


def _read(reader: Iterator[list[str]], feed: _Lines, at: int, taken: Taken, line: int, limit: int) -> int:
    """Reads rows until the limit, the end, or a row that does not end; answers the line behind the last whole row."""
    while len(taken.rows) < limit:
        try:
            cells = next(reader)
        except StopIteration:
            return feed.at
        except csv.Error:
            return at
        if feed.exhausted:
            return at
        if any(cell.strip() for cell in cells):
            taken.rows.append(_row(line + at, cells))
        at = feed.at
    return at


def _row(line: int, cells: list[str]) -> Row:
    if len(cells) > MAX_COLUMNS:
        return Row(line, tuple(cells[:MAX_COLUMNS]), "too_many_columns")
    return Row(line, tuple(cells))


def _lines(piece: bytes, encoding: str, last: bool) -> list[str]:
    """The whole lines of a piece; a carriage return at its end may be half of a line break."""
    if encoding.startswith("utf-16"):
        piece = piece[: len(piece) - len(piece) % 2]
    lines = _LINE.findall(decode(piece if last else piece[: _end(piece, encoding)], encoding))
    if not last and lines and lines[-1].endswith("\r"):
        lines.pop()
    return lines


def _end(piece: bytes, encoding: str) -> int:
    """Behind the last line break, so that no character is cut in two."""
    if not encoding.startswith("utf-16"):
        return max(piece.rfind(b"\n"), piece.rfind(b"\r")) + 1
    breaks = (b"\n\x00", b"\r\x00") if encoding == "utf-16-le" else (b"\x00\n", b"\x00\r")
    return max(_rfind_even(piece, each) for each in breaks) + 2


def _rfind_even(piece: bytes, wanted: bytes) -> int:
    at = len(piece)
    while (at := piece.rfind(wanted, 0, at)) >= 0:
        if at % 2 == 0:
            return at
        at += 1
    return -2

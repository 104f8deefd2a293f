"""Cells that a spreadsheet would run as formulas: neutralised on the way out, given back on the way in (OWASP)."""

import csv
import io
from collections.abc import Iterable, Sequence
from unicodedata import category, normalize

#: What begins a formula, whatever its width: `＝` is `=` to a spreadsheet. The typographic minus stands for itself.
_TRIGGERS = frozenset("=+-@\t\r\n−")
#: Spaces, marks and controls that nobody sees; what reads the file may pass over them.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cf", "Cc"})
_QUOTE = "'"
#: By which Excel knows UTF-8.
MARK = b"\xef\xbb\xbf"


def neutral(cell: str) -> str:
    """With an apostrophe in front where a spreadsheet could take it for a formula."""
    return _QUOTE + cell if _is_risky(cell) else cell


def original(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith(_QUOTE) and _is_risky(cell) else cell


def _is_risky(cell: str) -> bool:
    """A cell that looks as if it had been neutralised counts too: else it would not come back as it was."""
    if cell[:1].isalnum():
        return False
    for character in cell:
        if character in _TRIGGERS or normalize("NFKC", character) in _TRIGGERS:
            return True
        if character != _QUOTE and category(character) not in _UNSEEN:
            return False
    return False


def write_rows(rows: Iterable[Sequence[str]], separator: str) -> bytes:
    """Rows as UTF-8, every cell quoted: `a;=1+1` stays one cell whatever separator its reader believes in."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")

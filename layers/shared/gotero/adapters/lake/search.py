"""Free-text search in a list: every word must be somewhere in the fields that the module is searched by.

What is searched is one text a row, folded when the row is laid over its table: taking off accents costs twenty times
the search itself (benchmarks/lake.py).
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

from gotero.adapters.lake.columns import WORDS, literal, quote
from gotero.adapters.lake.membership import Part
from gotero.domain.modules import RECIPIENTS

#: Words beyond these are ignored; nobody narrows a list with more.
_WORDS = 8
#: Stands for ñ while accents are taken off: it is a letter of its own, not an n with something on it.
_ENYE = "\x01"
_SEARCHED = f"r.{quote(WORDS)}"


def with_words(rows: str, fields: Sequence[str]) -> str:
    """SQL for the rows of the query `rows` with the text that they are searched by."""
    if not fields:
        return rows
    text = f"lower(concat_ws(' ', {', '.join(map(quote, fields))}))"
    return f"SELECT *, strip_accents(replace({text}, 'ñ', chr(1))) AS {quote(WORDS)} FROM ({rows})"


def contains_words(text: str) -> tuple[str, list[Any]]:
    """SQL for "each word of `text` is contained" in the row `r`, without regard to case and accents.

    `nunez` finds Núñez, and so does `núñez`; but `ñ` typed as such finds ñ alone, as `peña` does not mean `pena`.
    """
    terms, parameters = [], []
    for word in unicodedata.normalize("NFC", text).lower().split()[:_WORDS]:
        searched = _SEARCHED if "ñ" in word else f"replace({_SEARCHED}, chr(1), 'n')"
        terms.append(f"contains({searched}, ?)")
        parameters.append(_without_accents(word.replace("ñ", _ENYE)))
    return " AND ".join(terms) or "true", parameters


def people_found(text: str) -> Part | None:
    """Module and id of every person whom these words find; None for no word."""
    if not text.strip():
        return None
    found, words = contains_words(text)
    rows = "SELECT {} AS module, r.id AS record FROM {} r WHERE {}"
    parts = [rows.format(literal(module), quote(module), found) for module in RECIPIENTS]
    return Part(" UNION ALL ".join(parts), words * len(parts))


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))

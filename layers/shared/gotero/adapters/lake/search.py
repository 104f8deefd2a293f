"""Free-text search in a list: every word must be somewhere in the fields that the module is searched by."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from gotero.adapters.lake.columns import quote

#: Words beyond these are ignored; nobody narrows a list with more.
_WORDS = 8
#: Stands for ñ while accents are taken off: it is a letter of its own, not an n with something on it.
_ENYE = "\x01"


def contains_words(text: str, fields: Iterable[str]) -> tuple[str, list[Any]]:
    """SQL for "each word of `text` is contained", without regard to case and accents.

    `nunez` finds Núñez, and so does `núñez`; but `ñ` typed as such finds ñ alone, as `peña` does not mean `pena`.
    """
    haystack = "lower(concat_ws(' ', " + ", ".join(f"r.{quote(field)}" for field in fields) + "))"
    terms, parameters = [], []
    for word in unicodedata.normalize("NFC", text).lower().split()[:_WORDS]:
        if "ñ" in word:
            terms.append(f"contains(strip_accents(replace({haystack}, 'ñ', chr(1))), ?)")
        else:
            terms.append(f"contains(strip_accents({haystack}), ?)")
        parameters.append(_without_accents(word.replace("ñ", _ENYE)))
    return " AND ".join(terms) or "true", parameters


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))

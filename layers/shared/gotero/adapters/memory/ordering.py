"""Sorting and searching rows in plain Python, as the lake does in SQL (adapters/lake/ordering.py, search.py)."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.modules import Field, Module
from gotero.ports import Json

#: How a list is ordered: numbers that compare as the values do. Lists, because they travel as JSON in `after`.
Place = list[Any]

_NUMBERS = frozenset({"integer", "decimal", "currency", "percent", "boolean"})
_WORDS = 8


def fields_of(sort: Sequence[tuple[str, bool]], module: Module) -> list[tuple[Field, bool]]:
    known = [(module.column(name), descending) for name, descending in sort]
    wrong = [index for index, (field, _) in enumerate(known) if field is None]
    if wrong:
        raise InvalidError(*(FieldError(f"sort[{index}]", "sort") for index in wrong))
    return [(field, descending) for field, descending in known if field]


def sort_keys(item: Json, keys: Sequence[tuple[Field, bool]], title_of: Callable[[str, str], str]) -> list[Place]:
    """Where a record stands: a place for each field of the sort, then its id. A relation is sorted by the title."""
    places = [place(_sorted_by(item, field, title_of), descending) for field, descending in keys]
    return [*places, place(item["id"])]


def place(value: Any, descending: bool = False) -> Place:
    """Empty values come last in either direction; texts as Spanish sorts them."""
    if value in (None, "", []):
        return [1, []]
    numbers = _letters(value) if isinstance(value, str) else [value]
    # Downwards a longer word comes before its own beginning: the end is higher than any letter.
    return [0, [*(-number for number in numbers), 1] if descending else numbers]


def _sorted_by(item: Json, field: Field, title_of: Callable[[str, str], str]) -> Any:
    raw = item[field.id] if field.id in item else item["values"].get(field.id)
    if field.id == "number":
        digits = re.search(r"\d+$", raw or "")
        return int(digits[0]) if digits else None
    if field.relation:
        return title_of(field.relation, raw) if raw else None
    if field.type in _NUMBERS:
        return None if raw in (None, "") else float(raw)
    return ", ".join(raw) if isinstance(raw, list) else raw


def _letters(text: str) -> list[int]:
    """ñ after n; accents and letter case only decide between what is otherwise the same."""
    base = "".join("n\uffff" if letter == "ñ" else _bare(letter) for letter in text.lower())
    return [ord(letter) for letter in f"{base}\0{text.swapcase()}"]


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def contains_words(search: str, item: Json, fields: Sequence[str]) -> bool:
    """Each word is somewhere in these fields; ñ finds ñ alone, anything else is found with or without accents."""
    found = (item[field] if field in item else item["values"].get(field) for field in fields)
    haystack = " ".join(str(value) for value in found if value).lower()
    bare, with_enye = _bare(haystack), _bare(haystack.replace("ñ", "\1"))
    words = unicodedata.normalize("NFC", search).lower().split()[:_WORDS]
    return all(_bare(w.replace("ñ", "\1")) in with_enye if "ñ" in w else _bare(w) in bare for w in words)

"""What a condition names: segments, forms, templates and campaigns, with the path where it does."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from gotero.domain.condition.parser import below

#: Definitions by their kind, and campaigns, which are records.
Kind = Literal["segments", "forms", "templates", "campaigns"]
_KEYS: Mapping[str, Kind] = {
    "segment": "segments",
    "form": "forms",
    "template": "templates",
    "campaign": "campaigns",
}


def names(condition: Any, path: str = "") -> Iterator[tuple[str, Kind, str]]:
    """(path, kind, id) of everything that a checked condition names."""
    if not isinstance(condition, Mapping):
        return
    for key, kind in _KEYS.items():
        if isinstance(condition.get(key), str):
            yield below(path, key), kind, condition[key]
    for key in ("all", "any"):
        for index, part in enumerate(condition.get(key) or ()):
            yield from names(part, f"{below(path, key)}[{index}]")
    yield from names(condition.get("not"), below(path, "not"))

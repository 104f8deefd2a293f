"""Every text that the product itself says, in Spanish and English, by key. An area is a file, with one set of keys."""

from collections.abc import Mapping
from typing import Literal

from gotero.domain.catalogue import (
    bounces,
    conflicts,
    doctor,
    drip,
    errors,
    pages,
    skips,
    stops,
    suppressions,
    timeline,
)

Language = Literal["es", "en"]
AREAS: Mapping[str, Mapping[Language, Mapping[str, str]]] = {
    "bounces": bounces.TEXT,
    "doctor": doctor.TEXT,
    "drip": drip.TEXT,
    "errors": {language: {**errors.TEXT[language], **conflicts.TEXT[language]} for language in errors.TEXT},
    "pages": pages.TEXT,
    "skips": skips.TEXT,
    "stops": stops.TEXT,
    "suppressions": suppressions.TEXT,
    "timeline": timeline.TEXT,
}


def text(area: str, key: str, language: Language, /, **values: str) -> str:
    """The text of `key` with its values filled in; KeyError for a key that is not in the catalogue."""
    return AREAS[area][language][key].format_map(_Filled(values))


class _Filled(dict[str, str]):
    """A value that nobody gave stays empty: an error message must not fail."""

    def __missing__(self, key: str) -> str:
        return ""


def language_of(accept_language: str | None) -> Language:
    """The first of our languages that an Accept-Language header names; Spanish otherwise."""
    for part in (accept_language or "").split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        if tag == "en":
            return "en"
        if tag == "es":
            return "es"
    return "es"

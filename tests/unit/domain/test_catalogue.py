"""Every text exists in both languages, with the same places to fill in."""

import re

import pytest

from gotero.domain import catalogue

_PLACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("area", catalogue.AREAS)
def test_both_languages_say_the_same_things(area: str) -> None:
    texts = catalogue.AREAS[area]

    assert texts["es"].keys() == texts["en"].keys()
    for key, text in texts["es"].items():
        assert text.strip()
        assert texts["en"][key].strip()
        assert sorted(_PLACE.findall(text)) == sorted(_PLACE.findall(texts["en"][key])), key


@pytest.mark.parametrize(
    ("header", "language"),
    [("en-GB,en;q=0.9", "en"), ("fr,en;q=0.5", "en"), ("es-MX", "es"), ("fr-FR", "es"), ("", "es"), (None, "es")],
)
def test_language_is_the_first_of_ours(header: str | None, language: str) -> None:
    assert catalogue.language_of(header) == language

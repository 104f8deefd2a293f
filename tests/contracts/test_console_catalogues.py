"""The console's words: both languages say the same things, and say everything that the sources ask for."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

WEB = Path(__file__).parents[2] / "functions/console/web"
LANGUAGES = ("es", "en")
#: Intl's plural forms: Spanish has one more ("many", for round millions) than English.
PLURALS = {"es": {"one", "many", "other"}, "en": {"one", "other"}}
PLURAL = re.compile(r"_(zero|one|two|few|many|other)$")
PLACEHOLDER = re.compile(r"{{\s*(\w+)\s*}}")
#: t('a.b') and t(condition ? 'a.b' : 'c.d'); keys put together at run time cannot be seen here.
ASKED = re.compile(r"""\bt\(\s*(?:[^'"`()]*\?\s*)?'([\w.-]+)'(?:\s*:\s*'([\w.-]+)')?""")


def flat(tree: dict[str, Any], path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        here = f"{path}.{key}" if path else key
        found |= flat(value, here) if isinstance(value, dict) else {here: value}
    return found


def catalogue(language: str) -> dict[str, str]:
    return flat(json.loads((WEB / "locales" / f"{language}.json").read_text()))


def plain(keys: dict[str, str]) -> set[str]:
    return {PLURAL.sub("", key) for key in keys}


def test_both_languages_have_the_same_keys() -> None:
    assert plain(catalogue("es")) == plain(catalogue("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, text in catalogue(language).items() if not text.strip()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_all_the_forms_of_its_language(language: str) -> None:
    forms: dict[str, set[str]] = {}
    for key in catalogue(language):
        if found := PLURAL.search(key):
            forms.setdefault(PLURAL.sub("", key), set()).add(found[1])
    assert {key: found for key, found in forms.items() if found != PLURALS[language]} == {}


def test_both_languages_fill_in_the_same_values() -> None:
    def asked(keys: dict[str, str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for key, text in keys.items():
            found.setdefault(PLURAL.sub("", key), set()).update(PLACEHOLDER.findall(text))
        return found

    assert asked(catalogue("es")) == asked(catalogue("en"))


def test_every_key_that_the_sources_name_exists() -> None:
    known = plain(catalogue("en"))
    asked = {
        (key, source.name)
        for source in (WEB / "src").rglob("*.ts*")
        for pair in ASKED.findall(source.read_text())
        for key in pair
        if "." in key
    }
    assert len(asked) > 100
    assert {(key, name) for key, name in asked if key not in known} == set()


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all(re.fullmatch(r"[\d.]+", version) for version in lock["packages"][""]["dependencies"].values())

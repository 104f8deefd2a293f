"""Conditions that mean harm: refused with the path, or answered as what they are, and always at once."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.records import MemoryRecords
from gotero.adapters.memory.world import SetClock
from gotero.domain.condition.parser import MAX_AROUND
from gotero.domain.errors import InvalidError
from gotero.services.count_matches import count_matches
from gotero.services.find_filter import chosen_filter
from tests.unit.adapters.lake.rows import AS_OF, a_contact

CASES = Path(__file__).parents[3] / "shared" / "cases" / "naughty_strings.json"
SQL = ("x') OR 1=1 --", 'city"; DROP TABLE contacts; --', "r.id", "(SELECT 1)", "contacts#rows", "data", "deleted")
SLOW = ("(a+)+$", "(a|a)*b", "(.*a){20}", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "a{1,1000}{1,1000}", "(" * 500)
#: Seconds of the processor for one answer: what else the machine does meanwhile does not count.
PATIENCE = 1.0


@pytest.fixture(scope="module")
def lake() -> S3Lake:
    lake = S3Lake(MemoryObjects(), SetClock())
    names = ["Lía", "a" * 5_000, "x') OR 1=1 --", "%", "_"]
    lake.append("contacts", [a_contact(f"c{n}", firstname=name, city=name) for n, name in enumerate(names)], AS_OF)
    return lake


def strings() -> list[str]:
    return json.loads(CASES.read_text(encoding="utf-8"))["strings"] if CASES.exists() else []


def answered(lake: S3Lake, condition: Any) -> int | None:
    """How many were found; None where it was refused with paths. Anything else that is raised is a fault."""
    started = time.process_time()
    try:
        chosen = chosen_filter(MemoryDefinitions(), MemoryRecords(), None, "contacts", condition)
        return int(count_matches(lake, chosen.module, chosen.condition)["count"])
    except InvalidError as error:
        assert all(one.path.startswith("condition") for one in error.errors)
        assert len(error.errors) < 500
        return None
    finally:
        assert time.process_time() - started < PATIENCE


def everywhere(text: str) -> Iterator[Any]:
    """A text in every place of a condition that takes one."""
    yield text
    for op in ("is", "contains", "starts_with", "matches", text):
        yield {"field": "firstname", "op": op, "value": text}
    yield {"field": text, "op": "is", "value": "x"}
    yield {"field": f"account.{text}", "op": "is_empty"}
    yield {"field": "firstname", "op": "is_one_of", "value": [text, "x"]}
    yield {"field": "birthday", "op": "is_in", "value": text}
    yield {"segment": text}
    yield {"related": text, "where": {"field": text}}
    yield {"related": "messages", "where": {"field": "subject", "op": "contains", "value": text}}
    yield {"activity": text, "times": text}
    yield {"activity": "clicked", "url": text, "campaign": text, "since": text, "within_days": text}
    yield {"activity": "clicked", "url": {"op": "matches", "value": text}}
    yield {text: []}
    yield {"all": [{"not": {text: text}}]}


def test_texts_that_look_like_sql_find_what_they_say(lake: S3Lake) -> None:
    for text in SQL:
        for condition in everywhere(text):
            answered(lake, condition)
    assert answered(lake, {"field": "firstname", "op": "is", "value": SQL[0]}) == 1
    assert answered(lake, {"field": "firstname", "op": "contains", "value": "%"}) == 1
    assert answered(lake, {}) == 5, "nothing was dropped"
    for name in SQL:
        assert answered(lake, {"field": name, "op": "is_not_empty"}) is None


@pytest.mark.skipif(not CASES.exists(), reason=f"{CASES.name} is not beside the repository")
def test_naughty_strings_are_refused_or_answered(lake: S3Lake) -> None:
    asked = [condition for text in strings() for condition in everywhere(text)]
    taken = [condition for condition in asked if fits(condition)]
    assert 0 < len(taken) < len(asked)
    around = [condition for condition in taken if "field" not in condition]
    own = [condition for condition in taken if "field" in condition]
    for conditions, size in ((own, 150), (around, 25)):
        for start in range(0, len(conditions), size):
            assert answered(lake, {"any": conditions[start : start + size]}) is not None


@pytest.mark.parametrize("pattern", SLOW)
def test_no_pattern_is_slow(lake: S3Lake, pattern: str) -> None:
    started = time.process_time()
    of_a_field = answered(lake, {"field": "firstname", "op": "matches", "value": pattern})
    of_a_link = answered(lake, {"activity": "clicked", "url": {"op": "matches", "value": pattern}})
    assert time.process_time() - started < 2 * PATIENCE
    # Refused (None) or answered; nobody in this lake has clicked anything.
    assert (of_a_field is None) == (of_a_link is None)
    assert not of_a_link


def fits(condition: Any) -> bool:
    """Whether it is taken; what is not is refused at once, with its paths."""
    started = time.process_time()
    try:
        chosen_filter(MemoryDefinitions(), MemoryRecords(), None, "contacts", condition)
    except InvalidError as error:
        assert error.errors
        return False
    finally:
        assert time.process_time() - started < PATIENCE
    return True


AROUND: tuple[dict[str, Any], ...] = (
    {"field": "account.industry", "op": "is", "value": "Banking"},
    {"related": "messages", "match": "all", "where": {"field": "subject", "op": "matches", "value": "(a|b)+c"}},
    {"activity": "clicked", "url": "x", "within_days": 3, "times": {"at_most": 2}},
    {"activity": "form_posted", "before_days": 1},
)


@pytest.mark.parametrize("leaf", AROUND, ids=lambda leaf: next(iter(leaf)))
def test_as_many_questions_as_are_taken_are_answered_at_once(lake: S3Lake, leaf: dict[str, Any]) -> None:
    assert answered(lake, {"any": [{"all": [leaf, {"not": leaf}]}] * (MAX_AROUND // 2)}) == 0


def nested(depth: int, inner: Any) -> Any:
    for _ in range(depth):
        inner = {"not": inner}
    return inner


@pytest.mark.parametrize(
    "condition",
    [
        nested(11, {"all": []}),
        nested(5_000, {"all": []}),
        {"all": [{"field": "city", "op": "is_empty"}] * 201},
        {"any": [{"all": [{"segment": "x"}] * 150}, {"all": [{"segment": "x"}] * 150}]},
        {"any": [{"field": "account.industry", "op": "is", "value": "Banking"}, {"activity": "opened"}] * 26},
        {"field": "city", "op": "is_one_of", "value": ["x"] * 501},
        {"field": "city", "op": "is", "value": "x" * 1_001},
        {"related": "messages", "where": nested(12, {"all": []})},
        {"related": "messages", "where": {"related": "messages"}},
        {"related": "messages", "where": {"activity": "opened"}},
        {"related": "messages", "where": {"field": "campaign.name", "op": "is_empty"}},
        {"related": "messages", "where": {"field": "opens_all", "op": "greater_than", "value": 1}},
        {"related": "contacts.account"},
        {"related": ["messages"]},
        {"related": "messages", "match": "any", "times": {"at_least": 1}},
        {"activity": "opened", "times": {"at_least": 10**9}},
        {"activity": "opened", "times": {"at_least": True}},
        {"activity": "opened", "times": {}},
        {"activity": "opened", "times": {"exactly": 1, "at_least": 1}},
        {"activity": "opened", "within_days": -1},
        {"activity": "opened", "within_days": 10**12},
        {"activity": "opened", "url": "x"},
        {"activity": "opened", "since": "2026-02-30"},
        {"activity": {}},
        {"segment": None},
        {"segment": "x", "op": "contains"},
        {"field": "birthday", "op": "age_is", "value": 151},
        {"field": "birthday", "op": "age_between", "value": [1]},
        {"field": "city", "op": "age_is", "value": 1},
        {"field": "city", "op": "has_changed"},
        {"field": "city", "op": "exists"},
        {"field": "city", "op": "has_this_as_nth_child"},
        {"field": 1, "op": "is"},
        {"field": "city", "op": {}},
        [],
        1,
        {"all": {}},
        {"not": []},
    ],
)
def test_what_is_too_much_or_means_nothing_is_refused(lake: S3Lake, condition: Any) -> None:
    assert answered(lake, condition) is None

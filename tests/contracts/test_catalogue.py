"""Every text in both languages, with the same blanks; and every rule that code can break has its message."""

import ast
import re
from typing import get_args

import pytest

from gotero.domain import catalogue
from gotero.domain.job import JobState
from gotero.domain.task_types import TASK_TYPES
from gotero.domain.triggers import TRIGGERS
from tests.contracts.stack_template import PROJECT

BLANK = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("area", catalogue.AREAS)
def test_both_languages_say_the_same_things(area: str) -> None:
    es, en = catalogue.AREAS[area]["es"], catalogue.AREAS[area]["en"]
    assert es.keys() == en.keys()
    assert {k for k in es if set(BLANK.findall(es[k])) != set(BLANK.findall(en[k]))} == set()
    assert all(text.strip() for text in (*es.values(), *en.values()))


def test_every_trigger_and_task_has_its_words() -> None:
    for words in (*TRIGGERS.values(), *(t.label for t in TASK_TYPES.values())):
        assert words["es"]
        assert words["en"]


def rules_in_code() -> set[str]:
    """The literal rules of every FieldError, BrokenRuleError, ConflictError and `wrong(…)` in the package."""
    rules: set[str] = set()
    for file in (PROJECT / "layers/shared/gotero").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = {"FieldError": 1, "BrokenRuleError": 0, "ConflictError": 1, "wrong": 1}.get(name)
            rule = node.args[place] if place is not None and len(node.args) > place else None
            if isinstance(rule, ast.Constant):
                rules.add(str(rule.value))
    return rules


def test_every_rule_has_a_message() -> None:
    rules = rules_in_code()
    assert len(rules) > 20
    assert rules - catalogue.AREAS["errors"]["es"].keys() == set()


def test_a_job_in_any_state_says_what_can_still_be_asked_of_it() -> None:
    assert {f"job_{state}" for state in get_args(JobState)} <= catalogue.AREAS["errors"]["es"].keys()

"""Predicates of three other projects: those whose operators this language has give the same answers."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.external.predicates import Case, Unfit, growthbook, json_logic, unleash

CASES = Path(__file__).parents[3] / "shared" / "cases" / "predicate_cases.json"
KINDS: dict[str, tuple[Callable[[Any], Any], Callable[[Case, Any], Any]]] = {
    "growthbook": (lambda case: case["attributes"], lambda made, case: growthbook(made, case["condition"])),
    "unleash": (
        lambda case: {**case["context"], **case["context"].get("properties", {})},
        lambda made, case: unleash(made, case),
    ),
    "json_logic": (lambda case: case.get("data") or {}, lambda made, case: json_logic(made, case["rule"])),
}


@pytest.mark.skipif(not CASES.exists(), reason=f"{CASES.name} is not beside the repository")
@pytest.mark.parametrize("project", KINDS)
def test_predicates_are_decided_as_they_are_there(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    attributes, translate = KINDS[project]
    wrong, unfit, right = [], Counter[str](), 0
    for case in json.loads(CASES.read_text(encoding="utf-8"))[project]:
        expected = case.get("expected", case.get("result"))
        try:
            if not isinstance(expected, bool):
                raise Unfit("no predicate on attributes")
            known = attributes(case)
            made = Case(known if isinstance(known, dict) else {})
            verdict = made.decide(translate(made, case))
        except Unfit as reason:
            unfit[str(reason)] += 1
            continue
        right += verdict is expected
        if verdict is not expected:
            wrong.append((case.get("id") or case.get("description"), verdict))
    with capsys.disabled():
        print(f"\n{project}: {right} decided alike; not of this language: {dict(unfit)}")
    assert wrong == []
    assert right

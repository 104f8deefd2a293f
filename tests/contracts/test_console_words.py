"""The console and the back end speak of the same things: what `/v1/meta` says, and a word for every state and kind."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from gotero.domain import assignment, job, message, plan, scheduled_action
from gotero.domain.modules import MODULES
from gotero.domain.user import User
from gotero.services.describe_meta import describe
from tests.browser import sample_meta

WEB = Path(__file__).parents[2] / "functions/console/web"
LUCIA = User("u-lucia", "Lucía Ferrer", "lucia@huertaturia.example", "admin")


def words(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((WEB / "locales" / f"{language}.json").read_text())
    return found


def shape(value: Any) -> set[str]:
    """The paths of all keys, whatever stands in lists."""
    if isinstance(value, list):
        return set().union(*(shape(item) for item in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    return {key for name, inner in value.items() for key in ({name} | {f"{name}.{path}" for path in shape(inner)})}


def test_the_declaration_that_the_browser_tests_use_has_the_shape_of_the_real_one() -> None:
    real = describe(LUCIA, {}, [LUCIA], {"g-sales": "Comerciales"})
    sample = sample_meta.meta()
    # Operators are named by their ids: compared by what stands under each.
    for meta in (real, sample):
        meta["operators"] = list(meta["operators"].values())
    assert shape(sample) - shape(real) == set()


def test_every_modules_icon_is_known() -> None:
    known = set(re.findall(r"^  '?([\w-]+)'?: Icon", (WEB / "src/fields/icons.ts").read_text(), re.MULTILINE))
    assert {module.icon for module in MODULES.values()} - known == set()


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_state_has_a_word(language: str) -> None:
    states = {
        *get_args(job.JobState),
        *message.OUTCOMES,
        *get_args(assignment.State),
        *plan.STATUSES,
        *scheduled_action.STATUSES,
        "finished_open",
    }
    assert states - words(language)["state"].keys() == set()


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_reason_sender_and_source_has_a_word(language: str) -> None:
    known = words(language)
    assert known["reason"].keys() >= assignment.RENEWABLE
    assert set(scheduled_action.SENDERS) <= known["word"]["sender"].keys()
    assert {"manual", "filter", "workflow", "form", "dashboard", "import"} <= known["source"].keys()

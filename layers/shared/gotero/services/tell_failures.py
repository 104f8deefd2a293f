"""What a job could not do, as people read it: each failure with its sentence, in the language of whoever asks."""

from collections.abc import Iterable
from typing import Any

from gotero.domain import catalogue
from gotero.domain.job import Job

Json = dict[str, Any]


def told(job: Job, language: catalogue.Language) -> Json:
    """The job as JSON, its first failures in words."""
    shown = job.to_json()
    failures = job.outcome.get("errors")
    return {**shown, "outcome": {**job.outcome, "errors": in_words(failures, language)}} if failures else shown


def in_words(failures: Iterable[Json], language: catalogue.Language) -> list[Json]:
    """Those of a rule without a sentence stay as they are."""
    known = catalogue.AREAS["errors"][language]
    return [{**each, "message": _sentence(each, language)} if each.get("rule") in known else each for each in failures]


def _sentence(failure: Json, language: catalogue.Language) -> str:
    values = {name: str(value) for name, value in failure.items() if name not in ("id", "path", "rule")}
    return catalogue.text("errors", failure["rule"], language, **values)

"""Who sees a job: whoever started it, and whoever sees the records that it is about; administrators see all.

A job about a module of which somebody sees a part only is not his to look into, whosever records were meant: what it
lists, and how many, are not of what he sees. Of a send the campaign decides, of a person that person. The jobs of
segments are the company's, as segments are.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from gotero.domain.errors import NotFoundError
from gotero.domain.job import Job
from gotero.domain.record import Ref
from gotero.domain.visibility import Sight
from gotero.ports import Jobs, Records


def find_job(jobs: Jobs, records: Records, sight: Sight, user_id: str, job_id: str) -> Job:
    """NotFoundError for one that this user does not see, as for none."""
    job = jobs.get(job_id)
    if job is None or not sees_job(records, sight, user_id, job):
        raise NotFoundError(f"job {job_id}")
    return job


def sees_job(records: Records, sight: Sight, user_id: str, job: Job) -> bool:
    """`records` without the hidden ones."""
    if sight.everything or job.created_by == user_id:
        return True
    about = _about(job)
    if about is not None:
        return about.module not in sight.owners or records.get(about) is not None
    return all(sight.condition(module) is None for module in _modules(job))


def _about(job: Job) -> Ref | None:
    """The one record that it is about."""
    if job.params.get("person"):
        return Ref.parse(job.params["person"])
    return Ref("campaigns", job.params["campaign"]) if job.params.get("campaign") else None


def _modules(job: Job) -> set[str]:
    """Those whose records it names or counts."""
    named = {Ref.parse(item).module for item in job.params.get("items") or ()}
    chosen = (job.params.get("chosen") or {}).get("module")
    return {str(module) for module in (job.params.get("module"), chosen, *named) if module}


class SeenJobs:
    """`Jobs` for whoever asks what still needs a thing: one that he does not see needs it too, and has no name."""

    def __init__(self, inner: Jobs, sees: Callable[[Job], bool]) -> None:
        self._inner, self._sees = inner, sees

    def page(self, limit: int, after: str | None, campaign: str | None = None) -> tuple[list[Job], str | None]:
        found, following = self._inner.page(limit, after, campaign)
        nameless = (replace(job, params={**job.params, "name": ""}) for job in found)
        shown = [job if self._sees(job) else hidden for job, hidden in zip(found, nameless, strict=True)]
        return shown, following

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

"""Where a thing is used: asked before it is changed or deleted, and told to whoever is refused."""

from collections.abc import Iterator

from gotero.domain import modules
from gotero.domain.errors import InUseError, NotFoundError, TransientError, Use
from gotero.domain.job import DONE, Job
from gotero.domain.uses import REFERRERS, TARGETS_ASKED, name_of, referred, referred_by_job, required_by
from gotero.ports import Definitions, Jobs, Json, Lists

#: As many jobs are asked, the newest first, some at a time: a send may have been ordered months before its day.
MOST_JOBS, _PAGE = 2000, 100
#: Kinds whose things have records of their own.
OWNERS = ("users", "groups")


def uses_of(definitions: Definitions, kind: str, id: str, jobs: Jobs | None = None) -> list[Use]:
    """Every definition that names it, and of `jobs` those that are not over. NotFoundError for an unknown kind."""
    if kind not in TARGETS_ASKED:
        raise NotFoundError(kind)
    uses = [
        Use(user, d.id, name_of(d.data))
        for user in REFERRERS
        for d in definitions.all(user)
        if (kind, id) in referred(user, d.data)
    ]
    needing = (job for job in unfinished(jobs) if (kind, id) in referred_by_job(job.params)) if jobs else ()
    return uses + [Use("jobs", job.id, str(job.params.get("name") or "")) for job in needing]


def unfinished(jobs: Jobs) -> Iterator[Job]:
    """Those that are not over, the newest first."""
    after: str | None = None
    for _ in range(MOST_JOBS // _PAGE):
        page, after = jobs.page(_PAGE, after)
        yield from (job for job in page if job.state not in DONE)
        if after is None:
            return


def owned_by(lake: Lists, owner: str) -> Json:
    """How many records of each module a user or group has, where there are any, as the lists would count them."""
    condition = {"all": [{"field": "owner", "op": "is", "value": owner}]}
    counts = {id: lake.count(id, condition) for id, m in modules.MODULES.items() if "edit" in m.capabilities}
    return {
        "records": [{"module": id, "count": found.count} for id, found in counts.items() if found.count],
        # What all of them hold for: the oldest of the instants that they were counted at.
        "as_of": min((found.as_of for found in counts.values() if found.as_of), default=""),
        "exact": all(found.exact for found in counts.values()),
    }


def refuse_in_use(definitions: Definitions, kind: str, id: str, jobs: Jobs | None = None) -> None:
    """InUseError naming everything that uses it."""
    uses = uses_of(definitions, kind, id, jobs)
    if uses:
        raise InUseError(*uses)


def refuse_owner_in_use(definitions: Definitions, lake: Lists, kind: str, id: str) -> None:
    """InUseError naming everything that uses a user or a group, and how many records are theirs.

    TransientError where the lake counts none and may not know of the last changes.
    """
    uses, owned = uses_of(definitions, kind, id), owned_by(lake, id)
    if uses or owned["records"]:
        raise InUseError(*uses, owned={one["module"]: one["count"] for one in owned["records"]})
    if not owned["exact"]:
        raise TransientError("whose records are is not known yet")


def refuse_missing(definitions: Definitions, module: str, field: str) -> None:
    """InUseError naming whatever makes records of the module without this field: it could make none any more."""
    without = [
        Use(kind, d.id, name_of(d.data))
        for kind in ("forms", "workflows")
        for d in definitions.all(kind)
        if any(made == module and field not in given for made, given in required_by(kind, d.data))
    ]
    if without:
        raise InUseError(*without)

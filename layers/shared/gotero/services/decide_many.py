"""A person decides about many mails of which nobody knows whether they left: those named, or all that a filter finds.

The same as one by one (decide_message.py), as a job. Nothing is taken back: a mail that was sent again has gone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gotero.domain import instant
from gotero.domain.errors import ConflictError, NotFoundError
from gotero.domain.job import Job
from gotero.domain.mass_edit import Chosen
from gotero.domain.message import Message, MessageKey, State
from gotero.ports import Json, Lake
from gotero.services.change_message import Ledger
from gotero.services.decide_message import OPEN, accept_as_sent, send_again
from gotero.services.mass_change import AT_ONCE, SHOWN
from gotero.services.plan_message import MailPlanner
from gotero.services.work_job import JobKind, JobLine, Step, done_at_once, start_job

DECIDE = "decide"
Decision = Literal["accept", "send_again"]
#: Mails of one step: each is a few calls.
EACH = 50
#: What the lake is asked for.
IN_DOUBT: Json = {"any": [{"field": "status", "op": "is", "value": str(state)} for state in sorted(OPEN)]}
#: What a mail is once it was decided so.
_DECIDED: dict[Decision, tuple[State, str]] = {
    "accept": (State.ACCEPTED, "decided"),
    "send_again": (State.CANCELLED, "sent_again"),
}


@dataclass(frozen=True, slots=True)
class Deciding:
    """What deciding many needs."""

    ledger: Ledger
    planner: MailPlanner
    lake: Lake
    line: JobLine


def count_in_doubt(deciding: Deciding, chosen: Chosen) -> Json:
    """Of how many there is something to decide: what is shown before it is done."""
    if chosen.ids is not None:
        found = deciding.ledger.messages.get_many(_keys(chosen.ids))
        return {"count": sum(message.state in OPEN for message in found.values()), "as_of": None, "exact": True}
    many = deciding.lake.count("messages", _asked(chosen), sample=0)
    return {"count": many.count, "as_of": many.as_of, "exact": many.exact}


def start_deciding(
    deciding: Deciding, chosen: Chosen, decision: Decision, *, user_id: str, name: str, key: str | None
) -> Job:
    """The job that decides about them; a small one is done when this answers."""
    count = count_in_doubt(deciding, chosen)["count"]
    params: Json = {"chosen": chosen.to_json(), "decision": decision}
    small = count <= AT_ONCE
    job = start_job(deciding.line, DECIDE, params, name=name, user_id=user_id, total=count, key=key, at_once=small)
    return done_at_once(deciding.line, decide_kinds(deciding), job) if small else job


def decide_kinds(deciding: Deciding) -> dict[str, JobKind]:
    return {DECIDE: lambda job: _step(deciding, job)}


def _step(deciding: Deciding, job: Job) -> Step:
    ids, position = _next(deciding, job)
    became = {id: _decided(deciding, job, id) for id in ids}
    counts = list(became.values())
    before = job.outcome
    errors = [{"id": id, "number": "", "path": "id", "rule": "gone"} for id, what in became.items() if what == "failed"]
    outcome: Json = {what: before.get(what, 0) + counts.count(what) for what in ("changed", "unchanged", "failed")}
    return Step(position, len(ids), {**outcome, "errors": [*before.get("errors", ()), *errors][:SHOWN]})


def _decided(deciding: Deciding, job: Job, id: str) -> Literal["changed", "unchanged", "failed"]:
    """Twice is once: what an attempt before has decided counts as decided by this one."""
    decision: Decision = job.params["decision"]
    message = _stored(deciding, id)
    if message is None:
        return "failed"
    if message.state in OPEN and not _meant(job, message):
        return "unchanged"
    try:
        if decision == "accept":
            accept_as_sent(deciding.ledger, id, instant.write(deciding.planner.clock.now()))
        else:
            send_again(deciding.ledger, deciding.planner, id, job.created_by)
    except NotFoundError:
        return "failed"
    except ConflictError:
        ours = (message.state, message.reason) == _DECIDED[decision] and message.updated_at >= job.created_at
        return "changed" if ours else "unchanged"
    return "changed"


def _meant(job: Job, message: Message) -> bool:
    """Whoever decides about all that a filter finds does not mean what is in doubt since then."""
    return job.params["chosen"]["ids"] is not None or message.updated_at <= job.created_at


def _stored(deciding: Deciding, id: str) -> Message | None:
    keys = _keys([id])
    return deciding.ledger.messages.get(keys[0]) if keys else None


def _keys(ids: Sequence[str]) -> list[MessageKey]:
    keys = []
    for id in dict.fromkeys(ids):
        try:
            keys.append(MessageKey.parse(id))
        except ValueError:
            continue
    return keys


def _asked(chosen: Chosen) -> Json:
    return {"all": [chosen.condition, IN_DOUBT]} if chosen.condition else IN_DOUBT


def _next(deciding: Deciding, job: Job) -> tuple[list[str], Json | None]:
    chosen, position = Chosen.from_json(job.params["chosen"]), job.position or {}
    if chosen.ids is not None:
        at = position.get("at", 0)
        ids = list(dict.fromkeys(chosen.ids))
        return ids[at : at + EACH], {"at": at + EACH} if at + EACH < len(ids) else None
    # By creation, which no decision moves: what is decided on the way shifts nothing.
    page = deciding.lake.page(
        "messages",
        condition=_asked(chosen),
        sort=[("created_at", False)],
        limit=EACH,
        after=position.get("after"),
    )
    return [item["id"] for item in page.items], {"after": page.after} if page.after is not None else None

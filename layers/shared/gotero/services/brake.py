"""The brake: what comes back of a job or of the account is too bad, and campaigns stop until a person lets go of it.

Counted from events, a batch at a time: a share of what has an end, so that numerator and denominator trail alike. A
count that a crash loses is lost; a rate does not need it.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from gotero.domain import instant
from gotero.domain.deliverability import WINDOW_HOURS, AccountBrake, Brake, Tally
from gotero.domain.errors import ConflictError, FieldError, InvalidError
from gotero.domain.job import CAMPAIGN_SEND, Job
from gotero.ports import Alarms, Brakes, Clock, Definitions, Jobs, Tallies
from gotero.services.count_soft_bounces import read_policy
from gotero.services.record_event import Recorded

_HOUR = len("2026-11-21T09")
#: The one window of a job.
_ALL = "all"


@dataclass(frozen=True, slots=True)
class BrakeDesk:
    """What counting and stopping needs."""

    tallies: Tallies
    brakes: Brakes
    jobs: Jobs
    definitions: Definitions
    alarms: Alarms
    clock: Clock


def tally_batch(desk: BrakeDesk, batch: Iterable[Recorded]) -> None:
    """Count what these events brought, and stop what is too bad."""
    account, jobs = Tally(), dict[str, Tally]()
    for recorded in batch:
        tally = brought(recorded)
        account += tally
        if tally != Tally() and recorded.after.mailing.job:
            jobs[recorded.after.mailing.job] = jobs.get(recorded.after.mailing.job, Tally()) + tally
    if account == Tally():
        return
    for job_id, tally in jobs.items():
        total = desk.tallies.add(_job_key(job_id), _ALL, tally)
        brake = read_policy(desk.definitions).exceeded(total) if _is_bad(tally) else None
        if brake and stop_job(desk.jobs, desk.clock, job_id, brake):
            desk.alarms.tell(f"Gotero: envío detenido / send stopped ({brake})", f"job {job_id}: {total.to_json()}")
    _tally_account(desk, account)


def brought(recorded: Recorded) -> Tally:
    """What an event adds, the first time that it does."""
    before, after = recorded.before.feedback, recorded.after.feedback
    return Tally(
        delivered=int(after.delivered and not before.delivered),
        bounced=int(after.bounce_type == "hard" and before.bounce_type != "hard"),
        complained=int(after.spam and not before.spam),
    )


def account_windows(desk: BrakeDesk, brake: AccountBrake) -> dict[str, Tally]:
    """What came back hour by hour, as far as it counts for the brake."""
    since = instant.write(desk.clock.now() - timedelta(hours=WINDOW_HOURS))[:_HOUR]
    return desk.tallies.windows(_account_key(brake), since)


def stop_job(jobs: Jobs, clock: Clock, job_id: str, brake: str) -> bool:
    """Pause the campaign and say why. Whether this call did; one that a person has just stopped stays as it is."""
    job = jobs.get(job_id)
    if job is None or job.kind != CAMPAIGN_SEND or job.state != "running":
        return False
    # A conflict: somebody has just controlled it. The next bad event looks again.
    with suppress(ConflictError):
        jobs.control(job.controlled("pause", instant.write(clock.now()), stopped=brake))
        return True
    return False


def let_go_of_account(desk: BrakeDesk, user_id: str, note: str) -> AccountBrake:
    """A person has looked into it: the account counts anew. Campaigns that were stopped are resumed one by one."""
    if not note.strip():
        raise InvalidError(FieldError("note", "required"))
    brake = desk.brakes.get()
    if not brake.brake:
        raise ConflictError("the brake is off", "brake_off")
    after = brake.let_go(user_id, note.strip(), instant.write(desk.clock.now()))
    desk.brakes.put(after)
    return after


def before_going_on(desk: BrakeDesk, job: Job) -> None:
    """A job is about to be started or resumed: its own figures begin anew; ConflictError under the account's brake."""
    if job.kind != CAMPAIGN_SEND:
        return
    if desk.brakes.get().brake:
        raise ConflictError("the brake of the account is on", "brake_on")
    if job.stopped in ("bounces", "complaints"):
        desk.tallies.forget(_job_key(job.id), _ALL)


def _tally_account(desk: BrakeDesk, tally: Tally) -> None:
    brake = desk.brakes.get()
    now = desk.clock.now()
    desk.tallies.add(_account_key(brake), instant.write(now)[:_HOUR], tally)
    if brake.brake or not _is_bad(tally):
        return
    total = sum(account_windows(desk, brake).values(), Tally())
    reason: Brake | None = read_policy(desk.definitions).exceeded(total)
    if reason is None:
        return
    # A conflict: another batch has put it on, or somebody has just let go of it.
    with suppress(ConflictError):
        desk.brakes.put(brake.put_on(reason, total, instant.write(now)))
        desk.alarms.tell(f"Gotero: freno de la cuenta / account brake ({reason})", str(total.to_json()))


def _is_bad(tally: Tally) -> bool:
    return tally.bounced > 0 or tally.complained > 0


def _account_key(brake: AccountBrake) -> str:
    return f"account#{brake.round}"


def _job_key(job_id: str) -> str:
    return f"job#{job_id}"

"""Send one chunk of a job: claim it, put slices of it at risk, hand them over, count the outcomes with the job's.

A recipient is at risk from before its mail is handed over until its outcome is written. Whoever takes over from a dead
owner knows by that: those at risk and without an outcome are uncertain, all others were never sent.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from gotero.domain import instant
from gotero.domain.errors import ConflictError, TransientError
from gotero.domain.handover import Postponed, try_again_at
from gotero.domain.job import AT_WORK, Chunk, JobState
from gotero.domain.message import OPEN_OUTCOMES, Message, MessageKey, Outcome, State
from gotero.ports import RemainingTime
from gotero.services.brake import stop_job
from gotero.services.change_message import raise_message
from gotero.services.compose_mail import Composed, Materials, gather
from gotero.services.freeze_audience import chunk_body, due_chunk
from gotero.services.hand_over import (
    MARGIN_SECONDS,
    PATIENCE_SECONDS,
    PAUSE_SECONDS,
    Ended,
    SendLine,
    Unwritten,
    hand_over_slice,
    insist,
    make_all_ready,
)
from gotero.services.park_job import PARKED, park_job
from gotero.services.settle_message import abandoned, mark_uncertain

_ATTEMPTS = 10


def send_chunk(line: SendLine, job_id: str, number: int, remaining: RemainingTime) -> None:
    """Bring every message of the chunk to an outcome, or leave it so that the next attempt goes on from there."""
    chunk = _take(line, job_id, number)
    if chunk is None:
        return
    if number == 0:
        line.began(job_id)
    messages = _messages(line, chunk)
    _settle_risk(line, chunk, messages)
    held = _Held(chunk)
    stop = _send_rest(line, held, messages, remaining)
    if stop is None:
        # What was skipped when its audience was frozen has been written once, and had no address to pass on.
        refused = [message for message in messages if message.state is State.SKIPPED and message.version > 1]
        if refused:
            line.refused(job_id, refused)
        _finish(line, held.chunk, messages)
        return
    if stop.later:
        # Before the chunk: a hint to nothing is harmless.
        line.due.put(instant.read(stop.later["not_before"]), due_chunk(chunk), chunk_body(chunk))
    insist(line, lambda: held.write(line, owner="", claimed_at="", at_risk=stop.at_risk, **stop.later))
    if stop.again_after is not None:
        line.queue.put([{"job": job_id, "chunk": number}], delay_seconds=stop.again_after)


@dataclass(frozen=True, slots=True)
class _Stop:
    """Why the chunk is given back: when to go on (None: when the job or a due item does), and who is still at risk."""

    again_after: int | None
    at_risk: tuple[int, ...] = ()
    #: What the chunk keeps of mails that were deferred.
    later: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Held:
    """Our chunk as it was written last: each write is conditional on that, not on its owner alone.

    A chunk that was given back has the owner that it had before, none: whoever had read it then must not undo what is
    at risk since. And whoever takes over from an owner that is late must know of all that it put at risk meanwhile.
    """

    chunk: Chunk

    def write(self, line: SendLine, *, owner: str, claimed_at: str, at_risk: tuple[int, ...], **later: str) -> bool:
        after = replace(self.chunk, owner=owner, claimed_at=claimed_at, at_risk=at_risk, **later)  # type: ignore[arg-type]  # of _later alone
        if not line.ledger.jobs.claim_chunk(after, self.chunk):
            return False
        self.chunk = after
        return True


def _take(line: SendLine, job_id: str, number: int) -> Chunk | None:
    """The chunk as ours; None when it is done, its job does not run, or its owner is alive."""
    job, chunk = line.ledger.jobs.get(job_id), line.ledger.jobs.chunk(job_id, number)
    if job is None or chunk is None or chunk.done or job.state not in AT_WORK:
        return None
    now = line.clock.now()
    if job.is_parked(instant.write(now)):
        return None  # the job's due item brings it back
    if chunk.not_before > instant.write(now) and job.state != "cancelling":
        return None  # its due item brings it back
    if chunk.owner and not abandoned(chunk.claimed_at, now):
        return None
    mine = replace(chunk, owner=line.ids.new(), claimed_at=instant.write(now))
    return mine if line.ledger.jobs.claim_chunk(mine, chunk) else None


def _messages(line: SendLine, chunk: Chunk) -> list[Message]:
    """The messages of the chunk, in its order."""
    keys = [MessageKey(ref, "job", chunk.job) for ref in chunk.recipients]
    found = line.ledger.messages.get_many(keys)
    if len(found) < len(keys):
        raise TransientError("a chunk before its messages")
    return [found[key] for key in keys]


def _settle_risk(line: SendLine, chunk: Chunk, messages: list[Message]) -> None:
    """What was in the air under a dead owner, and has no outcome, is uncertain. `messages` follow."""
    for index in chunk.at_risk:
        if messages[index].state is State.PLANNED:
            settled = mark_uncertain(line.ledger, line.due, line.clock, messages[index], "interrupted")
            messages[index] = settled or messages[index]


def _send_rest(line: SendLine, held: _Held, messages: list[Message], remaining: RemainingTime) -> _Stop | None:
    """Send what is planned, slice by slice; `messages` follow. None when nothing is left."""
    chunk = held.chunk
    planned = [index for index, message in enumerate(messages) if message.state is State.PLANNED]
    order = line.ledger.jobs.get(chunk.job) if planned else None
    leave_out = order.params["audience"]["except"] if order else ()
    materials = gather(line.composer, [messages[index] for index in planned], leave_out)
    deferred: dict[int, str] = {}
    for start in range(0, len(planned), line.at_once):
        indexes = tuple(planned[start : start + line.at_once])
        state = _state(line, chunk.job)
        if state is None:
            return _Stop(None)
        if remaining() < MARGIN_SECONDS:
            return _Stop(0)
        if state == "cancelling":
            _cancel(line, messages, indexes)
            continue
        ready = _make_ready(line, materials, messages, indexes, remaining)
        if not ready:
            continue
        if stop := _wait_for_turn(line, len(ready), remaining):
            return stop
        if not held.write(line, owner=chunk.owner, claimed_at=instant.write(line.clock.now()), at_risk=tuple(ready)):
            raise TransientError("the chunk has another owner now")
        ended = hand_over_slice(line, remaining, list(ready.values()))
        for index, end in zip(ready, ended, strict=True):
            messages[index] = end if isinstance(end, Message) else messages[index]
            if isinstance(end, Postponed) and end.alone:
                deferred[index] = end.reason
        if stop := _stop(line, chunk.job, tuple(ready), ended):
            return stop
    return _later(line, held.chunk, messages, planned, deferred)


def _wait_for_turn(line: SendLine, mails: int, remaining: RemainingTime) -> _Stop | None:
    """None at the turn of so many mails; nobody of them is at risk yet."""
    wait = line.pace.turn(mails, PATIENCE_SECONDS)
    if wait > PATIENCE_SECONDS:
        return _Stop(ceil(wait))
    if wait:
        line.sleep(wait)
    return _Stop(0) if remaining() < MARGIN_SECONDS else None


def _state(line: SendLine, job_id: str) -> JobState | None:
    """The job's state as it is now; None when nothing more of it leaves."""
    job = line.ledger.jobs.get(job_id)
    if job is None or job.state not in AT_WORK:
        return None
    if job.state == "running" and line.brakes.get().brake:
        stop_job(line.ledger.jobs, line.clock, job.id, "account")
        return None
    return job.state


def _later(
    line: SendLine, chunk: Chunk, messages: list[Message], planned: Sequence[int], deferred: Mapping[int, str]
) -> _Stop | None:
    """When to ask the servers again that let these mails wait; None when they have waited enough, and failed."""
    if any(messages[index].state is State.PLANNED and index not in deferred for index in planned):
        return _Stop(0)  # the time ran out while they were made ready
    if not deferred:
        return None
    now = line.clock.now()
    since = instant.read(chunk.deferred_since) if chunk.deferred_since else now
    again = try_again_at(since, now)
    if again is None:
        for index, reason in deferred.items():
            failed = raise_message(line.ledger, messages[index], State.FAILED, instant.write(now), reason)
            messages[index] = failed or messages[index]
        return None
    return _Stop(None, later={"not_before": instant.write(again), "deferred_since": instant.write(since)})


def _make_ready(
    line: SendLine, materials: Materials, messages: list[Message], indexes: Sequence[int], remaining: RemainingTime
) -> dict[int, Composed]:
    """The mails of a slice by index; messages that end here instead have their outcome."""
    ready = {}
    made = make_all_ready(line, materials, [messages[index] for index in indexes], remaining)
    for index, composed in zip(indexes, made, strict=True):
        if isinstance(composed, Composed):
            ready[index] = composed
        elif composed:
            messages[index] = composed
    return ready


def _stop(line: SendLine, job_id: str, indexes: Sequence[int], ended: Sequence[Ended]) -> _Stop | None:
    """Whether the slice ended so that the chunk must be given back, and with whom at risk."""
    unwritten = tuple(index for index, end in zip(indexes, ended, strict=True) if isinstance(end, Unwritten))
    reasons = {end.reason for end in ended if isinstance(end, Postponed) and not end.alone}
    if "throttled" in reasons:
        line.pace.slow()
    for reason in sorted(reasons & PARKED.keys()):
        park_job(line.ledger.jobs, line.due, line.clock, job_id, reason)
        return _Stop(None, unwritten)
    pauses = [PAUSE_SECONDS.get(reason, 60) for reason in reasons]
    return _Stop(max(pauses, default=1), unwritten) if unwritten or pauses else None


def _cancel(line: SendLine, messages: list[Message], indexes: Sequence[int]) -> None:
    at = instant.write(line.clock.now())
    for index in indexes:
        cancelled = raise_message(line.ledger, messages[index], State.CANCELLED, at, "job_cancelled")
        messages[index] = cancelled or messages[index]


def _finish(line: SendLine, chunk: Chunk, messages: list[Message]) -> None:
    """Count every message under its outcome, in one transaction with the job's counts.

    What we know of them is enough: an outcome that can still change is written over the version that we know.
    """
    for _ in range(_ATTEMPTS):
        counts: Counter[Outcome] = Counter(message.outcome for message in messages)
        skips = Counter(message.reason for message in messages if message.state is State.SKIPPED)
        if counts["pending"]:
            raise TransientError("a chunk with messages that have no outcome")
        open_ones = [
            replace(message, counted=True, version=message.version + 1)
            for message in messages
            if message.outcome in OPEN_OUTCOMES
        ]
        try:
            line.ledger.jobs.finish_chunk(replace(chunk, done=True, at_risk=()), counts, skips, open_ones)
        except ConflictError:
            stored = line.ledger.jobs.chunk(chunk.job, chunk.number)
            if stored is None or stored.done or stored.owner != chunk.owner:
                return
            messages = _messages(line, chunk)
            continue
        return
    raise TransientError("a chunk whose messages keep changing")

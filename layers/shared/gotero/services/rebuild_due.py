"""Rebuild the due index from the tables: a job in steps that puts back everything that waits for its instant.

An entry is a hint, and what it names is read again when it fires. So nothing is deleted and nobody waits: what has its
entry gets the same one again, and one too many (the thing was done meanwhile) is looked at for nothing. What was due
while the index was gone fires at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gotero.domain import instant
from gotero.domain.assignment import Assignment
from gotero.domain.job import CAMPAIGN_SEND, DONE, Chunk, Job
from gotero.domain.membership import Standing
from gotero.domain.message import Message, State
from gotero.domain.record import Record
from gotero.domain.suppression import Suppression
from gotero.ports import Clock, Definitions, Due, DueIndex, Jobs, Timeline, TimelineEntry, Truth
from gotero.ports.rebuild import Item, Table
from gotero.services import assign, check_job, fill_segment, plan_message, work_job
from gotero.services.autosync_rules import SEGMENTS
from gotero.services.bin_record import KEPT, PURGE
from gotero.services.edit_suppressions import mirror_steps
from gotero.services.erase_person import AGAIN, AGAIN_AFTER, ERASE, again_id
from gotero.services.evaluate_record import FLIP
from gotero.services.freeze_audience import chunk_body, due_chunk
from gotero.services.read_tables import at_end, beginning, read_some
from gotero.services.run_workflows import LOG_DAYS, waiting_tasks
from gotero.services.settle_message import HOLD_AFTER
from gotero.services.work_job import JobKind, JobLine, Step, start_job

KIND = "due_rebuild"
TABLES: tuple[Table, ...] = ("records", "memberships", "messages", "timeline", "assignments", "jobs")
#: What the provider is told of an address is told again so long after: its own list takes one a second.
_MIRRORED_WITHIN = timedelta(days=7)
#: So long after its end a filling gets its last round again, whether it has had it or not.
_JUST_FILLED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueRebuilder:
    truth: Truth
    due_index: DueIndex
    timeline: Timeline
    jobs: Jobs
    definitions: Definitions
    clock: Clock


def start_due_rebuild(line: JobLine, user_id: str) -> Job:
    return start_job(line, KIND, {}, name="", user_id=user_id)


def due_kinds(rebuilder: DueRebuilder) -> dict[str, JobKind]:
    return {KIND: lambda job: _step(rebuilder, job)}


def _step(rebuilder: DueRebuilder, job: Job) -> Step:
    items, position = read_some(rebuilder.truth, TABLES, job.position or beginning())
    now, mirrored = rebuilder.clock.now(), int(job.outcome.get("addresses", 0))
    recent = [item.address_key for item in items if isinstance(item, Suppression) and _is_recent(item, now)]
    found = [due for item in items for due in _waits(rebuilder, item, now)]
    found += _tasks(rebuilder, [item for item in items if isinstance(item, TimelineEntry)], now)
    found += mirror_steps(recent, now + timedelta(seconds=mirrored))
    rebuilder.due_index.put_many(list({(due.at, due.thing): due for due in found}.values()))
    outcome = {"entries": job.outcome.get("entries", 0) + len(found), "addresses": mirrored + len(recent)}
    return Step(None if at_end(position, TABLES) else position, len(items), outcome)


def _waits(rebuilder: DueRebuilder, item: Item, now: datetime) -> Iterator[Due]:
    """What an item waits for, by itself."""
    match item:
        case Record() if item.deleted_at and item.values:
            yield Due(instant.read(item.deleted_at) + KEPT, f"{PURGE}#{item.ref}")
        case Standing() if item.flip_at:
            yield Due(instant.read(item.flip_at), f"{FLIP}#{item.ref}")
        case Message():
            yield from _of_message(item)
        case Assignment() if item.state == "pending" and item.due_at:
            yield Due(instant.read(item.due_at), assign.due_thing(item.key), item.key.to_json())
        case Chunk() if item.not_before and not item.done:
            yield Due(instant.read(item.not_before), due_chunk(item), chunk_body(item))
        case Job():
            yield from _of_job(rebuilder, item, now)


def _of_message(message: Message) -> Iterator[Due]:
    """At the instants that planning and losing sight of it would have said."""
    thing = plan_message.due_thing(message.key)
    if message.state is State.UNCERTAIN:
        yield Due(instant.read(message.updated_at) + HOLD_AFTER, thing)
    elif message.state is State.PLANNED and not message.mailing.job:
        yield Due(instant.read(message.created_at) + plan_message.LOOK_AGAIN, thing)


def _of_job(rebuilder: DueRebuilder, job: Job, now: datetime) -> Iterator[Due]:
    """Of one that has not ended, the next look; of some, what they leave to be done after their end."""
    look = instant.on_grid(now, check_job.STALLED_AFTER)
    fill, waits = fill_segment.thing_of(job.id), job.state not in DONE
    if job.kind == CAMPAIGN_SEND and waits:
        begins = instant.read(job.start_at) if job.state == "scheduled" and job.start_at else look
        yield Due(max(begins, now), check_job.due_thing(job.id))
    elif job.kind in (fill_segment.FILL, fill_segment.LOAD):
        if waits:
            yield Due(look, fill, {"look": True})
        elif job.kind == fill_segment.FILL and job.state == "finished":
            yield from _last_round(rebuilder, job, now)
    elif waits:
        yield Due(look, work_job.due_thing(job.id))
    if job.kind == ERASE and "first" not in job.params and rebuilder.jobs.get(again_id(job)) is None:
        yield Due(instant.read(job.created_at) + AGAIN_AFTER, f"{AGAIN}#{job.id}")


def _last_round(rebuilder: DueRebuilder, job: Job, now: datetime) -> Iterator[Due]:
    """Of a filling that has just ended, or whose retired sources somebody may still have."""
    definition = rebuilder.definitions.get(SEGMENTS, job.params["segment"])
    retired = (definition.data.get("retired") or ()) if definition else ()
    ended, mine = instant.read(job.finished_at), sorted(set(retired).intersection(job.params["retired"]))
    if mine or now - ended < _JUST_FILLED:
        yield fill_segment.last_round(job, ended, mine)


def _tasks(rebuilder: DueRebuilder, entries: Sequence[TimelineEntry], now: datetime) -> list[Due]:
    """Delayed tasks. Of one whose instant is over the timeline says whether it was done, as long as it says so."""
    forgotten = now - timedelta(days=LOG_DAYS)
    every = [(entry.ref, due, told) for entry in entries for due, told in waiting_tasks(entry)]
    waiting = [(ref, due, told) for ref, due, told in every if due.at > forgotten]
    past = {(ref, instant.write(due.at), told) for ref, due, told in waiting if due.at <= now}
    done = rebuilder.timeline.told(past)
    return [due for ref, due, told in waiting if (ref, instant.write(due.at), told) not in done]


def _is_recent(suppression: Suppression, now: datetime) -> bool:
    return now - instant.read(suppression.at) < _MIRRORED_WITHIN

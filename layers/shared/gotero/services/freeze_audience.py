"""Freeze the audience of a job: chunk by chunk, first who it is, then their messages. Resumes where it stopped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from gotero.domain import instant
from gotero.domain.audience import Audience
from gotero.domain.eligibility import mail_address, refusal
from gotero.domain.errors import ConflictError
from gotero.domain.job import AT_WORK, Chunk, Job, chunk_size
from gotero.domain.message import MODULE, Mailing, Message, MessageKey, notice
from gotero.domain.modules import module
from gotero.domain.record import Cause, Record, Ref
from gotero.domain.send_time import SendTime
from gotero.ports import Clock, DueIndex, Jobs, Json, Lake, Messages, Numbers, Records, RemainingTime, Suppressions
from gotero.services.plan_message import account_of, new_message

#: Slices of one call, at most ten thousand recipients; the time left is what ends most calls.
SLICES_PER_CALL = 200
MARGIN_SECONDS = 10.0
#: How long a send waits for a lake that trails.
LAKE_PATIENCE = timedelta(seconds=60)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class AudienceFreezer:
    """What freezing needs."""

    jobs: Jobs
    messages: Messages
    records: Records
    suppressions: Suppressions
    numbers: Numbers
    lake: Lake
    clock: Clock
    due: DueIndex


def freeze_audience(freezer: AudienceFreezer, job_id: str, remaining: RemainingTime) -> bool:
    """Take in some more of the audience; whether all of it is in.

    What fails after some of it is in is no failure: a state is tried a few times only, and a long audience meets more
    of what passes than those outlast. What does not pass fails the next call at its beginning.
    """
    job = freezer.jobs.get(job_id)
    if job is None or job.state not in AT_WORK:
        return True
    progress: list[int] = []
    try:
        return _take_in(freezer, job, remaining, progress)
    except Exception:
        if progress:
            return False
        raise


def _take_in(freezer: AudienceFreezer, job: Job, remaining: RemainingTime, progress: list[int]) -> bool:
    for number in range(job.prepared, job.chunks):
        job = _prepare(freezer, job, number)
        progress.append(number)
    if job.frozen or job.state == "cancelling":
        return True
    audience = Audience.from_json(job.params["audience"])
    spread = _spread(freezer, job, audience)
    for taken, recipients in enumerate(_slices(freezer.lake, audience, job)):
        if taken == SLICES_PER_CALL or remaining() < MARGIN_SECONDS:
            return False
        chunks = _chunks(freezer, job, recipients, spread)
        for chunk in chunks:
            if chunk.not_before:
                # Before the chunk: a hint to nothing is harmless.
                freezer.due.put(instant.read(chunk.not_before), due_chunk(chunk), chunk_body(chunk))
        try:
            freezer.jobs.add_chunks(job, chunks, recipients[-1])
        except ConflictError:
            # Another freezer was faster, or a lost answer of our own: either way the next call sees it.
            return False
        total = job.total + len(recipients)
        job = replace(job, chunks=job.chunks + len(chunks), total=total, cursor=recipients[-1])
        for chunk in chunks:
            job = _prepare(freezer, job, chunk.number)
            progress.append(chunk.number)
    freezer.jobs.note(job.id, frozen=True)
    return True


def lake_is_behind(freezer: AudienceFreezer, job_id: str) -> bool:
    """Whether to wait before the first of the audience is taken in: the lake knows that it trails behind.

    Not for ever: who is left out then was put on the list during the last minute.
    """
    job = freezer.jobs.get(job_id)
    if job is None or job.state not in AT_WORK or job.frozen or job.chunks:
        return False
    waited = freezer.clock.now() - instant.read(job.started_at or job.created_at)
    return waited < LAKE_PATIENCE and not freezer.lake.caught_up()


def due_chunk(chunk: Chunk) -> str:
    return f"chunk#{chunk.job}#{chunk.number}"


def chunk_body(chunk: Chunk) -> Json:
    """What the senders are told."""
    return {"job": chunk.job, "chunk": chunk.number}


def _spread(freezer: AudienceFreezer, job: Job, audience: Audience) -> SendTime:
    size = freezer.lake.audience_size(audience) if job.params.get("window_minutes") else 0
    return SendTime.of(job.params, instant.read(job.started_at or job.created_at), size)


def _slices(lake: Lake, audience: Audience, job: Job) -> Iterator[list[Ref]]:
    """What is left of the audience, in slices that one transaction takes in."""
    taken = job.total
    slice_: list[Ref] = []
    for page in lake.audience(audience, _PAGE, job.cursor):
        for ref in page:
            slice_.append(ref)
            if len(slice_) == chunk_size(taken):
                yield slice_
                taken += len(slice_)
                slice_ = []
    if slice_:
        yield slice_


def _chunks(freezer: AudienceFreezer, job: Job, refs: Sequence[Ref], spread: SendTime) -> list[Chunk]:
    """The slice as a chunk, or as one for each instant at which some of it are due."""
    if spread.immediate:
        return [Chunk(job.id, job.chunks, tuple(refs))]
    records = freezer.records.get_many(refs) if spread.local else {}
    zones = [records[ref].values.get("time_zone") if ref in records else None for ref in refs]
    groups = spread.groups(zones, job.total, freezer.clock.now())
    return [
        Chunk(job.id, job.chunks + n, tuple(refs[index] for index in groups[at]), not_before=at)
        for n, at in enumerate(sorted(groups))
    ]


def _prepare(freezer: AudienceFreezer, job: Job, number: int) -> Job:
    """Write the messages of a chunk that has been taken in. Done twice, it finds them there."""
    chunk = freezer.jobs.chunk(job.id, number)
    if chunk is not None:
        freezer.messages.create_many(_messages(freezer, job, chunk.recipients))
    freezer.jobs.note(job.id, prepared=number + 1)
    return replace(job, prepared=number + 1)


def _messages(freezer: AudienceFreezer, job: Job, refs: Sequence[Ref]) -> list[tuple[Message, Json]]:
    audience = Audience.from_json(job.params["audience"])
    records = freezer.records.get_many(refs)
    addresses = {ref: mail_address(r.values, audience.email_field(ref.module)) for ref, r in records.items()}
    suppressed = freezer.suppressions.get_many({to.key for to in addresses.values() if to})
    earlier = _earlier(freezer, audience, refs)
    numbers = freezer.numbers.draw(MODULE, len(refs), module(MODULE).numbering)
    cause = Cause("campaign", job.params["campaign"], part=job.id)
    now = freezer.clock.now()
    made = []
    for ref, number in zip(refs, numbers, strict=True):
        record, to, field = records.get(ref), addresses.get(ref), audience.email_field(ref.module)
        key = MessageKey(ref, "job", job.id)
        reason = earlier.get(ref, "") or _refusal(job, record, field, suppressed=bool(to and to.key in suppressed))
        if not reason and to and freezer.jobs.claim_address(job.id, to.key, str(key)) != str(key):
            # Two records with one address are two message records and one mail.
            reason = "same_address"
        message = new_message(
            key,
            number,
            record.owner if record else job.created_by,
            _mailing(job, record, to.wire if to else "", field),
            cause,
            now,
            reason,
        )
        made.append((message, notice(message, str(message.state), cause)))
    return made


def _earlier(freezer: AudienceFreezer, audience: Audience, refs: Sequence[Ref]) -> dict[Ref, str]:
    """Whom the lake still took for somebody who has not opened the earlier mail, and why not."""
    if not audience.not_opened:
        return {}
    found = freezer.messages.get_many([MessageKey(ref, "job", audience.not_opened) for ref in refs])
    return {key.recipient: "opened" for key, message in found.items() if message.feedback.opened}


def _refusal(job: Job, record: Record | None, field: str, *, suppressed: bool) -> str:
    if record is None:
        return "deleted"
    return refusal(record, job.params["class"], suppressed=suppressed, field=field)


def _mailing(job: Job, record: Record | None, address: str, field: str) -> Mailing:
    return Mailing(
        template_id=job.params["template_id"],
        template_name=job.params["template"],
        message_class=job.params["class"],
        sender=job.params["sender"],
        address=address,
        campaign=job.params["campaign"],
        account=account_of(record) if record else None,
        job=job.id,
        email_field=field,
    )

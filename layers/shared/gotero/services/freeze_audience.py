"""Freeze the audience of a job: chunk by chunk, first who it is, then their messages. Resumes where it stopped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gotero.domain.eligibility import mail_address, refusal
from gotero.domain.errors import ConflictError
from gotero.domain.job import AT_WORK, Audience, Chunk, Job, chunk_size
from gotero.domain.message import MODULE, Mailing, Message, MessageKey, notice
from gotero.domain.modules import module
from gotero.domain.record import Cause, Record, Ref
from gotero.ports import Clock, Jobs, Json, Lake, Messages, Numbers, Records, RemainingTime, Suppressions
from gotero.services.plan_message import account_of, new_message

#: Chunks of one call, at most ten thousand recipients; the time left is what ends most calls.
CHUNKS_PER_CALL = 200
MARGIN_SECONDS = 10.0
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


def freeze_audience(freezer: AudienceFreezer, job_id: str, remaining: RemainingTime) -> bool:
    """Take in some more of the audience; whether all of it is in."""
    job = freezer.jobs.get(job_id)
    if job is None or job.state not in AT_WORK:
        return True
    for number in range(job.prepared, job.chunks):
        job = _prepare(freezer, job, number)
    if job.frozen or job.state == "cancelling":
        return True
    for taken, recipients in enumerate(_chunks(freezer.lake, job)):
        if taken == CHUNKS_PER_CALL or remaining() < MARGIN_SECONDS:
            return False
        chunk = Chunk(job.id, job.chunks, tuple(recipients))
        try:
            freezer.jobs.add_chunk(job, chunk)
        except ConflictError:
            # Another freezer was faster, or a lost answer of our own: either way the next call sees it.
            return False
        job = replace(job, chunks=job.chunks + 1, total=job.total + len(recipients), cursor=recipients[-1])
        job = _prepare(freezer, job, chunk.number)
    freezer.jobs.note(job.id, frozen=True)
    return True


def audience_after(lake: Lake, audience: Audience, cursor: Ref | None) -> Iterator[Ref]:
    """Everybody of the audience behind `cursor`, in the lake's order: by module and id."""
    for page in lake.audience(audience.segments, audience.except_segments, audience.everyone, _PAGE, after=cursor):
        yield from page


def _chunks(lake: Lake, job: Job) -> Iterator[list[Ref]]:
    taken = job.total
    chunk: list[Ref] = []
    for ref in audience_after(lake, Audience.from_json(job.params["audience"]), job.cursor):
        chunk.append(ref)
        if len(chunk) == chunk_size(taken):
            yield chunk
            taken += len(chunk)
            chunk = []
    if chunk:
        yield chunk


def _prepare(freezer: AudienceFreezer, job: Job, number: int) -> Job:
    """Write the messages of a chunk that has been taken in. Done twice, it finds them there."""
    chunk = freezer.jobs.chunk(job.id, number)
    if chunk is not None:
        freezer.messages.create_many(_messages(freezer, job, chunk.recipients))
    freezer.jobs.note(job.id, prepared=number + 1)
    return replace(job, prepared=number + 1)


def _messages(freezer: AudienceFreezer, job: Job, refs: Sequence[Ref]) -> list[tuple[Message, Json]]:
    records = freezer.records.get_many(refs)
    addresses = {ref: mail_address(record.values) for ref, record in records.items()}
    suppressed = freezer.suppressions.get_many({to.key for to in addresses.values() if to})
    numbers = freezer.numbers.draw(MODULE, len(refs), module(MODULE).numbering)
    cause = Cause("campaign", job.params["campaign"], part=job.id)
    now = freezer.clock.now()
    made = []
    for ref, number in zip(refs, numbers, strict=True):
        record, to = records.get(ref), addresses.get(ref)
        key = MessageKey(ref, "job", job.id)
        reason = _refusal(freezer, job, key, record, to.key if to else "", bool(to and to.key in suppressed))
        message = new_message(
            key,
            number,
            record.owner if record else job.created_by,
            _mailing(job, record, to.wire if to else ""),
            cause,
            now,
            reason,
        )
        made.append((message, notice(message, str(message.state), cause)))
    return made


def _refusal(
    freezer: AudienceFreezer, job: Job, key: MessageKey, record: Record | None, address_key: str, suppressed: bool
) -> str:
    if record is None:
        return "deleted"
    reason = refusal(record, job.params["class"], suppressed=suppressed)
    if reason:
        return reason
    # Two records with one address are two message records and one mail.
    first = freezer.jobs.claim_address(job.id, address_key, str(key))
    return "" if first == str(key) else "same_address"


def _mailing(job: Job, record: Record | None, address: str) -> Mailing:
    return Mailing(
        template_id=job.params["template_id"],
        template_name=job.params["template"],
        message_class=job.params["class"],
        sender=job.params["sender"],
        address=address,
        campaign=job.params["campaign"],
        account=account_of(record) if record else None,
        job=job.id,
    )

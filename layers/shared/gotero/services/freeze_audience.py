"""Freeze the audience of a job: round by round, first who it is, then their messages. Resumes where it stopped.

Two records with one address are two message records and one mail. Which of them gets it is written once the messages
of a round are: by then every message says for good whether it was planned, so that a freezer that is late, and writes
over what another wrote, writes the same. Only addresses that a round itself holds twice are claimed before. Who gets no
mail for it waits, in case the other is refused after all: now (below), or when it is sent (pass_on_address.py).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from gotero.domain import instant
from gotero.domain.audience import Audience
from gotero.domain.document import Enclosed
from gotero.domain.eligibility import mail_address, refusal
from gotero.domain.errors import ConflictError
from gotero.domain.job import AT_WORK, Chunk, Job, chunk_size
from gotero.domain.message import MODULE, Mailing, Message, MessageKey, State, notice
from gotero.domain.modules import module
from gotero.domain.record import Cause, Record, Ref
from gotero.domain.send_time import SendTime
from gotero.domain.validation.address import Address
from gotero.ports import Clock, DueIndex, Jobs, Json, Lake, Messages, Numbers, Records, RemainingTime, Suppressions
from gotero.services.plan_message import account_of, new_message, suppression_key

#: Recipients that are taken in together; beside their messages what is written and read is for so many.
ROUND = 500
#: Chunks of one transaction, which takes a hundred items. A slice has 50 at most: one for each of its recipients.
_MOST_CHUNKS = 99
#: Rounds of one call; the time left is what ends most calls.
ROUNDS_PER_CALL = 100
MARGIN_SECONDS = 10.0
#: How long a send waits for a lake that trails.
LAKE_PATIENCE = timedelta(seconds=60)
#: Why a message gets no mail: another of the job has its address.
SAME_ADDRESS = "same_address"


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
    #: Hears of what ended a call after some of the audience was in.
    cut_short: Callable[[Exception], object] = lambda error: None
    round: int = ROUND


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
    except Exception as error:
        if progress:
            freezer.cut_short(error)
            return False
        raise


def _take_in(freezer: AudienceFreezer, job: Job, remaining: RemainingTime, progress: list[int]) -> bool:
    while job.prepared < job.chunks:
        job = _prepare(freezer, job, _unprepared(freezer, job))
        progress.append(job.prepared)
    if job.frozen or job.state == "cancelling":
        return True
    audience = Audience.from_json(job.params["audience"])
    spread = _spread(freezer, job, audience)
    for taken, chunks in enumerate(_rounds(freezer, audience, job, spread)):
        if taken == ROUNDS_PER_CALL or remaining() < MARGIN_SECONDS:
            return False
        for chunk in chunks:
            if chunk.not_before:
                # Before the chunk: a hint to nothing is harmless.
                freezer.due.put(instant.read(chunk.not_before), due_chunk(chunk), chunk_body(chunk))
        cursor = max((ref for chunk in chunks for ref in chunk.recipients), key=lambda ref: (ref.module, ref.id))
        try:
            freezer.jobs.add_chunks(job, chunks, cursor)
        except ConflictError:
            # Another freezer was faster, or a lost answer of our own: either way the next call sees it.
            return False
        total = job.total + sum(len(chunk.recipients) for chunk in chunks)
        job = _prepare(freezer, replace(job, chunks=job.chunks + len(chunks), total=total, cursor=cursor), chunks)
        progress.append(job.prepared)
    freezer.jobs.note(job.id, frozen=True)
    return True


def _unprepared(freezer: AudienceFreezer, job: Job) -> list[Chunk]:
    """Chunks that were taken in before their messages were written, a round of them."""
    found: list[Chunk] = []
    for number in range(job.prepared, job.chunks):
        chunk = freezer.jobs.chunk(job.id, number)
        if chunk is None:
            continue
        if found and sum(len(each.recipients) for each in (*found, chunk)) > freezer.round:
            break
        found.append(chunk)
    return found


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


def _rounds(freezer: AudienceFreezer, audience: Audience, job: Job, spread: SendTime) -> Iterator[list[Chunk]]:
    """What is left of the audience, in rounds of chunks that one transaction takes in."""
    round_: list[Chunk] = []
    size, following = 0, job.chunks
    for taken, slice_ in _slices(freezer.lake, audience, job):
        chunks = _chunks(freezer, job, slice_, spread, taken, following)
        if round_ and (size + len(slice_) > freezer.round or len(round_) + len(chunks) > _MOST_CHUNKS):
            yield round_
            round_, size = [], 0
        round_ += chunks
        size, following = size + len(slice_), following + len(chunks)
    if round_:
        yield round_


def _slices(lake: Lake, audience: Audience, job: Job) -> Iterator[tuple[int, list[Ref]]]:
    """The recipients of one chunk after the other, each with how many come before."""
    taken = job.total
    slice_: list[Ref] = []
    for page in lake.audience(audience, ROUND, job.cursor):
        for ref in page:
            slice_.append(ref)
            if len(slice_) == chunk_size(taken):
                yield taken, slice_
                taken += len(slice_)
                slice_ = []
    if slice_:
        yield taken, slice_


def _chunks(
    freezer: AudienceFreezer, job: Job, refs: Sequence[Ref], spread: SendTime, taken: int, following: int
) -> list[Chunk]:
    """The slice as a chunk, or as one for each instant at which some of it are due."""
    if spread.immediate:
        return [Chunk(job.id, following, tuple(refs))]
    records = freezer.records.get_many(refs) if spread.local else {}
    zones = [records[ref].values.get("time_zone") if ref in records else None for ref in refs]
    groups = spread.groups(zones, taken, freezer.clock.now())
    return [
        Chunk(job.id, following + n, tuple(refs[index] for index in groups[at]), not_before=at)
        for n, at in enumerate(sorted(groups))
    ]


def _prepare(freezer: AudienceFreezer, job: Job, chunks: Sequence[Chunk]) -> Job:
    """Write the messages of chunks that have been taken in. Done twice, it finds them there."""
    made = _messages(freezer, job, [ref for chunk in chunks for ref in chunk.recipients])
    taken = freezer.messages.create_many(made)
    stored = {message.key: message for message, _ in made} | freezer.messages.get_many(taken)
    planned = [message for message in stored.values() if message.state is not State.SKIPPED]
    freezer.jobs.keep_addresses(job.id, {suppression_key(message): message.id for message in planned}, ())
    prepared = max([job.prepared, *(chunk.number + 1 for chunk in chunks)])
    freezer.jobs.prepared(job.id, prepared)
    return replace(job, prepared=prepared)


def _messages(freezer: AudienceFreezer, job: Job, refs: Sequence[Ref]) -> list[tuple[Message, Json]]:
    audience = Audience.from_json(job.params["audience"])
    records = freezer.records.get_many(refs)
    addresses = {ref: mail_address(r.values, audience.email_field(ref.module)) for ref, r in records.items()}
    suppressed = freezer.suppressions.get_many({to.key for to in addresses.values() if to})
    earlier = _earlier(freezer, audience, refs)
    reasons = {
        ref: earlier.get(ref, "")
        or _refusal(
            job,
            records.get(ref),
            audience.email_field(ref.module),
            suppressed=bool((to := addresses.get(ref)) and to.key in suppressed),
        )
        for ref in refs
    }
    numbers = freezer.numbers.draw(MODULE, len(refs), module(MODULE).numbering)
    reasons |= dict.fromkeys(_late(freezer, job, addresses, [ref for ref in refs if not reasons[ref]]), SAME_ADDRESS)
    cause = Cause("campaign", job.params["campaign"], part=job.id)
    now = freezer.clock.now()
    made = []
    for ref, number in zip(refs, numbers, strict=True):
        record, to = records.get(ref), addresses.get(ref)
        owner = record.owner if record else job.created_by
        mailing = _mailing(job, record, to.wire if to else "", audience.email_field(ref.module))
        message = new_message(MessageKey(ref, "job", job.id), number, owner, mailing, cause, now, reasons[ref])
        made.append((message, notice(message, str(message.state), cause)))
    return made


def _late(
    freezer: AudienceFreezer, job: Job, addresses: Mapping[Ref, Address | None], eligible: Sequence[Ref]
) -> list[Ref]:
    """Those of the eligible whose address another message of the job has."""
    shared = {key for key, n in Counter(to.key for to in addresses.values() if to).items() if n > 1}
    keys = {ref: to.key for ref in eligible if (to := addresses.get(ref))}
    ids = {ref: str(MessageKey(ref, "job", job.id)) for ref in keys}
    holders = freezer.jobs.addresses(job.id, set(keys.values()))
    for ref, key in keys.items():
        if key in shared and key not in holders:
            # Another freezer of this very round may see the other record, and not this one, as eligible.
            holders[key] = freezer.jobs.claim_address(job.id, key, ids[ref])
    late = [ref for ref, key in keys.items() if holders.get(key, ids[ref]) != ids[ref]]
    return _still_late(freezer, job, {ref: (keys[ref], ids[ref]) for ref in late}, holders) if late else []


def _still_late(
    freezer: AudienceFreezer, job: Job, late: Mapping[Ref, tuple[str, str]], holders: dict[str, str]
) -> list[Ref]:
    """Those whose address another has, without whoever takes the place of one that has just been refused.

    That they wait is written first: who is refused from then on finds them (pass_on_address.py).
    """
    freezer.jobs.keep_addresses(job.id, {}, list(late.values()))
    found = freezer.messages.get_many([MessageKey.parse(holders[key]) for key, _ in late.values()])
    refused = {message.id for message in found.values() if message.state is State.SKIPPED}
    still = []
    for ref, (key, mine) in late.items():
        if holders[key] in refused:
            holders[key] = freezer.jobs.claim_address(job.id, key, mine, before=holders[key])
        if holders[key] != mine:
            still.append(ref)
    return still


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
        enclosed=Enclosed.from_json(job.params.get("enclosed") or {}),
    )

"""Jobs, their chunks, and the counts that move with them.

Access patterns: one job, one chunk by number; jobs newest first, month by month, or those of one campaign; which
message of a job has an address, and which wait for it. Control moves by version, the chunks of the audience by their
number, the sending of a chunk by its owner, the counts by addition in the transaction that makes them true.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from pynamodb.exceptions import PutError, TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.job_items import (
    ChunkItem,
    JobItem,
    PointerItem,
    chunk_item,
    chunk_of,
    job_item,
    job_of,
    write_position,
)
from gotero.adapters.dynamodb.messages import MessageItem, message_item
from gotero.adapters.dynamodb.table import FAILED, PASSING, codes_of, connection
from gotero.adapters.dynamodb.timeline import item_of
from gotero.domain.errors import ConflictError, TransientError
from gotero.domain.job import SKIPS, Chunk, ChunkState, Job
from gotero.domain.message import Message, Outcome
from gotero.domain.record import Ref
from gotero.ports import Json, TimelineEntry

_REFUSED = "ConditionalCheckFailedException"


@contextmanager
def _transaction(refusal: str) -> Iterator[TransactWrite]:
    try:
        with TransactWrite(connection=connection()) as write:
            yield write
    except TransactWriteError as error:
        codes = codes_of(error)
        if FAILED in codes:
            raise ConflictError(refusal) from error
        if PASSING.intersection(codes):
            raise TransientError("another transaction is at work on the same items") from error
        raise


class DynamoJobs:
    """`Jobs` on DynamoDB."""

    def create(self, job: Job) -> None:
        month = job.created_at[:7]
        with _transaction("the job exists") as write:
            write.save(job_item(job), condition=JobItem.pk.does_not_exist())
            write.save(PointerItem(keys.jobs_of(month), f"{job.created_at}#{job.id}", target=job.id))
            write.save(PointerItem(keys.JOBS, month))
            for pointer in _of_campaign(job):
                write.save(pointer)

    def get(self, job_id: str) -> Job | None:
        try:
            return job_of(JobItem.get(keys.job(job_id), keys.SELF, consistent_read=True))
        except JobItem.DoesNotExist:
            return None

    def page(self, limit: int, after: str | None, campaign: str | None = None) -> tuple[list[Job], str | None]:
        ids = self._ids(limit, after) if campaign is None else _ids_of(keys.sends_of(campaign), limit, after)
        wanted = [(keys.job(job_id), keys.SELF) for _, job_id in ids[:limit]]
        jobs = {item.id: job_of(item) for item in JobItem.batch_get(wanted, consistent_read=True)} if wanted else {}
        listed = [jobs[job_id] for _, job_id in ids[:limit] if job_id in jobs]
        return listed, ids[limit - 1][0] if len(ids) > limit else None

    def _ids(self, limit: int, after: str | None) -> list[tuple[str, str]]:
        """Positions and ids of the next jobs, one more than wanted where there are more."""
        ids: list[tuple[str, str]] = []
        month_or_before = PointerItem.sk <= after[:7] if after else None
        for month in PointerItem.query(keys.JOBS, month_or_before, scan_index_forward=False):
            ids += _ids_of(keys.jobs_of(month.sk), limit - len(ids), after)
            if len(ids) > limit:
                break
        return ids

    def control(self, job: Job) -> None:
        item = JobItem(keys.job(job.id), keys.SELF)
        try:
            item.update(
                actions=[
                    JobItem.state.set(job.state),
                    JobItem.started_at.set(job.started_at),
                    JobItem.finished_at.set(job.finished_at),
                    JobItem.stopped.set(job.stopped),
                    JobItem.parked_until.set(job.parked_until),
                    JobItem.tried.set(job.tried),
                    JobItem.version.set(job.version),
                ],
                condition=JobItem.version == job.version - 1,
            )
        except UpdateError as error:
            if error.cause_response_code == _REFUSED:
                raise ConflictError("the job has another version") from error
            raise

    def note(self, job_id: str, **facts: Any) -> None:
        _updated(job_id, [getattr(JobItem, name).set(value) for name, value in facts.items()], JobItem.pk.exists())

    def lease(self, job_id: str, owner: str, now: str, until: str) -> bool:
        mine = [JobItem.freezer.set(owner), JobItem.freezing_until.set(until), JobItem.seen_at.set(now)]
        free = JobItem.freezing_until.does_not_exist() | (JobItem.freezing_until < now) | (JobItem.freezer == owner)
        return _updated(job_id, mine, JobItem.pk.exists() & free)

    def release(self, job_id: str, owner: str) -> None:
        _updated(job_id, [JobItem.freezing_until.set("")], JobItem.freezer == owner)

    def prepared(self, job_id: str, chunks: int) -> None:
        _updated(job_id, [JobItem.prepared.set(chunks)], JobItem.prepared < chunks)

    def advance(self, job: Job) -> None:
        position = write_position(job)
        item = JobItem(keys.job(job.id), keys.SELF)
        try:
            item.update(
                actions=[
                    JobItem.position.set(position) if position else JobItem.position.remove(),
                    JobItem.outcome.set(json.dumps(job.outcome, ensure_ascii=False)),
                    JobItem.seen.set(job.seen),
                    JobItem.seen_at.set(job.seen_at),
                    JobItem.total.set(job.total),
                    JobItem.frozen.set(True),
                    JobItem.turn.set(job.turn),
                ],
                condition=JobItem.turn == job.turn - 1,
            )
        except UpdateError as error:
            if error.cause_response_code == _REFUSED:
                raise ConflictError("the job has gone on") from error
            raise

    def delete(self, job: Job, told: TimelineEntry) -> None:
        with _transaction("the job has another version") as write:
            write.delete(JobItem(keys.job(job.id), keys.SELF), condition=JobItem.version == job.version)
            write.delete(PointerItem(keys.jobs_of(job.created_at[:7]), f"{job.created_at}#{job.id}"))
            for pointer in _of_campaign(job):
                write.delete(pointer)
            write.save(item_of(told))

    def add_chunks(self, job: Job, chunks: Sequence[Chunk], cursor: Ref) -> None:
        with _transaction("the chunk is taken") as write:
            for chunk in chunks:
                write.save(chunk_item(chunk), condition=ChunkItem.pk.does_not_exist())
            write.update(
                JobItem(keys.job(job.id), keys.SELF),
                actions=[
                    JobItem.total.add(sum(len(chunk.recipients) for chunk in chunks)),
                    JobItem.chunks.set(chunks[0].number + len(chunks)),
                    JobItem.cursor.set(str(cursor)),
                ],
                condition=JobItem.chunks == chunks[0].number,
            )

    def chunk_states(self, job_id: str, start: int, stop: int) -> list[ChunkState]:
        if stop <= start:
            return []
        wanted = ChunkItem.sk.between(keys.chunk(start), keys.chunk(stop - 1))
        found = ChunkItem.query(
            keys.job(job_id), wanted, consistent_read=True, attributes_to_get=["pk", "sk", "done", "not_before"]
        )
        return [ChunkState(keys.chunk_number(item.sk), bool(item.done), item.not_before or "") for item in found]

    def chunk(self, job_id: str, number: int) -> Chunk | None:
        try:
            item = ChunkItem.get(keys.job(job_id), keys.chunk(number), consistent_read=True)
        except ChunkItem.DoesNotExist:
            return None
        return chunk_of(job_id, number, item)

    def claim_chunk(self, chunk: Chunk, before: Chunk) -> bool:
        unmoved = (ChunkItem.owner == before.owner) & (ChunkItem.at_risk == json.dumps(before.at_risk))
        try:
            chunk_item(chunk).save(condition=unmoved & (ChunkItem.done == False))  # noqa: E712  # of pynamodb
        except PutError as error:
            if error.cause_response_code != _REFUSED:
                raise
            # Refused, or written before and the answer lost: the owner's id is new for every attempt.
            stored = self.chunk(chunk.job, chunk.number)
            return stored is not None and (stored.owner, stored.at_risk) == (chunk.owner, chunk.at_risk)
        return True

    def finish_chunk(
        self, chunk: Chunk, counts: Mapping[Outcome, int], skips: Mapping[str, int], open_ones: Sequence[Message]
    ) -> None:
        free = (ChunkItem.owner == chunk.owner) & (ChunkItem.done == False)  # noqa: E712  # a condition of pynamodb
        with _transaction("chunk or messages moved") as write:
            write.save(chunk_item(chunk), condition=free)
            write.update(JobItem(keys.job(chunk.job), keys.SELF), actions=[*_additions(counts), *_skipped(skips)])
            for message in open_ones:
                write.save(message_item(message, None), condition=MessageItem.version == message.version - 1)

    def recount(self, message: Message, notice: Json | None, before: Outcome) -> None:
        job_id = message.mailing.job or ""
        with _transaction("the message has another version") as write:
            write.save(message_item(message, notice), condition=MessageItem.version == message.version - 1)
            moved: dict[Outcome, int] = {before: -1, message.outcome: 1}
            write.update(JobItem(keys.job(job_id), keys.SELF), actions=_additions(moved))

    def addresses(self, job_id: str, address_keys: Collection[str]) -> dict[str, str]:
        places = {keys.job_address(job_id, key): key for key in address_keys}
        found = PointerItem.batch_get(list(places), consistent_read=True) if places else ()
        return {places[item.pk, item.sk]: item.target or "" for item in found}

    def keep_addresses(self, job_id: str, holders: Mapping[str, str], waiting: Sequence[tuple[str, str]]) -> None:
        places = {keys.job_address(job_id, key): holder for key, holder in holders.items()}
        places |= {keys.waiting_for(job_id, key, message): message for key, message in waiting}
        with PointerItem.batch_write() as batch:
            for place, target in places.items():
                batch.save(PointerItem(*place, target=target))

    def waiting(self, job_id: str, address_key: str, after: str = "", limit: int = 50) -> list[str]:
        partition, last = keys.waiting_for(job_id, address_key, after)
        _, beyond = keys.waiting_for(job_id, address_key, "~")  # no id begins with it
        found = PointerItem.query(
            partition, PointerItem.sk.between(last, beyond), limit=limit + 1, consistent_read=True
        )
        return [item.target or "" for item in found if item.sk > last][:limit]

    def claim_address(self, job_id: str, address_key: str, holder: str, before: str = "") -> str:
        item = PointerItem(*keys.job_address(job_id, address_key), target=holder)
        try:
            item.save(condition=PointerItem.pk.does_not_exist() | PointerItem.target.is_in(holder, before))
        except PutError as error:
            if error.cause_response_code != _REFUSED:
                raise
            item.refresh(consistent_read=True)
        return item.target or ""


def _updated(job_id: str, actions: Sequence[Any], condition: Any) -> bool:
    """Whether the condition held."""
    try:
        JobItem(keys.job(job_id), keys.SELF).update(actions=list(actions), condition=condition)
    except UpdateError as error:
        if error.cause_response_code != _REFUSED:
            raise
        return False
    return True


def _ids_of(partition: str, limit: int, after: str | None) -> list[tuple[str, str]]:
    older = PointerItem.sk < after if after else None
    found = PointerItem.query(partition, older, scan_index_forward=False, limit=limit + 1)
    return [(item.sk, item.target or "") for item in found]


def _of_campaign(job: Job) -> list[PointerItem]:
    """Where a campaign finds its sends."""
    campaign = job.params.get("campaign")
    return [PointerItem(keys.sends_of(campaign), f"{job.created_at}#{job.id}", target=job.id)] if campaign else []


def _skipped(skips: Mapping[str, int]) -> list[Any]:
    return [getattr(JobItem, f"skip_{reason}").add(n) for reason, n in skips.items() if reason in SKIPS]


def _additions(counts: Mapping[Outcome, int]) -> list[Any]:
    return [getattr(JobItem, outcome).add(n) for outcome, n in counts.items() if n]

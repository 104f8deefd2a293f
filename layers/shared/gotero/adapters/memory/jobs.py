"""`Jobs` in dictionaries, with the same refusals as on DynamoDB."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.records import MemoryTimeline
from gotero.domain.errors import ConflictError
from gotero.domain.job import Chunk, ChunkState, Job
from gotero.domain.message import Message, Outcome
from gotero.domain.record import Ref
from gotero.ports import Json, TimelineEntry


class MemoryJobs:
    """Its transactions reach into the messages, under their lock."""

    def __init__(self, messages: MemoryMessages, timeline: MemoryTimeline | None = None) -> None:
        self.timeline = timeline or MemoryTimeline()
        self._messages = messages
        self._lock = messages.lock
        self._jobs: dict[str, Job] = {}
        self._chunks: dict[tuple[str, int], Chunk] = {}
        #: By job and address: the message that has it, and those that wait.
        self._addresses: dict[tuple[str, str], str] = {}
        self._waiting: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def create(self, job: Job) -> None:
        with self._lock:
            if job.id in self._jobs:
                raise ConflictError("the job exists")
            self._jobs[job.id] = job

    def get(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def page(self, limit: int, after: str | None, campaign: str | None = None) -> tuple[list[Job], str | None]:
        wanted = [job for job in self._jobs.values() if campaign in (None, job.params.get("campaign"))]
        jobs = sorted(wanted, key=_position, reverse=True)
        left = [job for job in jobs if after is None or _position(job) < after]
        return left[:limit], _position(left[limit - 1]) if len(left) > limit else None

    def control(self, job: Job) -> None:
        with self._lock:
            stored = self._jobs.get(job.id)
            if stored is None or stored.version != job.version - 1:
                raise ConflictError("the job has another version")
            self._jobs[job.id] = replace(
                stored,
                state=job.state,
                started_at=job.started_at,
                finished_at=job.finished_at,
                stopped=job.stopped,
                parked_until=job.parked_until,
                tried=job.tried,
                version=job.version,
            )

    def note(self, job_id: str, **facts: Any) -> None:
        with self._lock:
            if job_id in self._jobs:
                self._jobs[job_id] = replace(self._jobs[job_id], **facts)

    def lease(self, job_id: str, owner: str, now: str, until: str) -> bool:
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or (job.freezing_until >= now and job.freezer != owner):
                return False
            self._jobs[job_id] = replace(job, freezer=owner, freezing_until=until, seen_at=now)
            return True

    def release(self, job_id: str, owner: str) -> None:
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None and job.freezer == owner:
                self._jobs[job_id] = replace(job, freezing_until="")

    def prepared(self, job_id: str, chunks: int) -> None:
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None and job.prepared < chunks:
                self._jobs[job_id] = replace(job, prepared=chunks)

    def advance(self, job: Job) -> None:
        with self._lock:
            stored = self._jobs[job.id]
            if stored.turn != job.turn - 1:
                raise ConflictError("the job has gone on")
            self._jobs[job.id] = replace(
                stored,
                position=job.position,
                outcome=job.outcome,
                seen=job.seen,
                seen_at=job.seen_at,
                total=job.total,
                frozen=True,
                turn=job.turn,
            )

    def delete(self, job: Job, told: TimelineEntry) -> None:
        with self._lock:
            stored = self._jobs.get(job.id)
            if stored is None or stored.version != job.version:
                raise ConflictError("the job has another version")
            del self._jobs[job.id]
            self.timeline.add([told])

    def add_chunks(self, job: Job, chunks: Sequence[Chunk], cursor: Ref) -> None:
        with self._lock:
            stored = self._jobs[job.id]
            if stored.chunks != chunks[0].number:
                raise ConflictError("the chunk is taken")
            self._chunks |= {(job.id, chunk.number): chunk for chunk in chunks}
            total = stored.total + sum(len(chunk.recipients) for chunk in chunks)
            self._jobs[job.id] = replace(stored, chunks=stored.chunks + len(chunks), cursor=cursor, total=total)

    def chunk_states(self, job_id: str, start: int, stop: int) -> list[ChunkState]:
        chunks = (self._chunks.get((job_id, number)) for number in range(start, stop))
        return [ChunkState(chunk.number, chunk.done, chunk.not_before) for chunk in chunks if chunk]

    def chunk(self, job_id: str, number: int) -> Chunk | None:
        return self._chunks.get((job_id, number))

    def claim_chunk(self, chunk: Chunk, before: Chunk) -> bool:
        with self._lock:
            stored = self._chunks[chunk.job, chunk.number]
            if stored.done or (stored.owner, stored.at_risk) != (before.owner, before.at_risk):
                return (stored.owner, stored.at_risk) == (chunk.owner, chunk.at_risk)
            self._chunks[chunk.job, chunk.number] = chunk
            return True

    def finish_chunk(
        self, chunk: Chunk, counts: Mapping[Outcome, int], skips: Mapping[str, int], open_ones: Sequence[Message]
    ) -> None:
        with self._lock:
            stored = self._chunks[chunk.job, chunk.number]
            if stored.done or stored.owner != chunk.owner:
                raise ConflictError("the chunk is another's")
            for message in open_ones:
                self._messages.check(message)
            for message in open_ones:
                self._messages.save(message, None)
            self._chunks[chunk.job, chunk.number] = chunk
            self._count(chunk.job, counts)
            job = self._jobs[chunk.job]
            self._jobs[chunk.job] = replace(job, skips=dict(Counter(job.skips) + Counter(skips)))

    def recount(self, message: Message, notice: Json | None, before: Outcome) -> None:
        with self._lock:
            self._messages.save(message, notice)
            if message.mailing.job:
                self._count(message.mailing.job, Counter({before: -1, message.outcome: 1}))

    def addresses(self, job_id: str, address_keys: Collection[str]) -> dict[str, str]:
        return {key: self._addresses[job_id, key] for key in address_keys if (job_id, key) in self._addresses}

    def keep_addresses(self, job_id: str, holders: Mapping[str, str], waiting: Sequence[tuple[str, str]]) -> None:
        with self._lock:
            self._addresses |= {(job_id, key): holder for key, holder in holders.items()}
            for key, message in waiting:
                self._waiting[job_id, key].add(message)

    def waiting(self, job_id: str, address_key: str, after: str = "", limit: int = 50) -> list[str]:
        return sorted(id for id in self._waiting.get((job_id, address_key), ()) if id > after)[:limit]

    def claim_address(self, job_id: str, address_key: str, holder: str, before: str = "") -> str:
        with self._lock:
            if self._addresses.get((job_id, address_key)) in (None, before):
                self._addresses[job_id, address_key] = holder
            return self._addresses[job_id, address_key]

    def _count(self, job_id: str, counts: Mapping[Outcome, int]) -> None:
        job = self._jobs[job_id]
        moved = {outcome: job.counts.get(outcome, 0) + n for outcome, n in counts.items() if n}
        self._jobs[job_id] = replace(job, counts={**job.counts, **moved})


def _position(job: Job) -> str:
    return f"{job.created_at}#{job.id}"

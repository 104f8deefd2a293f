"""The items of the Jobs table, and the jobs and chunks in them."""

import json
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.domain.job import SKIPS, Chunk, Job
from gotero.domain.message import OUTCOMES
from gotero.domain.record import Ref


class _Table:
    table_name = FromEnv("JOBS_TABLE")


class JobItem(Item):
    """A job. The counts are attributes of their own, moved by ADD alone."""

    class Meta(_Table):
        pass

    id = UnicodeAttribute()
    kind = UnicodeAttribute()
    state = UnicodeAttribute()
    params = UnicodeAttribute()
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute()
    fingerprint = UnicodeAttribute()
    start_at = UnicodeAttribute()
    started_at = UnicodeAttribute()
    finished_at = UnicodeAttribute()
    cursor = UnicodeAttribute(null=True)
    chunks = NumberAttribute()
    prepared = NumberAttribute()
    frozen = BooleanAttribute()
    freezer = UnicodeAttribute(default="")
    freezing_until = UnicodeAttribute(default="")
    seen = NumberAttribute()
    seen_at = UnicodeAttribute()
    rate = NumberAttribute(default=0)
    total = NumberAttribute()
    stopped = UnicodeAttribute(default="")
    parked_until = UnicodeAttribute(default="")
    version = NumberAttribute()
    position = UnicodeAttribute(null=True)
    outcome = UnicodeAttribute(default="{}")
    turn = NumberAttribute(default=0)
    tried = NumberAttribute(default=0)
    tried_turn = NumberAttribute(default=0)
    accepted = NumberAttribute(default=0)
    skipped = NumberAttribute(default=0)
    failed = NumberAttribute(default=0)
    uncertain = NumberAttribute(default=0)
    held = NumberAttribute(default=0)
    cancelled = NumberAttribute(default=0)
    skip_no_email = NumberAttribute(default=0)
    skip_invalid_email = NumberAttribute(default=0)
    skip_suppressed = NumberAttribute(default=0)
    skip_do_not_email = NumberAttribute(default=0)
    skip_unsubscribed = NumberAttribute(default=0)
    skip_same_address = NumberAttribute(default=0)
    skip_excluded = NumberAttribute(default=0)
    skip_opened = NumberAttribute(default=0)
    skip_deleted = NumberAttribute(default=0)
    skip_no_template = NumberAttribute(default=0)
    skip_too_large = NumberAttribute(default=0)
    skip_no_document = NumberAttribute(default=0)
    skip_no_document_record = NumberAttribute(default=0)
    skip_files_too_large = NumberAttribute(default=0)


class ChunkItem(Item):
    """Some recipients of a job, and who is sending to them."""

    class Meta(_Table):
        pass

    recipients = UnicodeAttribute()
    owner = UnicodeAttribute()
    claimed_at = UnicodeAttribute()
    at_risk = UnicodeAttribute()
    done = BooleanAttribute()
    not_before = UnicodeAttribute(null=True)
    deferred_since = UnicodeAttribute(null=True)


class PointerItem(Item):
    """A month with jobs, or a job of a month, or which message has an address and which ones wait for it."""

    class Meta(_Table):
        pass

    target = UnicodeAttribute(null=True)


_PLAIN = ("id", "kind", "state", "created_at", "created_by", "fingerprint", "start_at", "started_at", "finished_at")
_NUMBERS = ("chunks", "prepared", "seen", "total", "turn", "tried", "tried_turn", "version")


def job_item(job: Job) -> JobItem:
    return JobItem(
        keys.job(job.id),
        keys.SELF,
        params=json.dumps(job.params, ensure_ascii=False),
        cursor=str(job.cursor) if job.cursor else None,
        position=write_position(job),
        outcome=json.dumps(job.outcome, ensure_ascii=False),
        frozen=job.frozen,
        freezer=job.freezer,
        freezing_until=job.freezing_until,
        seen_at=job.seen_at,
        stopped=job.stopped,
        parked_until=job.parked_until,
        rate=job.rate,
        **{name: getattr(job, name) for name in (*_PLAIN, *_NUMBERS)},
    )


def write_position(job: Job) -> str | None:
    return None if job.position is None else json.dumps(job.position, ensure_ascii=False)


def job_of(item: JobItem) -> Job:
    numbers: dict[str, Any] = {name: int(getattr(item, name) or 0) for name in _NUMBERS}
    return Job(
        params=json.loads(item.params),
        cursor=Ref.parse(item.cursor) if item.cursor else None,
        position=json.loads(item.position) if item.position else None,
        outcome=json.loads(item.outcome),
        frozen=bool(item.frozen),
        freezer=item.freezer or "",
        freezing_until=item.freezing_until or "",
        seen_at=item.seen_at,
        stopped=item.stopped or "",
        parked_until=item.parked_until or "",
        rate=float(item.rate or 0),
        counts={outcome: int(getattr(item, outcome)) for outcome in OUTCOMES},
        skips={reason: n for reason in SKIPS if (n := int(getattr(item, f"skip_{reason}") or 0))},
        **{name: getattr(item, name) for name in _PLAIN},
        **numbers,
    )


def chunk_item(chunk: Chunk) -> ChunkItem:
    return ChunkItem(
        keys.job(chunk.job),
        keys.chunk(chunk.number),
        recipients=json.dumps([str(ref) for ref in chunk.recipients]),
        owner=chunk.owner,
        claimed_at=chunk.claimed_at,
        at_risk=json.dumps(chunk.at_risk),
        done=chunk.done,
        not_before=chunk.not_before or None,
        deferred_since=chunk.deferred_since or None,
    )


def chunk_of(job_id: str, number: int, item: ChunkItem) -> Chunk:
    return Chunk(
        job_id,
        number,
        tuple(Ref.parse(text) for text in json.loads(item.recipients)),
        item.owner,
        item.claimed_at,
        tuple(json.loads(item.at_risk)),
        bool(item.done),
        item.not_before or "",
        item.deferred_since or "",
    )

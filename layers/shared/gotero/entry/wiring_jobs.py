"""The wiring of jobs that go in steps. The rest of it stands in wiring.py."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring, wiring_sending
from gotero.entry.settings import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gotero.ports import JobLog
    from gotero.services.decide_many import Deciding
    from gotero.services.rebuild_due import DueRebuilder
    from gotero.services.rebuild_lake import Rebuilder
    from gotero.services.work_job import JobKind, JobLine


@lru_cache
def job_line() -> "JobLine":
    from gotero.adapters.aws import clients
    from gotero.adapters.aws.queue import SqsQueue
    from gotero.services.work_job import JobLine

    return JobLine(
        wiring_sending.jobs(),
        SqsQueue(clients.queues(), setting("JOB_QUEUE_URL")),
        wiring.due_index(),
        wiring.clock,
        wiring.ids,
    )


@lru_cache
def job_log() -> "JobLog":
    from gotero.adapters.dynamodb.job_log import DynamoJobLog

    return DynamoJobLog()


@lru_cache
def job_kinds() -> "Mapping[str, JobKind]":
    """How each kind of job does its next step, by the kind's name."""
    from gotero.entry import wiring_exchange, wiring_records, wiring_segments
    from gotero.services.call_roll import roll_kinds
    from gotero.services.decide_many import decide_kinds
    from gotero.services.erase_person import erase_kinds
    from gotero.services.export_person import export_kinds
    from gotero.services.mass_change import mass_kinds
    from gotero.services.merge_records import merge_kinds
    from gotero.services.rebuild_due import due_kinds
    from gotero.services.rebuild_lake import rebuild_kinds
    from gotero.services.undo_job import undo_kinds

    mass = wiring_records.mass()
    return {
        **mass_kinds(mass),
        **merge_kinds(mass),
        **undo_kinds(mass),
        **roll_kinds(wiring_segments.roll()),
        **export_kinds(wiring_records.person_file()),
        **erase_kinds(wiring_records.eraser()),
        **rebuild_kinds(_rebuilder()),
        **due_kinds(_due_rebuilder()),
        **decide_kinds(deciding()),
        **wiring_exchange.exchange_kinds(),
    }


@lru_cache
def deciding() -> "Deciding":
    from gotero.services.decide_many import Deciding

    return Deciding(wiring_sending.ledger(), wiring.mail_planner(), wiring.lake(), job_line())


def _rebuilder() -> "Rebuilder":
    from gotero.adapters.dynamodb.truth import DynamoTruth
    from gotero.adapters.lake.objects import S3Objects
    from gotero.adapters.lake.rebuild import S3Rebuild
    from gotero.services.rebuild_lake import Rebuilder

    return Rebuilder(DynamoTruth(), S3Rebuild(S3Objects(setting("LAKE_BUCKET"))))


def _due_rebuilder() -> "DueRebuilder":
    from gotero.adapters.dynamodb.truth import DynamoTruth
    from gotero.services.rebuild_due import DueRebuilder

    line = job_line()
    return DueRebuilder(DynamoTruth(), line.due_index, wiring.timeline(), line.jobs, wiring.definitions(), wiring.clock)


def rebuild(part: str) -> str:
    """Begin the job that makes `lake` or `due` anew; its id."""
    from gotero.services.rebuild_due import start_due_rebuild
    from gotero.services.rebuild_lake import start_rebuild

    start = {"lake": start_rebuild, "due": start_due_rebuild}[part]
    return start(job_line(), "").id


def wake(job_id: str) -> None:
    """A job's due item has fired."""
    from gotero.services.work_job import wake_steps

    wake_steps(job_line(), job_id)

"""The wiring of imports and exports. The rest of it stands in wiring.py."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring, wiring_jobs, wiring_sending
from gotero.entry.settings import setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gotero.ports import Files
    from gotero.services.export_records import Exporter
    from gotero.services.import_rows import Importer
    from gotero.services.work_job import JobKind


@lru_cache
def files() -> "Files":
    from gotero.adapters.aws.files import S3Files

    return S3Files(setting("FILES_BUCKET"))


@lru_cache
def importer() -> "Importer":
    from gotero.services.import_rows import Importer

    writer, suppressions = wiring.record_writer(), wiring_sending.suppressions()
    return Importer(files(), writer, wiring.memberships(), suppressions, wiring.lake(), wiring_jobs.job_log())


@lru_cache
def exporter() -> "Exporter":
    from gotero.services.export_records import Exporter

    return Exporter(files(), wiring.lake(), wiring.records(), wiring.definitions())


def exchange_kinds() -> "Mapping[str, JobKind]":
    """How imports, their rehearsals and exports do their next step."""
    from functools import partial

    from gotero.services.export_records import EXPORT, export_step
    from gotero.services.import_rows import IMPORT, REHEARSAL, import_step

    importing = partial(import_step, importer())
    return {IMPORT: importing, REHEARSAL: importing, EXPORT: partial(export_step, exporter())}

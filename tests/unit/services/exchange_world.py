"""An office that files are brought to: jobs in steps, a lake that is told what is written, a bucket of files."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gotero.adapters.memory.files import MemoryFiles
from gotero.adapters.memory.job_log import MemoryJobLog
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.lake import MemoryLake
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.suppressions import MemorySuppressions
from gotero.domain.job import Job
from gotero.domain.record import Record
from gotero.domain.user import User
from gotero.ports import Definition, LakeRow
from gotero.services.export_records import EXPORT, Exporter, export_step
from gotero.services.import_file import announce, find_import, start
from gotero.services.import_rows import IMPORT, REHEARSAL, Importer, import_step, source_key
from gotero.services.work_job import JobKind, JobLine, work_job
from tests.unit.services.office import MARC, Office

USER = User(MARC, "Marc Soler", "marc@huertaturia.example", "marketer")


@dataclass
class ExchangeWorld(Office):
    files: MemoryFiles = field(default_factory=MemoryFiles)
    suppressions: MemorySuppressions = field(default_factory=MemorySuppressions)
    log: MemoryJobLog = field(default_factory=MemoryJobLog)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.jobs = MemoryJobs(MemoryMessages())
        self.line = JobLine(self.jobs, MemoryQueue(), self.due_index, self.clock, self.ids)
        self.lake = MemoryLake(self.clock)
        self.importer = Importer(self.files, self.writer, self.memberships, self.suppressions, self.lake, self.log)
        self.exporter = Exporter(self.files, self.lake, self.records, self.definitions)
        self.renew()

    def renew(self) -> None:
        """The kinds of job, on what stands in `importer` and `exporter` now."""
        step = partial(import_step, self.importer)
        self.kinds: dict[str, JobKind] = {
            IMPORT: step,
            REHEARSAL: step,
            EXPORT: partial(export_step, self.exporter),
        }

    def upload(self, text: str | bytes, module: str = "contacts", name: str = "clientes.csv") -> Definition:
        body = text if isinstance(text, bytes) else text.encode()
        made, _ = announce(self.definer, self.files, USER, module, name, max(len(body), 1), None)
        self.files.stored[source_key(made.id)] = body
        return made

    def begin(self, found: Definition, *, check: bool = False, **asked: Any) -> Job:
        return start(
            self.importer, self.line, find_import(self.definer, found.id, USER), asked, USER, "es", check=check
        )

    def run(self, text: str | bytes, module: str = "contacts", *, check: bool = False, **asked: Any) -> Job:
        return self.work(self.begin(self.upload(text, module), check=check, **asked))

    def work(self, job: Job) -> Job:
        work_job(self.line, self.kinds, job.id, lambda: 600.0)
        return self.stored(job)

    def stored(self, job: Job) -> Job:
        found = self.jobs.get(job.id)
        assert found
        return found

    def all(self, module: str = "contacts") -> list[Record]:
        return sorted((r for r in self.records._records.values() if r.module == module), key=lambda r: r.id)

    def by_email(self, email: str) -> Record:
        return next(record for record in self.all() if record.values.get("email") == email)

    def project(self) -> None:
        """What the stream tells the lake."""
        for record in self.records._records.values():
            self.lake.append(record.module, [LakeRow(record.id, record.version, record.to_json())], record.updated_at)

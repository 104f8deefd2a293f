"""An office whose records are changed by the hundred."""

from dataclasses import dataclass, field

from gotero.adapters.memory.assignments import MemoryAssignments
from gotero.adapters.memory.files import MemoryFiles
from gotero.adapters.memory.job_log import MemoryJobLog
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.suppressions import MemorySuppressions
from gotero.domain.job import Job
from gotero.domain.mass_edit import Chosen, Edit
from gotero.domain.record import Record, Ref
from gotero.services.assign import Drips
from gotero.services.bin_record import Bin
from gotero.services.mass_change import Mass, mass_kinds, start_mass
from gotero.services.save_record import get_record
from gotero.services.undo_job import start_undo, undo_kinds
from gotero.services.work_job import work_job
from tests.unit.services.office import MARC
from tests.unit.services.synced_office import SyncedOffice


@dataclass
class MassOffice(SyncedOffice):
    log: MemoryJobLog = field(default_factory=MemoryJobLog)
    files: MemoryFiles = field(default_factory=MemoryFiles)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.suppressions = MemorySuppressions()
        self.assignments = MemoryAssignments(self.timeline)
        self.drips = Drips(self.assignments, self.due_index, MemoryQueue(), self.definitions, self.records, self.clock)
        self.mass = Mass(
            Bin(self.writer, self.due_index), self.lake, self.log, self.job_line, self.memberships, self.drips
        )

    def people(self, count: int, **values: object) -> list[Ref]:
        made = [self.contact(lastname=f"N{number:03d}", **values) for number in range(count)]
        self.project()
        return made

    def record(self, ref: Ref) -> Record:
        return get_record(self.records, ref)

    def start(self, chosen: Chosen, edit: Edit | None = None, key: str | None = None) -> Job:
        return start_mass(self.mass, chosen, edit, user_id=MARC, name="Contactos", key=key)

    def undo(self, job: Job) -> Job:
        return self.worked(start_undo(self.mass, job.id, user_id=MARC))

    def worked(self, job: Job) -> Job:
        """The job after every worker has had its turn."""
        work_job(self.job_line, {**mass_kinds(self.mass), **undo_kinds(self.mass)}, job.id, lambda: 600.0)
        after = self.jobs.get(job.id)
        assert after
        return after

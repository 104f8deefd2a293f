"""One person with everything that can stand about her, and where all of it is looked for; in memory or on DynamoDB."""

from collections.abc import Callable
from typing import Any

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.assignments import MemoryAssignments
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.files import MemoryFiles
from gotero.adapters.memory.job_log import MemoryJobLog
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.queue import MemoryQueue
from gotero.domain.mass_edit import Chosen, Edit
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Ref
from gotero.domain.suppression import Suppression
from gotero.ports import Source
from gotero.services.assign import Drips
from gotero.services.bin_record import Bin
from gotero.services.erase_person import Eraser, erase_kinds, preview_erase, start_erase
from gotero.services.export_person import PersonFile, start_export
from gotero.services.keep_raw_event import keep_raw_event
from gotero.services.mass_change import Mass, mass_kinds, start_mass
from gotero.services.merge_records import merge_kinds, start_merge
from gotero.services.project_change import MembershipChange, MessageChange, Projection, RecordChange, project_changes
from gotero.services.record_event import record_event
from gotero.services.save_record import create_record, update_record
from gotero.services.suppress import suppress
from gotero.services.work_job import work_job
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice

#: Everything that tells who she was.
PERSONAL = ("zoe", "Zoe", "Quintanilla", "600123456", "calle-secreta")
WAS, IS = "zoe@before.example", "zoe@quintanilla.example"


class House:
    """`post` stands on the stores that are looked into; the lake is as the projection writes it."""

    def __init__(
        self,
        post: PostOffice,
        memberships: Any = None,
        log: Any = None,
        assignments: Any = None,
        stored: Callable[[], list[str]] | None = None,
    ) -> None:
        self.post = post
        self.memberships = memberships or MemoryMemberships()
        self.log = log or MemoryJobLog()
        self.assignments = assignments or MemoryAssignments(post.timeline)
        self.stored = stored or self.in_memory
        self.objects = MemoryObjects()
        self.files = MemoryFiles()
        self.lake = S3Lake(self.objects, post.clock)
        drips = Drips(self.assignments, post.due_index, MemoryQueue(), post.definitions, post.records, post.clock)
        self.file = PersonFile(
            post.records,
            self.memberships,
            drips,
            post.messages,
            post.suppressions,
            post.timeline,
            self.log,
            post.job_line,
            self.files,
            post.definitions,
        )
        self.mass = Mass(Bin(post.writer, post.due_index), self.lake, self.log, post.job_line, self.memberships, drips)
        self.eraser = Eraser(self.file, post.writer, post.ledger, post.letters, self.lake)
        self.projection = Projection(self.lake, post.timeline, post.definitions, post.clock)
        self.projected: dict[Any, int] = {}
        self.people: set[Ref] = set()

    def project(self) -> None:
        """What the streams carry: every version of records once, of her memberships and messages the last."""
        changes: list[Any] = [RecordChange(c.after, c.before, c.event) for c in self.post.changes]
        self.post.changes.clear()
        people = {change.after.ref for change in changes} | self.people
        self.people = people
        for ref in people:
            changes += [MembershipChange(m, m.version) for m in self.memberships.standing(ref).memberships]
        for message in (message for ref in people for message in self.post.messages.of(ref)):
            if self.projected.get(message.key) != message.version:
                self.projected[message.key] = message.version
                changes.append(MessageChange(message))
        if changes:
            project_changes(self.projection, changes, self.post.clock.now())

    def zoe(self) -> Ref:
        """She came by a form, was changed, merged, mailed, exported, and bounced."""
        post = self.post
        values = {
            "firstname": "Zoe",
            "lastname": "Quintanilla",
            "email": WAS,
            "phone": "+34600123456",
            "city": "calle-secreta",
        }
        ref = create_record(post.writer, "contacts", values, cause=BY_MARC, owner=MARC, tags=("Zoe",), form="f1").ref
        twin = create_record(post.writer, "contacts", {"lastname": "Quintanilla"}, cause=BY_MARC, owner=MARC).ref
        self.project()
        update_record(post.writer, ref, {"email": IS}, cause=BY_MARC)
        self.project()
        edit = start_mass(
            self.mass,
            Chosen("contacts", ids=(ref.id,)),
            Edit({"city": "Valencia"}),
            user_id=MARC,
            name="Contactos",
            key=None,
        )
        work_job(post.job_line, mass_kinds(self.mass), edit.id, lambda: 600.0)
        merge = start_merge(self.mass, "contacts", ref.id, [twin.id], {}, user_id=MARC, key=None)
        work_job(post.job_line, merge_kinds(self.mass), merge.id, lambda: 600.0)
        at = "2026-11-21T09:00:00.000Z"
        self.memberships.add("s1", ref, Source("manual", MARC, at, BY_MARC))
        self.project()
        message = post.plan(ref)
        post.work()
        self.project()
        for kind, rest in (
            (EventKind.CLICKED, {"url": "https://example.com/?who=zoe"}),
            (EventKind.BOUNCED, {"reason": f"550 <{IS}> unknown", "permanent": True, "suppress": True}),
        ):
            event = MessageEvent(id=str(kind), kind=kind, message_id=message.id, at=at, **rest)
            record_event(post.intake, event)
            keep_raw_event(post.timeline, "ses", event, {"to": IS})
        suppress(post.protector, Suppression(WAS, "complaint", at, note="Zoe"), mirror=False)
        self.project()
        start_export(self.file, ref, user_id=MARC, key=None)
        return ref

    def erase(self, ref: Ref, confirm: str | None = None) -> Any:
        number = confirm or preview_erase(self.eraser, ref)["number"]
        job = start_erase(self.eraser, ref, number, user_id=MARC, key=None)
        self.work(job.id)
        return self.post.jobs.get(job.id)

    def work(self, job_id: str) -> None:
        work_job(self.post.job_line, erase_kinds(self.eraser), job_id, lambda: 600.0)

    def everything(self) -> str:
        """All tables, all objects of the lake, of letters and of files, unpacked: whatever anybody could find."""
        files = [body.decode() for body in self.files.stored.values()]
        return "\n".join([*self.stored(), *files, *self.lake_rows(), *self.letters()])

    def in_memory(self) -> list[str]:
        stores: tuple[Any, ...] = (
            self.post.records._records,
            self.post.records._unique,
            {k: v for k, v in self.post.records._addresses.items() if v},
            self.post.records._posts,
            self.memberships._stored,
            self.post.messages.stored,
            self.post.timeline._entries,
            self.post.suppressions._stored,
            self.post.suppressions._released,
            self.post.suppressions._erased,
            self.post.jobs._jobs,
            self.log._notes,
            self.assignments._by_key,
        )
        return [*map(repr, stores)]

    def lake_rows(self) -> list[str]:
        import duckdb

        from gotero.adapters.lake import engine

        rows = []
        for key, (body, _, _) in self.objects.stored.items():
            if "/part/" not in key:
                continue
            with engine.files([(key, body)]) as paths, duckdb.connect() as connection:
                engine.take_in(connection, paths)
                rows += [repr(row) for row in connection.execute("FROM incoming").fetchall()]
        return rows

    def letters(self) -> list[str]:
        objects: Any = self.post.letters._objects
        return [body.decode() for body, _, _ in objects.stored.values()]


def found(text: str) -> list[str]:
    return [word for word in PERSONAL if word in text]

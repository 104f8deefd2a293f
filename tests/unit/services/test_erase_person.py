"""Erasing a person: nothing of them is left anywhere, and yet nobody writes to their address again."""

from typing import Any

import pytest

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.assignments import MemoryAssignments
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.files import MemoryFiles
from gotero.adapters.memory.job_log import MemoryJobLog
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.queue import MemoryQueue
from gotero.domain.errors import InvalidError, NotAllowedError, NotFoundError
from gotero.domain.mass_edit import Chosen, Edit
from gotero.domain.message import State
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Ref
from gotero.domain.suppression import Suppression
from gotero.ports import Source
from gotero.services.assign import Drips
from gotero.services.bin_record import Bin, bin_record
from gotero.services.erase_person import AGAIN, ERASE, Eraser, erase_again, erase_kinds, preview_erase, start_erase
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
    """One person with everything that can stand about her, in the lake as the projection writes it."""

    def __init__(self) -> None:
        self.post = post = PostOffice()
        self.memberships = MemoryMemberships()
        self.log = MemoryJobLog()
        self.assignments = MemoryAssignments()
        self.objects = MemoryObjects()
        self.files = MemoryFiles()
        self.lake = S3Lake(self.objects, post.clock)
        drips = Drips(
            self.assignments, post.due_index, MemoryQueue(), post.definitions, post.records, post.clock, post.timeline
        )
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
        )
        self.mass = Mass(Bin(post.writer, post.due_index), self.lake, self.log, post.job_line, self.memberships, drips)
        self.eraser = Eraser(self.file, post.writer, post.ledger, post.letters, self.lake)
        self.projection = Projection(self.lake, post.timeline, post.definitions, post.clock)
        self.projected: dict[Any, int] = {}

    def project(self) -> None:
        """What the streams carry: every version of records once, of memberships and messages the last."""
        changes: list[Any] = [RecordChange(c.after, c.before, c.event) for c in self.post.changes]
        self.post.changes.clear()
        for stored in list(self.memberships._stored.values()):
            changes += [MembershipChange(m, m.version) for m in stored.values()]
        for message in self.post.messages.stored.values():
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
        """All tables, all objects of the lake and of letters, unpacked: whatever anybody could find."""
        stores = (
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
            self.files.stored,
        )
        return "\n".join([*map(repr, stores), *self.lake_rows(), *self.letters()])

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


@pytest.fixture
def house() -> House:
    return House()


def test_nothing_of_a_person_is_left_anywhere(house: House) -> None:
    ref = house.zoe()
    assert found(house.everything()) == list(PERSONAL)
    shown = preview_erase(house.eraser, ref)
    assert (len(shown["records"]), shown["messages"], shown["memberships"]) == (2, 1, 1)
    assert shown["stays_suppressed"]

    job = house.erase(ref)

    assert job.state == "finished"
    assert job.created_by == MARC
    assert job.params["name"] == shown["number"]
    assert found(house.everything()) == []
    house.project()  # what the stream tells of it brings nothing back
    assert found(house.everything()) == []
    assert [entry.kind for entry in house.post.timeline.page(ref, 10, None)[0]][-1] == "erased"


def test_what_was_sent_still_counts(house: House) -> None:
    ref = house.zoe()
    house.erase(ref)
    (message,) = house.post.messages.of(ref)
    assert (message.state, message.feedback.clicked, message.feedback.bounce_type) == (State.BOUNCED, 1, "hard")
    late = MessageEvent(
        id="late",
        kind=EventKind.CLICKED,
        message_id=message.id,
        at="2026-11-21T10:00:00.000Z",
        url="https://zoe.example",
    )
    record_event(house.post.intake, late)
    (message,) = house.post.messages.of(ref)
    assert message.feedback.clicked == 2
    assert found(repr(message)) == []


def test_the_address_is_never_written_to_again(house: House) -> None:
    house.erase(house.zoe())
    for address in (WAS, IS):
        again = create_record(
            house.post.writer, "leads", {"lastname": "N", "email": address}, cause=BY_MARC, owner=MARC
        ).ref
        segment = house.post.segment([again], f"of-{again.id}")
        job = house.post.run(house.post.send(house.post.campaign(f"to {again.id}"), house.post.order(segment)))
        message = house.post.message(job, again)
        assert (message.state, message.reason) == (State.SKIPPED, "suppressed")


def test_whoever_had_said_no_is_not_written_to_either(house: House) -> None:
    ref = house.post.contact("no@example.com", do_not_email=True)
    house.erase(ref)
    assert house.post.suppressions.get_many(["no@example.com"])["no@example.com"].reason == "manual"
    other = house.post.contact("yes@example.com")
    house.erase(other)
    assert house.post.suppressions.get_many(["yes@example.com"]) == {}


def test_every_step_can_be_cut_off_and_is_done_again(house: House) -> None:
    ref = house.zoe()
    number = preview_erase(house.eraser, ref)["number"]
    job = start_erase(house.eraser, ref, number, user_id=MARC, key=None)
    step = erase_kinds(house.eraser)[ERASE]
    turns = 0
    while (current := house.post.jobs.get(job.id)) and current.state == "running":
        step(current)  # done, and nobody heard of it
        turn = current.turn
        work_job(house.post.job_line, erase_kinds(house.eraser), job.id, one_step())
        after = house.post.jobs.get(job.id)
        assert after and (after.turn > turn or after.state == "finished")
        turns += 1
    assert turns >= 7
    assert found(house.everything()) == []


def one_step() -> Any:
    left = iter([600.0])
    return lambda: next(left, 0.0)


def test_what_the_streams_bring_late_goes_a_day_later(house: House) -> None:
    ref = house.zoe()
    record = house.post.records.get(ref)
    assert record
    job = house.erase(ref)
    late = [RecordChange(record, None, None)]
    project_changes(house.projection, late, house.post.clock.now())
    assert found(house.everything())
    assert house.lake.page("contacts").items == []  # of no effect, and yet there

    (due,) = [d for d in house.post.due_index._entries.values() if d.thing.startswith(f"{AGAIN}#")]
    house.post.clock.move(hours=25)
    erase_again(house.eraser, due.thing.partition("#")[2])
    erase_again(house.eraser, due.thing.partition("#")[2])
    jobs = [j for j in house.post.jobs._jobs.values() if j.kind == ERASE and j.id != job.id]
    assert len(jobs) == 1
    house.work(jobs[0].id)
    assert found(house.everything()) == []
    assert len([e for e in house.post.timeline.page(ref, 10, None)[0] if e.kind == "erased"]) == 1


def test_a_part_of_somebody_and_somebody_in_the_bin_are_erased_as_a_whole(house: House) -> None:
    ref = house.zoe()
    (twin,) = [Ref("contacts", id) for id in house.post.records.get(ref).absorbed]  # type: ignore[union-attr]
    bin_record(Bin(house.post.writer, house.post.due_index), ref, cause=BY_MARC)
    house.project()
    assert preview_erase(house.eraser, twin) == preview_erase(house.eraser, ref)
    house.erase(twin)
    assert found(house.everything()) == []


def test_only_who_types_the_number_erases(house: House) -> None:
    ref = house.zoe()
    with pytest.raises(InvalidError):
        start_erase(house.eraser, ref, "", user_id=MARC, key=None)
    with pytest.raises(NotFoundError):
        preview_erase(house.eraser, Ref("contacts", "01m805xtgf0h0twcn7cd7e6wcx"))
    with pytest.raises(NotAllowedError):
        preview_erase(house.eraser, Ref("campaigns", ref.id))
    assert found(house.everything()) == list(PERSONAL)

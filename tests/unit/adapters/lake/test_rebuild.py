"""The lake, rebuilt from the tables on DynamoDB: it answers as the projection left it, whatever had become of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gotero.adapters.dynamodb.memberships import DynamoMemberships
from gotero.adapters.dynamodb.messages import DynamoMessages
from gotero.adapters.dynamodb.records import DynamoRecords
from gotero.adapters.dynamodb.timeline import DynamoTimeline
from gotero.adapters.dynamodb.truth import DynamoTruth
from gotero.adapters.lake import engine
from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.lake.rebuild import S3Rebuild
from gotero.adapters.lake.writer import lines
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.domain.audience import Audience
from gotero.domain.ids import derived_id
from gotero.domain.job import Job
from gotero.domain.message import Mailing, Message, MessageKey, notice
from gotero.domain.message_event import EventKind, MessageEvent, apply
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.domain.record_link import RecordLink
from gotero.ports import IndexKeys, Json, LakeRow, Membership, Source
from gotero.services import read_tables, rebuild_lake
from gotero.services.project_change import (
    MembershipChange,
    MessageChange,
    Projection,
    RecordChange,
    Transition,
    project_changes,
)
from gotero.services.project_link import LinkChange
from gotero.services.rebuild_lake import Rebuilder, rebuild_kinds
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_contact

AT, HOUR, DAY = "2026-11-21T09:00:00.000Z", "2026-11-21T10:00:00.000Z", "2026-11-22T09:00:00.000Z"
CAUSE = Cause("user", "admin")
PEOPLE = [Ref("contacts", f"c{number:02}") for number in range(12)] + [Ref("leads", "l1")]
ACTIVITY = {"activity": "opened", "times": {"at_least": 2}}
OF_SPRING = {"related": "campaigns", "where": {"field": "number", "op": "is", "value": "N-spring"}}
POSTED = {"activity": "form_posted", "times": {"at_least": 1}}


class House:
    """Tables on DynamoDB, and the lake as the streams keep it."""

    def __init__(self) -> None:
        self.objects = MemoryObjects()
        clock = StoppedClock()
        self.lake = S3Lake(self.objects, clock)
        self.records, self.messages, self.memberships = DynamoRecords(), DynamoMessages(), DynamoMemberships()
        self.projection = Projection(self.lake, DynamoTimeline(), MemoryDefinitions(), clock)
        self.clock = clock
        self.changes: list[Any] = []

    def create(self, ref: Ref, form: str | None = None) -> Record:
        record = Record(ref.module, ref.id, f"N-{ref.id}", "admin", {"lastname": ref.id}, AT, "admin", AT)
        event = RecordEvent(f"e-{ref.id}", "create", CAUSE, AT, form)
        self.records.create(record, event, IndexKeys())
        self._project(RecordChange(record, None, event))
        return record

    def change(self, record: Record, **values: Any) -> Record:
        after = replace(record, values={**record.values, **values}, version=record.version + 1)
        event = RecordEvent(f"e-{record.id}-{after.version}", "modify", CAUSE, AT)
        self.records.update(after, event, IndexKeys(), IndexKeys())
        self._project(RecordChange(after, record, event))
        return after

    def enter(self, ref: Ref, segment: str = "s") -> None:
        self.memberships.add(segment, ref, Source("manual", "admin", AT, CAUSE))
        self._moved(ref, segment, "segment_entered", AT)

    def leave(self, ref: Ref, segment: str = "s") -> None:
        self.memberships.remove(segment, ref, None, CAUSE, HOUR)
        self._moved(ref, segment, "segment_left", HOUR)

    def send(self, ref: Ref, *events: tuple[EventKind, str]) -> None:
        mailing = Mailing("t1", "Boletín", "marketing", "recipient_owner", f"{ref.id}@example.com", "c1", job="job1")
        planned = Message(MessageKey(ref, "job", "job1"), f"MSG-{ref.id}", "u1", mailing, CAUSE, AT, AT)
        self.messages.create(planned, notice(planned, "planned", CAUSE))
        self._project(MessageChange(planned))
        before = planned
        for number, (kind, at) in enumerate(events):
            url = "https://example.com/p" if kind is EventKind.CLICKED else ""
            event = MessageEvent(f"{ref.id}-{number}", kind, "", at, url=url)
            after = replace(apply(before, event), version=before.version + 1)
            self.messages.save(after, None)
            self._project(MessageChange(after, before))
            before = after

    def link(self, one: Ref, other: Ref, *, linked: bool = True) -> None:
        (self.records.link if linked else self.records.unlink)(one, other, CAUSE, AT)
        after = RecordLink.between(one, other).turned(AT)
        self._project(LinkChange(after if linked else after.turned(AT)))

    def rebuilder(self) -> Rebuilder:
        return Rebuilder(DynamoTruth(), S3Rebuild(self.objects))

    def answers(self) -> Json:
        """All that people see of it, asked of a reader that has nothing in its memory."""
        lake = S3Lake(self.objects, self.clock)
        return {
            "contacts": lake.page("contacts", sort=[("number", False)], limit=100).items,
            "leads": lake.page("leads").items,
            "messages": lake.page("messages", sort=[("number", False)], limit=100).items,
            "in the bin": lake.page("contacts", binned=True).items,
            "opened twice": lake.count("contacts", ACTIVITY).count,
            "linked": lake.count("contacts", OF_SPRING).sample,
            "posted": lake.count("contacts", POSTED).sample,
            "sizes": lake.sizes().counts,
            "audience": list(lake.audience(Audience(segments=("s",)), 100)),
            "moves": lake.segment_moves("s", "hour"),
            "totals": lake.message_totals("c1")[0],
            "series": lake.message_series("c1"),
            "breakdown": lake.message_breakdown("c1"),
        }

    def _moved(self, ref: Ref, segment: str, kind: Any, at: str) -> None:
        member = self._member(ref, segment)
        transition = Transition(derived_id(str(member.version), str(ref)), kind, CAUSE, at)
        self._project(MembershipChange(member, member.version, transition))

    def _member(self, ref: Ref, segment: str) -> Membership:
        return next(m for m in self.memberships.standing(ref).memberships if m.segment == segment)

    def _project(self, change: Any) -> None:
        self.changes.append(change)

    def project(self) -> None:
        """A batch of the streams."""
        project_changes(self.projection, self.changes, self.clock.now())
        self.changes.clear()


def run(rebuilder: Rebuilder, job: str = "r1", *, between: Callable[[int], None] = lambda _: None, twice: bool) -> Json:
    """All steps of the job, each of them twice when asked; `between` is done after so many of them."""
    step = rebuild_kinds(rebuilder)[rebuild_lake.KIND]
    running = Job(job, rebuild_lake.KIND, "running", {}, AT, "")
    for turn in range(100):
        done = [step(running) for _ in range(2 if twice else 1)][-1]
        running = replace(running, position=done.position, outcome=done.outcome, turn=turn + 1)
        between(turn)
        if done.position is None:
            return done.outcome
    raise AssertionError("it does not end")


@pytest.fixture
def house(dynamodb_tables: Callable[[], AbstractContextManager[None]]) -> Iterator[House]:
    with dynamodb_tables():
        made = House()
        records = [made.create(ref, "form-1" if number == 3 else None) for number, ref in enumerate(PEOPLE)]
        made.change(records[0], lastname="Ferrandis")
        made.change(replace(records[1], deleted_at=HOUR))
        for ref in PEOPLE[:6]:
            made.enter(ref)
        made.leave(PEOPLE[5])
        opened, delivered, bounced = EventKind.OPENED, EventKind.DELIVERED, EventKind.BOUNCED
        spring = made.create(Ref("campaigns", "spring")).ref
        made.link(spring, PEOPLE[2])
        made.link(spring, PEOPLE[3])
        made.link(spring, PEOPLE[3], linked=False)
        made.send(PEOPLE[0], (delivered, AT), (opened, AT), (opened, HOUR), (EventKind.CLICKED, HOUR), (opened, DAY))
        made.send(PEOPLE[2], (delivered, AT), (opened, HOUR))
        made.send(PEOPLE[-1], (bounced, AT))
        made.project()
        yield made


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_tables, "_PAGE", 4)
    monkeypatch.setattr(read_tables, "_PAGES", 2)


@pytest.mark.parametrize("twice", [False, True], ids=["each step once", "each step twice"])
def test_a_lake_that_was_lost_is_as_it_was(house: House, twice: bool) -> None:
    before = house.answers()
    assert before["opened twice"] == 1
    assert len(before["posted"]) == 1
    assert [contact["id"] for contact in before["linked"]] == [PEOPLE[2].id]
    house.objects.stored.clear()
    assert run(house.rebuilder(), twice=twice)["datasets"] == len(rebuild_lake.datasets())
    assert house.answers() == before


def test_what_is_in_no_table_goes_and_what_is_newer_there_is_taken_back(house: House) -> None:
    """As after a table was restored to an instant before the lake's."""
    before = house.answers()
    house.lake.append("contacts", [a_contact("ghost", 1), a_contact("c07", 9, lastname="of the future")], AS_OF)
    assert house.answers() != before
    run(house.rebuilder(), twice=False)
    assert house.answers()["contacts"] == before["contacts"]


def test_readers_and_writers_go_on_meanwhile(house: House) -> None:
    """More changes than one fold holds come after each step, of records that were read before and after."""
    changed = {ref: house.records.get(ref) for ref in PEOPLE[6:9]}

    def meanwhile(turn: int) -> None:
        assert len(house.lake.page("contacts", limit=100).items) == 11
        for number, (ref, record) in enumerate(list(changed.items())):
            assert record is not None
            changed[ref] = house.change(record, lastname=f"{turn}-{number}")
            house.project()

    run(house.rebuilder(), between=meanwhile, twice=False)
    names = {item["id"]: item["values"]["lastname"] for item in house.answers()["contacts"]}
    assert {ref.id: names[ref.id] for ref in changed} == {
        ref.id: record.values["lastname"] for ref, record in changed.items() if record
    }
    # A reader that was warm all the time sees the same as one that starts now.
    assert house.lake.page("contacts", sort=[("number", False)], limit=100).items == house.answers()["contacts"]


def test_of_two_rebuilds_the_later_one_switches(house: House) -> None:
    before = house.answers()
    first = S3Rebuild(house.objects)
    for dataset in rebuild_lake.datasets():
        first.begin(dataset, "first")
    late = house.create(Ref("contacts", "c99"))  # behind the line of the first, before that of the second
    house.project()
    assert run(house.rebuilder(), "second", twice=False)["datasets"] == len(rebuild_lake.datasets())
    assert not any(first.swap(dataset, "first") for dataset in rebuild_lake.datasets())
    assert [item["id"] for item in house.answers()["contacts"]] == [
        *(item["id"] for item in before["contacts"]),
        late.id,
    ]


def parts_of(house: House) -> str:
    """All rows of all objects, whether a manifest names them or not."""
    text = ""
    for key, (body, _, _) in house.objects.stored.items():
        if "/part/" in key:
            with engine.files([(key, body)]) as paths, engine.connect() as connection:
                engine.take_in(connection, paths)
                text += repr(connection.execute("FROM incoming").fetchall())
    return text


def test_who_is_erased_meanwhile_is_in_no_object_of_the_new_generation(house: House) -> None:
    """Read by the rebuild before, forgotten while the next table is read."""
    gone = LakeRow(PEOPLE[0].id, 9, {}, deleted=True)

    def erase(turn: int) -> None:
        if turn == 3:
            assert "Ferrandis" in parts_of(house)
            house.lake.forget("contacts", [gone])

    assert run(house.rebuilder(), between=erase, twice=False)["datasets"] == len(rebuild_lake.datasets())
    assert "Ferrandis" not in parts_of(house)
    assert house.lake.rows("contacts", gone.id) == [gone]
    assert len(house.answers()["contacts"]) == 10


def test_a_rebuild_that_died_holds_up_nothing(house: House) -> None:
    """What it had staged goes a day after the last of it, with what is left over; until then it may go on."""
    rebuild, step = S3Rebuild(house.objects), rebuild_lake.datasets()
    for dataset in step:
        rebuild.begin(dataset, "dead")
    rebuild.stage("contacts", "dead", 1, [a_contact(PEOPLE[0].id, 1, lastname="Muerta")])
    house.objects.put("contacts/part/0-leftover.jsonl.gz", lines([a_contact("left", 1)]))
    gone = LakeRow(PEOPLE[0].id, 9, {}, deleted=True)
    house.objects.time += timedelta(hours=1)
    house.lake.forget("contacts", [gone])
    assert not any("leftover" in key for key in house.objects.stored), "swept while a rebuild is under way"
    assert "Muerta" in parts_of(house)
    house.objects.time += timedelta(hours=24)
    house.lake.forget("contacts", [replace(gone, version=10)])
    assert "Muerta" not in parts_of(house)
    assert rebuild.swap("contacts", "dead") is False
    assert len(house.answers()["contacts"]) == 10
    assert run(house.rebuilder(), "next", twice=False)["datasets"] == len(step)

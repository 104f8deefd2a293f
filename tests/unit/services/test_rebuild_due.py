"""The due index is lost, everything in flight, and made anew from the tables: everything still happens, once."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gotero.adapters.memory.queue import MemoryQueue
from gotero.domain.suppression import Suppression
from gotero.ports import Due, Json
from gotero.ports.rebuild import Item, Table
from gotero.services import read_tables
from gotero.services.assign import assign_many
from gotero.services.bin_record import Bin, bin_record
from gotero.services.check_job import wake_job
from gotero.services.edit_suppressions import mirror_steps
from gotero.services.erase_person import AGAIN_AFTER, ERASE, again_id
from gotero.services.find_filter import Chosen
from gotero.services.rebuild_due import DueRebuilder, due_kinds, start_due_rebuild
from gotero.services.run_workflows import run_postponed_task
from gotero.services.set_autosync import turn_on
from gotero.services.settle_message import mark_uncertain
from gotero.services.start_fill import start_fill
from gotero.services.work_job import JobLine, start_job, work_job
from tests.unit.services.drip_world import CAUSE, World
from tests.unit.services.office import BY_MARC, MARC, Office
from tests.unit.services.post_office import PostOffice, people_of
from tests.unit.services.synced_office import SyncedOffice
from tests.unit.services.twitter_office import Twitter

EVER = datetime(2200, 1, 1, tzinfo=UTC)
BIRTHDAY = {"field": "birthday", "op": "is_today"}
LATER = {"type": "add_to_segment", "delay": {"days": 2}}


class Tables:
    """`Truth` on what the adapters in memory hold."""

    def __init__(self, **of_table: Iterable[Item]) -> None:
        self._of_table: dict[str, list[Item]] = {table: list(items) for table, items in of_table.items()}

    def scan(
        self, table: Table, segment: int, segments: int, after: Json | None, limit: int
    ) -> tuple[list[Item], Json | None]:
        mine = self._of_table.get(table, [])[segment::segments]
        start = after["from"] if after else 0
        return mine[start : start + limit], {"from": start + limit} if len(mine) > start + limit else None


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_tables, "_PAGE", 2)


def waiting(office: Any) -> dict[str, Due]:
    """By what they name; of several the first."""
    found = sorted((due for page in office.due_index.due(EVER) for due in page), key=lambda due: due.at, reverse=True)
    return {due.thing: due for due in found}


def lose(office: Any) -> dict[str, Due]:
    lost = waiting(office)
    office.due_index.done([due for page in office.due_index.due(EVER) for due in page])
    assert not waiting(office)
    return lost


def rebuild(office: Any, tables: Tables, times: int = 2) -> None:
    rebuilder = DueRebuilder(tables, office.due_index, office.timeline, office.jobs, office.definitions, office.clock)
    line = JobLine(office.jobs, MemoryQueue(), office.due_index, office.clock, office.ids)
    for _ in range(times):
        job = start_due_rebuild(line, MARC)
        work_job(line, due_kinds(rebuilder), job.id, lambda: 60.0)
        done = office.jobs.get(job.id)
        assert done and done.state == "finished"
        own = f"steps#{job.id}"
        office.due_index.done([due for page in office.due_index.due(EVER) for due in page if due.thing == own])


def of_records(office: Office) -> list[Item]:
    return list(office.records._records.values())


def of_timeline(office: Office) -> list[Item]:
    return [entry for of in office.timeline._entries.values() for entry in of.values() if "event" in entry.data]


def named(found: dict[str, Due]) -> dict[str, Json]:
    return {thing: due.payload for thing, due in found.items()}


def test_drips_go_on_where_they_were() -> None:
    world = World()
    world.due_index, world.jobs, world.ids = world.index, SyncedOffice().jobs, world.writer.ids  # type: ignore[attr-defined]
    lia, ana = world.contact("lia"), world.contact("ana")
    assign_many(world.drips, [lia, ana], cause=CAUSE, plan=world.plan)
    world.run(minutes=6)
    assert world.states(lia) == ["done", "pending", "pending"]
    lost = lose(world)
    rebuild(world, Tables(assignments=[*world.of(lia), *world.of(ana)]))
    assert {thing: (due.at, due.payload) for thing, due in waiting(world).items()} == {
        thing: (due.at, due.payload) for thing, due in lost.items()
    }
    for days in (10, 30):
        world.clock.move(days=days)
        world.run(minutes=2)
    assert world.states(lia) == world.states(ana) == ["done"] * 3
    assert set(world.mails.asked.values()) == {1}


def test_a_delayed_task_comes_back_unless_it_was_told_that_it_was_done() -> None:
    office = Twitter()
    office.jobs = PostOffice().jobs  # type: ignore[attr-defined]
    office.workflow(tasks=[{**LATER, "params": {"segment_id": office.segment.id}}])
    done, due, waits = (office.contact(leadsource="Twitter") for _ in range(3))
    office.react()
    first, *rest = sorted(waiting(office).values(), key=lambda entry: entry.payload["ref"]["id"] != done.id)
    office.clock.move(days=2, minutes=1)
    run_postponed_task(first.payload, office.tools)
    assert office.is_member(done)
    lost = lose(office)
    rebuild(office, Tables(timeline=of_timeline(office)))
    del lost[first.thing]
    assert waiting(office) == lost == {entry.thing: entry for entry in rest}
    for entry in rest:
        run_postponed_task(entry.payload, office.tools)
    assert all(map(office.is_member, (due, waits)))
    office.clock.move(days=90)  # what was told of them may have gone by now; that they waited may not
    office.timeline.told = lambda places: set()  # type: ignore[method-assign]
    lose(office)
    rebuild(office, Tables(timeline=of_timeline(office)), times=1)
    assert waiting(office) == {}
    entries = office.timeline.page(waits, 10, None)[0]
    assert next(e.keep_days for e in entries if e.data["tasks"][0]["state"] == "waiting") == 92


def test_mails_and_sends_are_looked_after_again() -> None:
    office = PostOffice()
    people = people_of(office, 12)  # the first ten leave at once
    planned, unsure = office.plan(people[0]), office.plan(people[1])
    mark_uncertain(office.ledger, office.due_index, office.clock, unsure, "no_answer")
    campaign, segment = office.campaign(), office.segment(people)
    at = office.clock.now() + timedelta(hours=3)
    later = office.send(campaign, office.order(segment, start=at.isoformat()), key="later")
    spread = office.send(campaign, office.order(segment, window_minutes=600), key="spread")
    office.execute(spread)
    chunks = [office.jobs.chunk(spread.id, number) for number in range(office.job(spread).chunks)]
    lost, _ = lose(office), office.queue.take()
    items = Tables(
        messages=list(office.messages.stored.values()),
        jobs=[office.job(later), office.job(spread), *(chunk for chunk in chunks if chunk)],
    )
    rebuild(office, items)
    again = waiting(office)
    assert named(again) == named(lost)
    assert {thing for thing in lost if thing.startswith("chunk#")}, "one at least waits for its place in the window"
    assert {again[thing].at for thing in lost if thing.startswith("chunk#")} == {
        due.at for thing, due in lost.items() if thing.startswith("chunk#")
    }
    assert again[f"job#{later.id}"].at == at

    office.settle(planned)
    office.work()
    assert [mail.to for mail in office.mail.box] == ["p0@example.com"]
    office.clock.set(again[f"message#{unsure.id}"].at)
    office.settle(unsure)
    assert office.now_is(unsure).state == "held"
    wake_job(office.jobs, office.machine, office.due_index, office.clock, later.id)
    assert office.job(later).state == "running"


def test_what_the_time_turns_and_what_jobs_leave_behind_comes_back() -> None:
    office = SyncedOffice()
    segment = office.segment(BIRTHDAY)
    lia, gone = office.contact(birthday="1990-11-23"), office.contact(lastname="fuera")
    office.sync()
    bin_record(Bin(office.writer, office.due_index), gone, cause=BY_MARC)
    other = office.segment()
    switch = turn_on(office.definer, other.id, Chosen("contacts", BIRTHDAY), replaces=None, cause=BY_MARC)
    filled = start_fill(office.filler, switch, user_id=MARC)
    office.work()
    ended = office.jobs.get(filled.id)
    assert ended and ended.state == "finished"
    stuck = start_fill(office.filler, switch, user_id=MARC)
    exporting = start_job(office.job_line, "export", {}, name="", user_id=MARC)
    erased = start_job(office.job_line, ERASE, {"person": str(lia)}, name="", user_id=MARC)
    office.due_index.put(office.clock.now() + AGAIN_AFTER, f"erase#{erased.id}", {})
    lost = lose(office)
    office.queue.bodies.clear()
    jobs = [job for id in (filled.id, stuck.id, exporting.id, erased.id) if (job := office.jobs.get(id))]
    standings = [office.memberships.standing(ref, ()) for ref in (lia, gone)]
    rebuild(office, Tables(records=of_records(office), memberships=standings, jobs=jobs))
    assert named(waiting(office)) == named(lost)
    office.pass_time(days=1, hours=14, minutes=5)  # in Madrid it is the 23rd now
    assert {kind for kind, _ in office.memberships.told} == {"segment_entered"}
    assert len(office.memberships.told) == 2, "each of the two segments, once"
    assert (done := office.jobs.get(stuck.id)) and done.state == "finished"
    assert office.members(segment) == {lia}

    # What has been done a day later is not asked for again; what somebody took out of the bin stays.
    start_job(office.job_line, ERASE, {"first": erased.id}, name="", user_id=MARC, key=erased.id)
    assert office.jobs.get(again_id(erased))
    lose(office)
    rebuild(office, Tables(jobs=[erased]))
    assert f"erase#{erased.id}" not in waiting(office)


def test_what_the_provider_was_not_told_yet_is_told_again_at_its_pace() -> None:
    office = PostOffice()
    at = "2026-11-21T09:00:00.000Z"
    recent = [Suppression(f"p{number:02}@example.com", "import", at) for number in range(45)]
    old = Suppression("old@example.com", "import", "2026-01-01T09:00:00.000Z")
    office.clock.set(datetime(2026, 11, 21, 10, tzinfo=UTC))
    rebuild(office, Tables(messages=[*recent, old]), times=1)
    told = sorted((due for page in office.due_index.due(EVER) for due in page), key=lambda due: due.at)
    assert sorted(address for due in told for address in due.payload["addresses"]) == [s.address_key for s in recent]
    assert told[-1].at - told[0].at >= timedelta(seconds=20)
    assert [len(due.payload["addresses"]) for due in mirror_steps(["a"] * 45, office.clock.now())] == [20, 20, 5]

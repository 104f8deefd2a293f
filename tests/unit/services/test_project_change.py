"""Changes become rows and timeline entries, once however often they come."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.lake import MemoryLake
from gotero.adapters.memory.records import MemoryTimeline
from gotero.adapters.memory.world import SetClock
from gotero.domain import instant
from gotero.domain.message_event import EventKind, apply
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.ports import Definition, Membership, Source, TimelineEntry
from gotero.services.project_change import (
    Change,
    MembershipChange,
    MessageChange,
    Projection,
    RecordChange,
    Transition,
    project_changes,
)
from tests.unit.domain.test_activity import PLANNED, SENT, an_event

AT = "2026-11-21T09:00:00.000Z"
ANA = Ref("contacts", "ana")
USER = Cause("user", "admin")
CREATED = Record("contacts", "ana", "CON-1", "admin", {"firstname": "Ana"}, AT, "admin", AT)


class World:
    def __init__(self) -> None:
        self.clock = SetClock()
        self.lake = MemoryLake(self.clock)
        self.timeline = MemoryTimeline()
        segment = Definition("segments", "s", {"name": "twitter"}, 1, AT, AT)
        form = Definition("forms", "f", {"name": "Pagina de contacto"}, 1, AT, AT)
        self.projection = Projection(self.lake, self.timeline, MemoryDefinitions(segment, form), self.clock)

    def project(self, *changes: Change, seconds_ago: float = 0.1) -> None:
        project_changes(self.projection, changes, self.clock.now() - timedelta(seconds=seconds_ago))

    def told(self, ref: Ref = ANA) -> list[TimelineEntry]:
        return self.timeline.page(ref, 100, None)[0]


@pytest.fixture
def world() -> World:
    return World()


def an_event_of(kind: Any, id: str = "e1", form: str | None = None, at: str = AT) -> RecordEvent:
    return RecordEvent(id, kind, USER, at, form)


def test_a_creation_is_listed_and_told(world: World) -> None:
    world.project(RecordChange(CREATED, event=an_event_of("create")))
    page = world.lake.page("contacts")
    assert page.items == [CREATED.to_json()]
    assert [(e.kind, e.at, e.cause) for e in world.told()] == [("created", AT, USER)]


def test_a_change_tells_every_value_before_and_after(world: World) -> None:
    after = CREATED.changed({"firstname": None, "lastname": "Gil", "description": "x" * 600}, at=AT, owner="eva")
    world.project(RecordChange(after, CREATED, an_event_of("modify")))
    (entry,) = world.told()
    assert entry.kind == "changed"
    assert entry.data["firstname"] == ["Ana", None]
    assert entry.data["lastname"] == [None, "Gil"]
    assert entry.data["owner"] == ["admin", "eva"]
    assert entry.data["description"] == [None, "x" * 500 + "…"]
    assert "tags" not in entry.data


def test_a_form_is_told_by_name_even_when_it_changed_nothing(world: World) -> None:
    posted = replace(CREATED, version=2)
    world.project(RecordChange(posted, CREATED, an_event_of("modify", form="f")))
    assert [(e.kind, e.data) for e in world.told()] == [("form_posted", {"form": "f", "name": "Pagina de contacto"})]


def test_a_deleted_record_is_told_and_listed_no_more(world: World) -> None:
    world.project(RecordChange(CREATED, event=an_event_of("create")))
    gone = replace(CREATED.changed({}, at=AT), deleted_at=AT)
    world.project(RecordChange(gone, CREATED, an_event_of("delete", "e2", at="2026-11-21T09:01:00.000Z")))
    assert world.lake.count("contacts", None).count == 0
    assert [entry.kind for entry in world.told()] == ["deleted", "created"]


def test_a_write_without_news_is_projected_and_not_told(world: World) -> None:
    world.project(RecordChange(CREATED, event=None))
    assert world.lake.count("contacts", None).count == 1
    assert world.told() == []


def test_entering_and_leaving_a_segment(world: World) -> None:
    cause = Cause("workflow", "w1", part="a la lista")
    member = Membership("s", ANA, AT, (Source("workflow", "w1", AT, cause),))
    entered = Transition("t1", "segment_entered", cause, AT)
    world.project(MembershipChange(member, 1, entered))
    assert world.lake.members("s").items[0]["source"] == "workflow"
    left = Transition("t2", "segment_left", USER, "2026-11-21T09:05:00.000Z")
    world.project(MembershipChange(replace(member, sources=()), 2, left))
    assert world.lake.members("s").items == []
    assert [(e.kind, e.data, e.cause) for e in world.told()] == [
        ("segment_left", {"segment": "s", "name": "twitter", "sources": []}, USER),
        ("segment_entered", {"segment": "s", "name": "twitter", "sources": [{"kind": "workflow", "id": "w1"}]}, cause),
    ]
    world.project(MembershipChange(member, 1, entered))
    (day,) = world.lake.segment_moves("s", "day")
    assert (day["module"], day["entered"], day["left"]) == ("contacts", 1, 1)
    assert world.lake.blocked("s", module="contacts").items == []


def test_who_was_taken_out_by_name_can_be_listed_until_let_in(world: World) -> None:
    member = Membership("s", ANA, AT, (Source("manual", "marc", AT, USER),)).ended(USER, AT)
    world.project(MembershipChange(member, 2))
    (kept,) = world.lake.blocked("s", module="contacts").items
    assert (kept["id"], kept["blocked"]) == ("ana", {"at": AT, "cause": USER.to_json()})
    assert world.lake.members("s").items == []
    world.project(MembershipChange(member.freed(), 3))
    assert world.lake.blocked("s", module="contacts").items == []


def test_a_message_is_listed_charted_and_told_to_its_recipient(world: World) -> None:
    opened = replace(apply(SENT, an_event(EventKind.OPENED)), version=3)
    world.project(MessageChange(PLANNED), MessageChange(SENT, PLANNED), MessageChange(opened, SENT))
    totals, _, _ = world.lake.message_totals("CAM355")
    assert (totals["total"], totals["sent"], totals["opened"]) == (1, 1, 1)
    assert [(hour["sent"], hour["opened"]) for hour in world.lake.message_series("CAM355")] == [(1, 0), (0, 1)]
    assert [entry.kind for entry in world.told()] == ["message_opened", "message_sent"]
    assert world.told()[1].data["message"] == PLANNED.id
    assert "@" not in str(world.told())


def test_batches_that_come_again_change_nothing(world: World) -> None:
    after = CREATED.changed({"firstname": "Eva"}, at=AT)
    changes = (
        RecordChange(CREATED, event=an_event_of("create")),
        RecordChange(after, CREATED, an_event_of("modify", "e2")),
        MessageChange(SENT, PLANNED),
    )
    world.project(*changes)
    told, listed = world.told(), world.lake.page("contacts").items
    world.project(*reversed(changes))
    world.project(changes[0])
    assert (world.told(), world.lake.page("contacts").items) == (told, listed)
    assert world.lake.message_series("CAM355")[0]["sent"] == 1


@pytest.mark.parametrize(
    ("stream", "itself", "exact"), [(0.5, 9000, True), (3, 9000, False), (9000, 3, False), (9000, 0.5, True)]
)
def test_a_projection_that_trails_both_clocks_makes_answers_inexact(
    world: World, stream: float, itself: float, exact: bool
) -> None:
    at = instant.write(world.clock.now() - timedelta(seconds=itself))
    world.project(RecordChange(replace(CREATED, updated_at=at)), seconds_ago=stream)
    assert world.lake.page("contacts").exact is exact

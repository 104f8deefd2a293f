"""The bin: thirty days, undone whole, and emptied for good."""

from datetime import timedelta
from typing import Any

import pytest

from gotero.domain import instant
from gotero.domain.errors import DuplicateError, NotFoundError
from gotero.domain.record import Ref
from gotero.ports import Source, TimelineEntry
from gotero.services.bin_record import KEPT, Bin, bin_record, purge_record, restore_record
from gotero.services.list_records import RecordQuery, list_records
from gotero.services.project_change import Projection, RecordChange, project_changes
from gotero.services.save_record import create_record, get_record, update_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice

TWITTER = {"field": "leadsource", "op": "is", "value": "Twitter"}


@pytest.fixture
def office() -> SyncedOffice:
    return SyncedOffice()


def delete(office: SyncedOffice, ref: Ref) -> None:
    bin_record(Bin(office.writer, office.due_index), ref, cause=BY_MARC)


def purge(office: SyncedOffice, ref: Ref) -> None:
    purge_record(office.writer, office.timeline, office.memberships, ref)


def project(office: SyncedOffice) -> None:
    """What the stream brings to lake and timeline."""
    projection = Projection(office.lake, office.timeline, office.definitions, office.clock)
    changes = [RecordChange(c.after, c.before, c.event) for c in office.changes]
    project_changes(projection, changes, office.clock.now())


def listed(office: SyncedOffice, *, binned: bool = False, search: str | None = None) -> list[str]:
    query = RecordQuery("contacts", search=search, binned=binned)
    return [item["id"] for item in list_records(office.lake, office.records, query, 50).body["items"]]


def test_what_is_deleted_is_in_the_bin_and_nowhere_else(office: SyncedOffice) -> None:
    lia, ana = office.contact(lastname="Núñez"), office.contact(lastname="Gil")
    delete(office, lia)
    project(office)
    assert (listed(office), listed(office, binned=True)) == ([ana.id], [lia.id])
    assert listed(office, binned=True, search="nunez") == [lia.id]
    assert office.lake.count("contacts", None).count == 1
    with pytest.raises(NotFoundError):
        get_record(office.records, lia)


def test_what_somebody_writes_at_the_same_moment_goes_into_the_bin_too(
    office: SyncedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    lia = office.contact(lastname="Núñez")
    write = office.records.update

    def overtaken(*written: Any) -> None:
        monkeypatch.setattr(office.records, "update", write)
        update_record(office.writer, lia, {"city": "Gandia"}, cause=BY_MARC)
        write(*written)

    monkeypatch.setattr(office.records, "update", overtaken)
    delete(office, lia)
    stored = office.records.get(lia)
    assert stored
    assert (stored.values["city"], bool(stored.deleted_at)) == ("Gandia", True)


def test_it_comes_back_as_it_was_with_its_memberships(office: SyncedOffice) -> None:
    synced, by_hand = office.segment(TWITTER), office.segment()
    lia = office.contact(leadsource="Twitter", email="lia@example.org")
    office.sync()
    since = instant.write(office.clock.now())
    office.memberships.add(by_hand.id, lia, Source("manual", MARC, since, BY_MARC))
    before = get_record(office.records, lia)
    delete(office, lia)
    office.sync()
    assert office.memberships.get(synced.id, lia) is None
    restored = restore_record(office.writer, lia, cause=BY_MARC)
    office.sync()
    assert (restored.values, restored.owner, restored.number) == (before.values, before.owner, before.number)
    assert office.records.find_unique("contacts", "email", "lia@example.org") == lia.id
    assert office.members(synced) == office.members(by_hand) == {lia}


def test_a_unique_value_is_free_meanwhile_and_its_holder_named(office: SyncedOffice) -> None:
    lia = office.contact(email="lia@example.org")
    delete(office, lia)
    other = office.contact(email="lia@example.org")
    with pytest.raises(DuplicateError) as refused:
        restore_record(office.writer, lia, cause=BY_MARC)
    assert (refused.value.path, refused.value.holder_id) == ("values.email", other.id)
    with pytest.raises(NotFoundError):
        restore_record(office.writer, other, cause=BY_MARC)


def test_restoring_runs_no_workflow_and_is_told(office: SyncedOffice) -> None:
    everything = {"name": "w", "module": "contacts", "trigger": {"on": "save"}, "active": True}
    task = {"type": "update_fields", "name": "t", "params": {"values": {"title": "x"}}}
    lia = office.contact()
    office.changes.clear()
    office.define("workflows", {**everything, "condition": None, "tasks": [task]})
    delete(office, lia)
    restore_record(office.writer, lia, cause=BY_MARC)
    project(office)
    office.react()
    assert "title" not in get_record(office.records, lia).values
    assert office.told(lia) == ["restored", "deleted"]


def test_after_thirty_days_nothing_of_it_is_left(office: SyncedOffice) -> None:
    segment = office.segment()
    lia = create_record(office.writer, "contacts", {"lastname": "Núñez"}, cause=BY_MARC, owner=MARC, tags=("vip",)).ref
    at = instant.write(office.clock.now())
    office.memberships.add(segment.id, lia, Source("manual", MARC, at, BY_MARC))
    office.timeline.add([TimelineEntry(lia, at, "created", BY_MARC, "e")])
    delete(office, lia)
    assert [d.thing for page in office.due_index.due(office.clock.now() + KEPT) for d in page] == [f"purge#{lia}"]
    office.clock.move(days=29)
    purge(office, lia)
    assert restore_record(office.writer, lia, cause=BY_MARC).values == {"lastname": "Núñez"}
    delete(office, lia)
    office.clock.move(days=1)
    purge(office, lia)
    assert restore_record(office.writer, lia, cause=BY_MARC).tags == ("vip",), "its first thirty days do not count"
    delete(office, lia)
    project(office)
    office.changes.clear()
    office.clock.set(office.clock.now() + KEPT + timedelta(seconds=1))
    purge(office, lia)
    purge(office, lia)
    project(office)
    husk = office.records.get(lia)
    assert husk
    assert (dict(husk.values), husk.tags) == ({}, ())
    assert office.told(lia) == []
    assert office.memberships.standing(lia).memberships == ()
    assert listed(office, binned=True) == []
    assert "Núñez" not in str(office.lake._rows["contacts"][lia.id].data)
    with pytest.raises(NotFoundError):
        restore_record(office.writer, lia, cause=BY_MARC)

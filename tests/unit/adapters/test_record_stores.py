"""Records, definitions, memberships, timelines: one suite for the stores in memory and on DynamoDB."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import pytest

from gotero.adapters.dynamodb.definitions import DefinitionItem, DynamoDefinitions, DynamoNumbers
from gotero.adapters.dynamodb.memberships import DynamoMemberships
from gotero.adapters.dynamodb.records import DynamoRecords
from gotero.adapters.dynamodb.timeline import DynamoTimeline
from gotero.adapters.dynamodb.work import DynamoCounters
from gotero.adapters.memory.definitions import MemoryCounters, MemoryDefinitions
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords, MemoryTimeline
from gotero.adapters.memory.world import SetClock
from gotero.domain.errors import ConflictError, DuplicateError, NotFoundError, TransientError
from gotero.domain.membership import Block
from gotero.domain.modules import LINK
from gotero.domain.numbering import Numbering
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.ports import (
    Counters,
    Definition,
    Definitions,
    IndexKeys,
    Memberships,
    Numbers,
    Post,
    Records,
    Source,
    Timeline,
    TimelineEntry,
)

AT = "2026-11-21T09:00:00.000Z"
LATER = "2026-11-21T10:00:00.000Z"
CAUSE = Cause("workflow", "w1", part="t1", event="e1", depth=2)
LIA = Ref("contacts", "lia")
LIAS_KEYS = IndexKeys({"email": "lia@example.org"}, frozenset({"lia@example.org"}))


@dataclass(frozen=True)
class Stores:
    records: Records
    numbers: Numbers
    definitions: Definitions
    memberships: Memberships
    timeline: Timeline
    counters: Counters


@pytest.fixture(params=["memory", "dynamodb"])
def stores(
    request: pytest.FixtureRequest, dynamodb_tables: Callable[[], AbstractContextManager[None]]
) -> Iterator[Stores]:
    if request.param == "memory":
        yield Stores(
            MemoryRecords(),
            MemoryNumbers(),
            MemoryDefinitions(),
            MemoryMemberships(),
            MemoryTimeline(),
            MemoryCounters(),
        )
        return
    clock = SetClock()
    with dynamodb_tables():
        yield Stores(
            DynamoRecords(),
            DynamoNumbers(),
            DynamoDefinitions(),
            DynamoMemberships(),
            DynamoTimeline(),
            DynamoCounters(clock),
        )


def a_record(ref: Ref = LIA, **values: object) -> Record:
    given = {"lastname": "Núñez", "tags": ["a", "b"], "n": 3, "yes": True, "empty": "", **values}
    return Record(ref.module, ref.id, "CON-1", "marc", given, AT, "marc", AT, tags=("vip",))


def an_event(kind: str = "create", id: str = "e1") -> RecordEvent:
    return RecordEvent(id, kind, CAUSE, AT)  # type: ignore[arg-type]  # one of the three


def test_a_record_comes_back_as_it_went(stores: Stores) -> None:
    stores.records.create(a_record(), an_event(), LIAS_KEYS)
    assert stores.records.get(LIA) == a_record()
    assert stores.records.get_many([LIA, LIA, Ref("contacts", "nobody")]) == {LIA: a_record()}
    assert stores.records.get(Ref("contacts", "nobody")) is None


def test_a_held_value_is_refused_with_its_holder_and_nothing_is_written(stores: Stores) -> None:
    stores.records.create(a_record(), an_event(), LIAS_KEYS)
    other = Ref("contacts", "other")
    with pytest.raises(DuplicateError) as refused:
        stores.records.create(a_record(other), an_event(), LIAS_KEYS)
    assert (refused.value.path, refused.value.holder_id) == ("values.email", "lia")
    assert stores.records.get(other) is None
    assert stores.records.with_address("lia@example.org", 10)[0] == [LIA]


def test_the_same_record_twice_is_a_conflict(stores: Stores) -> None:
    stores.records.create(a_record(), an_event(), IndexKeys())
    with pytest.raises(ConflictError):
        stores.records.create(a_record(), an_event(), IndexKeys())


def test_a_change_moves_the_keys_and_only_over_the_version_before(stores: Stores) -> None:
    stores.records.create(a_record(), an_event(), LIAS_KEYS)
    changed = a_record().changed({"lastname": "N"}, at=LATER)
    after = IndexKeys({"email": "otra@example.org"}, frozenset({"otra@example.org"}))
    stores.records.update(changed, an_event("modify", "e2"), LIAS_KEYS, after)
    assert stores.records.get(LIA) == changed
    assert stores.records.find_unique("contacts", "email", "lia@example.org") is None
    assert stores.records.find_unique("contacts", "email", "otra@example.org") == "lia"
    assert stores.records.holders("contacts", "email", ["lia@example.org", "otra@example.org"]) == {
        "otra@example.org": "lia"
    }
    assert stores.records.holders("contacts", "email", []) == {}
    assert stores.records.with_address("lia@example.org", 10)[0] == []
    with pytest.raises(ConflictError):
        stores.records.update(changed, an_event("modify", "e3"), after, after)


def test_a_changed_address_that_is_held_is_refused_with_its_holder(stores: Stores) -> None:
    stores.records.create(a_record(), an_event(), LIAS_KEYS)
    other, others = Ref("contacts", "other"), IndexKeys({"email": "o@example.org"}, frozenset({"o@example.org"}))
    stores.records.create(a_record(other), an_event(), others)
    changed = a_record(other).changed({"lastname": "N"}, at=LATER)
    with pytest.raises(DuplicateError) as refused:
        stores.records.update(changed, an_event("modify", "e2"), others, LIAS_KEYS)
    assert refused.value.holder_id == "lia"
    assert stores.records.find_unique("contacts", "email", "o@example.org") == "other"


def test_what_stands_beside_a_record_goes_with_it(stores: Stores) -> None:
    deleted = replace(a_record(), deleted_at=LATER, merged_into="other")
    stores.records.create(deleted, an_event(), IndexKeys())
    pointing = IndexKeys(relations=frozenset({("contact", LIA)}))
    stores.records.create(a_record(Ref("invoices", "i1")), an_event(), pointing)
    stores.records.first_match(LIA, "w1", "e1")
    stores.memberships.add("s1", LIA, Source("manual", "marc", AT, CAUSE))
    stores.timeline.add([TimelineEntry(LIA, AT, "created", CAUSE, "e1")])
    for forget in (stores.records.forget, stores.timeline.forget, stores.memberships.forget):
        forget(LIA)
    assert stores.records.get(LIA) == deleted
    assert stores.records.pointing(LIA, "invoices", "contact", 10) == ([], None)
    assert stores.records.first_match(LIA, "w1", "e2")
    assert stores.memberships.of(LIA) == []
    assert stores.timeline.page(LIA, 10, None) == ([], None)


def test_every_form_that_was_posted_for_a_record_is_kept(stores: Stores) -> None:
    posted = replace(an_event(), form="newsletter")
    stores.records.create(a_record(), posted, IndexKeys())
    changed = a_record().changed({}, at=LATER)
    again = replace(an_event("modify", "e2"), form="contact", at=LATER)
    stores.records.update(changed, again, IndexKeys(), IndexKeys())
    stores.records.update(changed.changed({}, at=LATER), an_event("modify", "e3"), IndexKeys(), IndexKeys())
    found = sorted(stores.records.posts(LIA), key=lambda post: post.at)
    assert found == [Post("newsletter", posted.at), Post("contact", LATER)]
    assert stores.records.posts(Ref("contacts", "nobody")) == []
    stores.records.forget(LIA)
    assert stores.records.posts(LIA) == []


def test_a_first_match_is_first_once(stores: Stores) -> None:
    assert stores.records.first_match(LIA, "w1", "e1")
    assert not stores.records.first_match(LIA, "w1", "e2")
    assert stores.records.first_match(LIA, "w1", "e1"), "the same event comes again"
    assert stores.records.first_match(LIA, "w2", "e2")


def test_linked_records_find_each_other_until_they_are_unlinked(stores: Stores) -> None:
    campaign, others = Ref("campaigns", "c1"), [Ref("contacts", id) for id in ("a", "b", "c")]
    told = [stores.records.link(campaign, ref, CAUSE, AT) for ref in (*others, others[0])]
    assert told == [True, True, True, False]
    assert stores.records.pointing(campaign, "contacts", LINK, 2) == (others[:2], "b")
    assert stores.records.pointing(campaign, "contacts", LINK, 2, "b") == (others[2:], None)
    assert stores.records.pointing(others[1], "campaigns", LINK, 2) == ([campaign], None)
    assert [stores.records.unlink(others[1], campaign, CAUSE, AT) for _ in range(2)] == [True, False]
    assert stores.records.pointing(campaign, "contacts", LINK, 5) == ([others[0], others[2]], None)
    assert stores.records.pointing(others[1], "campaigns", LINK, 5) == ([], None)
    assert stores.records.get(campaign) is None


def test_numbers_are_given_once_and_start_where_they_are_told(stores: Stores) -> None:
    usual = Numbering("CON-", 3)
    assert [stores.numbers.draw("contacts", 1, usual) for _ in range(3)] == [["CON-001"], ["CON-002"], ["CON-003"]]
    assert stores.numbers.draw("contacts", 3, usual) == ["CON-004", "CON-005", "CON-006"]
    stores.numbers.start_at("campaigns", 355)
    assert stores.numbers.draw("campaigns", 1, Numbering("CAM")) == ["CAM355"]
    stores.numbers.start_at("contacts", 2)
    stores.numbers.write_as("contacts", Numbering("C/", 5))
    assert stores.numbers.draw("contacts", 1, usual) == ["C/00007"]
    stores.numbers.write_as("leads", Numbering())
    assert stores.numbers.draw("leads", 2, usual) == ["1", "2"]


def a_definition(id: str = "s1", version: int = 1, **data: object) -> Definition:
    return Definition("segments", id, {"name": "twitter", "list": ["a"], **data}, version, AT, AT, CAUSE.to_json())


def test_a_definition_is_versioned_and_its_name_held_once(stores: Stores) -> None:
    stores.definitions.put(a_definition(), names={"name": "Twitter"})
    assert stores.definitions.get("segments", "s1") == a_definition()
    with pytest.raises(DuplicateError) as refused:
        stores.definitions.put(a_definition("s2"), names={"name": "twitter"})
    assert (refused.value.path, refused.value.holder_id) == ("name", "s1")
    with pytest.raises(ConflictError):
        stores.definitions.put(a_definition(), names={"name": "another"})
    stores.definitions.put(a_definition(version=2, name="renamed"), names={"name": "renamed"})
    stores.definitions.put(a_definition("s2"), names={"name": "twitter"})
    assert {d.id: d.version for d in stores.definitions.all("segments")} == {"s1": 2, "s2": 1}


def test_all_definitions_are_those_of_now(stores: Stores) -> None:
    assert stores.definitions.all("segments") == []
    stores.definitions.put(a_definition())
    assert len(stores.definitions.all("segments")) == 1
    stores.definitions.delete("segments", "s1")
    assert stores.definitions.all("segments") == []
    with pytest.raises(NotFoundError):
        stores.definitions.delete("segments", "s1")


def test_a_definition_renamed_while_it_is_deleted_keeps_no_name_for_ever(
    dynamodb_tables: Callable[[], AbstractContextManager[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with dynamodb_tables():
        definitions = DynamoDefinitions()
        definitions.put(a_definition(), names={"name": "twitter"})
        read = DefinitionItem.get("segments", "s1")
        definitions.put(a_definition(version=2, name="renamed"), names={"name": "renamed"})
        with monkeypatch.context() as patched, pytest.raises(TransientError):
            patched.setattr(DefinitionItem, "get", lambda *_, **__: read)
            definitions.delete("segments", "s1")
        definitions.delete("segments", "s1")
        definitions.put(a_definition("s2"), names={"name": "renamed"})


def a_source(kind: str, id: str) -> Source:
    return Source(kind, id, AT, CAUSE)  # type: ignore[arg-type]  # one of Source's kinds


def test_a_membership_begins_with_its_first_source_and_ends_with_its_last(stores: Stores) -> None:
    enter = [stores.memberships.add("s1", LIA, s) for s in (a_source("workflow", "w1"), a_source("manual", "marc"))]
    assert enter == [True, False]
    assert not stores.memberships.add("s1", LIA, a_source("manual", "marc"))
    membership = stores.memberships.get("s1", LIA)
    assert membership
    assert [(s.kind, s.id) for s in membership.sources] == [("workflow", "w1"), ("manual", "marc")]
    assert membership.sources[0].cause == CAUSE
    assert not stores.memberships.remove("s1", LIA, ("workflow", "w1"), CAUSE, LATER)
    assert stores.memberships.remove("s1", LIA, ("manual", "marc"), CAUSE, LATER)
    assert not stores.memberships.remove("s1", LIA, None, CAUSE, LATER)
    assert stores.memberships.get("s1", LIA) is None
    assert stores.memberships.of(LIA) == []
    assert stores.memberships.add("s1", LIA, replace(a_source("manual", "marc"), since=LATER))
    again = stores.memberships.get("s1", LIA)
    assert again
    assert again.since == LATER


def test_who_is_taken_out_by_name_stays_out_of_autosync_until_put_in_by_name(stores: Stores) -> None:
    by_filter = a_source("filter", "r1")
    stores.memberships.add("s1", LIA, by_filter)
    stores.memberships.add("s1", LIA, a_source("manual", "marc"))
    assert stores.memberships.remove("s1", LIA, None, CAUSE, LATER)
    assert not stores.memberships.add("s1", LIA, by_filter)
    assert not stores.memberships.add("s1", LIA, a_source("import", "file"))
    (kept,) = stores.memberships.standing(LIA).memberships
    assert kept.blocked == Block(LATER, CAUSE)
    assert (kept.sources, kept.inside) == ((), False)
    assert stores.memberships.add("s1", LIA, a_source("form", "f1"))
    assert stores.memberships.standing(LIA).memberships[0].blocked is None
    assert not stores.memberships.add("s1", LIA, by_filter)
    assert not stores.memberships.remove("s1", LIA, ("filter", "r1"), CAUSE, LATER)
    assert stores.memberships.get("s1", LIA)


def test_a_segment_that_keeps_out_is_opened_again_by_a_hand_alone(stores: Stores) -> None:
    stores.memberships.add("s1", LIA, a_source("manual", "marc"))
    stores.memberships.remove("s1", LIA, None, CAUSE, LATER)
    for kind in ("workflow", "form", "dashboard", "import", "filter"):
        assert not stores.memberships.add("s1", LIA, a_source(kind, "x"), keeps_out=True)
        assert stores.memberships.standing(LIA).memberships[0].blocked == Block(LATER, CAUSE)
    assert stores.memberships.add("s1", LIA, a_source("manual", "marc"), keeps_out=True)
    assert stores.memberships.standing(LIA).memberships[0].blocked is None
    assert not stores.memberships.add("s1", LIA, a_source("workflow", "w1"), keeps_out=True)
    assert [s.kind for m in stores.memberships.of(LIA) for s in m.sources] == ["manual", "workflow"]


def test_who_is_let_in_again_is_within_reach_and_no_member(stores: Stores) -> None:
    stores.memberships.add("s1", LIA, a_source("filter", "r1"))
    stores.memberships.remove("s1", LIA, None, CAUSE, LATER)
    assert stores.memberships.free("s1", LIA, CAUSE, LATER)
    assert not stores.memberships.free("s1", LIA, CAUSE, LATER)
    assert stores.memberships.get("s1", LIA) is None
    assert stores.memberships.add("s1", LIA, a_source("filter", "r1"))


def test_an_evaluation_writes_all_of_it_or_starts_over(stores: Stores) -> None:
    memberships = stores.memberships
    memberships.add("s2", LIA, a_source("manual", "marc"))
    before = memberships.standing(LIA)
    assert (before.version, before.flip_at, [m.segment for m in before.memberships]) == (0, "", ["s2"])
    changed = [before.of(segment).given(a_source("filter", "r1")) for segment in ("s1", "s2")]
    memberships.settle(before, changed, (), LATER, CAUSE, AT)
    after = memberships.standing(LIA)
    assert (after.version, after.flip_at) == (1, LATER)
    assert {m.segment: [s.kind for s in m.sources] for m in memberships.of(LIA)} == {
        "s1": ["filter"],
        "s2": ["manual", "filter"],
    }
    with pytest.raises(ConflictError):
        memberships.settle(before, [], (), "", CAUSE, AT)
    memberships.remove("s2", LIA, None, CAUSE, LATER)
    with pytest.raises(ConflictError):
        memberships.settle(after, [after.of(s).without("filter", "r1") for s in ("s1", "s2")], (), "", CAUSE, AT)
    assert memberships.get("s1", LIA)
    memberships.settle(memberships.standing(LIA), [], (), "", CAUSE, AT)
    assert (memberships.standing(LIA).version, memberships.standing(LIA).flip_at) == (2, "")


def test_a_timeline_reads_newest_first_in_pages_and_keeps_one_of_the_same(stores: Stores) -> None:
    entries = [
        TimelineEntry(LIA, f"2026-11-21T09:00:0{i}.000Z", "changed", CAUSE, f"x{i}", {"city": [None, "Gandia"]})
        for i in range(5)
    ]
    stores.timeline.add(entries)
    stores.timeline.add(entries[:2])
    first, after = stores.timeline.page(LIA, 3, None)
    rest, end = stores.timeline.page(LIA, 3, after)
    assert [e.id for e in first + rest] == ["x4", "x3", "x2", "x1", "x0"]
    assert end is None
    assert first[0] == entries[4]


def test_counters_count(stores: Stores) -> None:
    assert [stores.counters.add("honeypot#f1", "2026-11-21") for _ in range(2)] == [1, 2]

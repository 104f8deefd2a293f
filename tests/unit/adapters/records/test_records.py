"""Records with their keys, what stands beside them, and their links."""

from dataclasses import replace

import pytest

from gotero.domain.errors import AppliedError, ConflictError, DuplicateError
from gotero.domain.modules import LINK
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.ports import (
    IndexKeys,
    Post,
    Source,
    TimelineEntry,
)
from tests.unit.adapters.records.samples import AT, CAUSE, LATER, LIA, Stores

LIAS_KEYS = IndexKeys({"email": "lia@example.org"}, frozenset({"lia@example.org"}))


def a_record(ref: Ref = LIA, **values: object) -> Record:
    given = {"lastname": "Núñez", "tags": ["a", "b"], "n": 3, "yes": True, "empty": "", **values}
    return Record(ref.module, ref.id, "CON-1", "marc", given, AT, "marc", AT, tags=("vip",))


def an_event(kind: str = "create", id: str = "e1") -> RecordEvent:
    return RecordEvent(id, kind, replace(CAUSE, event=id), AT)  # type: ignore[arg-type]  # one of the three


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


def test_what_a_task_does_at_an_event_it_does_once(stores: Stores) -> None:
    stores.records.create(a_record(), an_event(), LIAS_KEYS)
    task = Cause("workflow", "w1", part="t1", event="e1")
    by_task = replace(an_event("modify", "e2"), cause=task)
    after = IndexKeys({"email": "otra@example.org"}, frozenset({"otra@example.org"}))
    first = a_record().changed({"lastname": "T"}, at=LATER)
    stores.records.update(first, by_task, LIAS_KEYS, after)
    since = first.changed({"lastname": "M"}, at=LATER)
    stores.records.update(since, an_event("modify", "e3"), after, after)
    for version in (first, since.changed({"lastname": "T"}, at=LATER)):
        with pytest.raises(AppliedError):
            stores.records.update(version, by_task, after, LIAS_KEYS)
    assert stores.records.get(LIA) == since
    assert not stores.records.applied(LIA, task, AT)
    other = replace(task, event="e9")
    assert stores.records.applied(LIA, other, AT)
    with pytest.raises(AppliedError):
        stores.records.update(since.changed({}, at=LATER), replace(by_task, cause=other), after, after)


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

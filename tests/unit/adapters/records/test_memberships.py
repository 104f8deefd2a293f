"""Memberships: their sources, blocks, and evaluations that are written whole or not at all."""

from dataclasses import replace

import pytest

from gotero.domain.errors import ConflictError
from gotero.domain.membership import Block
from gotero.ports import (
    Source,
)
from tests.unit.adapters.records.samples import AT, CAUSE, LATER, LIA, Stores


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

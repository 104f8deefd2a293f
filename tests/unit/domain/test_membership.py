"""What a membership is made of: sources, a block, and what counts."""

from gotero.domain.membership import Membership, Source
from gotero.domain.record import Cause, Ref

CAUSE = Cause("user", "marc")
NOBODY = Membership("s1", Ref("contacts", "lia"))
OLD, NEW = (Source("filter", id, f"2026-11-{day}", CAUSE) for id, day in (("old", "20"), ("new", "21")))


def test_a_generation_that_does_not_count_yet_makes_nobody_a_member() -> None:
    filled = NOBODY.given(NEW)
    assert filled.counted({"new"}) is None
    assert filled.transition({"new"}) is None
    assert filled.transition(()) == "segment_entered"


def test_who_is_in_both_generations_neither_enters_nor_leaves() -> None:
    inside = Membership("s1", NOBODY.ref, OLD.since, (OLD,), inside=True).given(NEW)
    assert inside.transition({"new"}) is None
    assert inside.transition({"old"}) is None
    counted = inside.without("filter", "old").counted(())
    assert counted
    assert (counted.sources, counted.since) == ((NEW,), OLD.since)


def test_who_is_only_in_the_old_one_leaves_when_it_counts_no_more() -> None:
    inside = Membership("s1", NOBODY.ref, OLD.since, (OLD,), inside=True)
    assert inside.transition({"old"}) == "segment_left"


def test_nobody_is_taken_out_who_is_not_in() -> None:
    assert NOBODY.ended(CAUSE, "2026-11-21") == NOBODY
    assert NOBODY.given(OLD).given(OLD) == NOBODY.given(OLD)

"""Sources that do not count make nobody a member, whatever is asked; whoever has one can still be listed."""

import pytest

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.lake import MemoryLake
from gotero.domain.audience import Audience
from gotero.domain.membership import Membership, Source
from gotero.domain.record import Cause, Ref
from gotero.ports import Lake
from gotero.services.project_change import MembershipChange, member_row
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_contact, a_member

CAUSE = Cause("system", "autosync")


@pytest.fixture
def uncounted() -> set[str]:
    return set()


@pytest.fixture(params=["duckdb", "memory"])
def lake(request: pytest.FixtureRequest, uncounted: set[str]) -> Lake:
    made: Lake = (
        S3Lake(MemoryObjects(), StoppedClock(), uncounted=lambda: uncounted)
        if request.param == "duckdb"
        else MemoryLake(StoppedClock(), uncounted=lambda: uncounted)
    )
    has = {"a": ("old",), "b": ("old", "new"), "c": ("new",), "d": ("new", "marc")}
    rows = []
    for id, sources in has.items():
        member = Membership("s", Ref("contacts", id), AS_OF, tuple(Source("filter", s, AS_OF, CAUSE) for s in sources))
        rows.append(member_row(MembershipChange(member, 1)))
    made.append("contacts", [a_contact(id) for id in has], AS_OF)
    made.append("members", [*rows, a_member("s", "contacts", "e")], AS_OF)
    return made


def seen(lake: Lake) -> str:
    found = "".join(ref.id for page in lake.audience(Audience(segments=("s",)), 2) for ref in page)
    assert sorted(item["id"] for item in lake.members("s").items) == list(found)
    assert lake.member_counts("s") == {"contacts": len(found)}
    others = [ref.id for page in lake.audience(Audience(except_segments=("s",), everyone=True), 10) for ref in page]
    assert sorted([*others, *found]) == sorted({"a", "b", "c", "d"} | set(found))
    return found


def test_a_generation_counts_or_not_as_a_whole(lake: Lake, uncounted: set[str]) -> None:
    uncounted.add("new")
    assert seen(lake) == "abde"
    uncounted.clear()
    uncounted.add("old")
    assert seen(lake) == "bcde"
    uncounted.add("new")
    assert seen(lake) == "de"
    uncounted.clear()
    assert seen(lake) == "abcde"


def test_whoever_has_a_source_is_listed_counted_or_not(lake: Lake, uncounted: set[str]) -> None:
    uncounted.add("new")
    first, after = lake.given("s", "new", 2)
    rest, end = lake.given("s", "new", 2, after)
    assert ([ref.id for ref in first], [ref.id for ref in rest], end) == (["b", "c"], ["d"], None)
    assert lake.given("s", "nobody", 2) == ([], None)
    assert lake.given("other", "new", 2) == ([], None)

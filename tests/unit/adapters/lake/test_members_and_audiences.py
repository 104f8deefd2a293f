"""Who is in a segment, who was, and whom a send addresses: in memory and on S3 alike."""

import pytest

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.lake import MemoryLake
from gotero.domain.audience import Audience, FilterPart
from gotero.domain.record import Ref
from gotero.ports import Lake, LakeRow
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_contact, a_member, a_record, ids


@pytest.fixture(params=["duckdb", "memory"])
def lake(request: pytest.FixtureRequest) -> Lake:
    return S3Lake(MemoryObjects(), StoppedClock()) if request.param == "duckdb" else MemoryLake(StoppedClock())


def test_members_come_newest_first_with_the_name_of_their_record(lake: Lake) -> None:
    lake.append("contacts", [a_contact("a", number=7, firstname="Ana", lastname="Gil")], AS_OF)
    lake.append(
        "members",
        [
            a_member("s", "contacts", "a", since="2026-02-01T00:00:00.000Z"),
            a_member("s", "leads", "l", since="2026-03-01T00:00:00.000Z"),
            a_member("s", "contacts", "gone", version=2, left=True),
            a_member("other", "contacts", "a"),
        ],
        AS_OF,
    )
    page = lake.members("s", limit=1)
    assert [(m["module"], m["id"], m["title"], m["number"]) for m in page.items] == [("leads", "l", "", None)]
    (second,) = lake.members("s", limit=1, after=page.after).items
    assert (second["title"], second["number"], second["source"]) == ("Ana Gil", "CON-7", "manual")
    assert second["sources"][0]["cause"] == {"user": "admin"}
    assert ids(lake.members("s", module="contacts").items) == ["a"]
    assert lake.member_counts("s") == {"contacts": 1, "leads": 1}


def test_sizes_of_all_segments_come_in_one_answer(lake: Lake) -> None:
    rows = [a_member("s", "contacts", "a"), a_member("s", "leads", "l"), a_member("t", "contacts", "a")]
    lake.append("members", rows, AS_OF)
    sizes = lake.sizes()
    assert (sizes.counts, sizes.as_of) == ({"s": {"contacts": 1, "leads": 1}, "t": {"contacts": 1}}, AS_OF)
    assert lake.sizes("t").counts == {"t": {"contacts": 1}}
    assert lake.sizes("nobody").counts == {}


def test_moves_are_told_by_hour_and_by_day(lake: Lake) -> None:
    def moved(id: str, kind: str, at: str, module: str = "contacts") -> LakeRow:
        data = {"segment": "s", "module": module, "record": id, "kind": f"segment_{kind}", "at": f"2026-11-{at}Z"}
        return LakeRow(f"{id}{kind}", 1, data)

    rows = [
        moved("a", "entered", "20T09:10:00.000"),
        moved("b", "entered", "20T09:59:59.999"),
        moved("a", "left", "20T10:00:00.000"),
        moved("l", "entered", "21T08:00:00.000", "leads"),
    ]
    lake.append("transitions", rows, AS_OF)
    lake.append("transitions", rows, AS_OF)
    assert [(m["at"][8:13], m["module"], m["entered"], m["left"]) for m in lake.segment_moves("s", "hour")] == [
        ("20T09", "contacts", 2, 0),
        ("20T10", "contacts", 0, 1),
        ("21T08", "leads", 1, 0),
    ]
    assert [(m["at"], m["entered"], m["left"]) for m in lake.segment_moves("s", "day")] == [
        ("2026-11-20T00:00:00.000Z", 2, 1),
        ("2026-11-21T00:00:00.000Z", 1, 0),
    ]
    assert lake.segment_moves("other", "day") == []


def test_who_is_kept_out_is_listed_and_counted_nowhere(lake: Lake) -> None:
    block = {"at": AS_OF, "cause": {"user": "admin"}}
    kept = [
        LakeRow(row.id, row.version, {**row.data, "sources": [], "source_ids": [], "blocked": block}, True, True)
        for row in (a_member("s", "contacts", "a"), a_member("s", "contacts", "b"), a_member("s", "leads", "l"))
    ]
    lake.append("contacts", [a_contact("a", firstname="Ana", lastname="Gil")], AS_OF)
    lake.append("members", [*kept, a_member("s", "contacts", "in")], AS_OF)
    page = lake.blocked("s", module="contacts", limit=1)
    assert [(m["id"], m["title"], m["blocked"]) for m in page.items] == [("a", "Ana Gil", block)]
    assert ids(lake.blocked("s", module="contacts", limit=1, after=page.after).items) == ["b"]
    assert lake.sizes("s").counts == {"s": {"contacts": 1}}
    assert ids(lake.members("s").items) == ["in"]
    assert lake.audience_size(Audience(segments=("s",))) == 1


def test_a_deleted_record_is_no_member_any_more(lake: Lake) -> None:
    lake.append("contacts", [a_contact("a", 2, deleted=True), a_contact("b")], AS_OF)
    lake.append("members", [a_member("s", "contacts", "a"), a_member("s", "contacts", "b")], AS_OF)
    assert lake.member_counts("s") == {"contacts": 1}
    assert ids(lake.members("s").items) == ["b"]
    assert list(lake.audience(Audience(segments=("s",)), 10)) == [[Ref("contacts", "b")]]


def test_an_audience_has_everybody_once_in_a_stable_order(lake: Lake) -> None:
    lake.append("contacts", [a_contact(id) for id in "abc"], AS_OF)
    lake.append("accounts", [a_record("accounts", "x")], AS_OF)
    lake.append("leads", [a_record("leads", "l", 2, deleted=True)], AS_OF)
    lake.append("campaigns", [a_record("campaigns", "no person")], AS_OF)
    members = [("s", "contacts", "a"), ("s", "contacts", "b"), ("t", "contacts", "b"), ("t", "accounts", "x")]
    lake.append("members", [a_member(*member) for member in [*members, ("no", "contacts", "b")]], AS_OF)
    people = {
        "two segments": lake.audience(
            Audience(
                segments=(
                    "s",
                    "t",
                )
            ),
            2,
        ),
        "all but one": lake.audience(Audience(except_segments=("no",), everyone=True), 3),
        "nobody": lake.audience(Audience(), 2),
        "from the middle": lake.audience(
            Audience(
                segments=(
                    "s",
                    "t",
                )
            ),
            9,
            after=Ref("contacts", "a"),
        ),
        "behind the last": lake.audience(
            Audience(
                segments=(
                    "s",
                    "t",
                )
            ),
            9,
            after=Ref("contacts", "b"),
        ),
    }
    assert {name: [[str(ref) for ref in batch] for batch in batches] for name, batches in people.items()} == {
        "two segments": [["accounts#x", "contacts#a"], ["contacts#b"]],
        "all but one": [["accounts#x", "contacts#a", "contacts#c"]],
        "nobody": [],
        "from the middle": [["contacts#b"]],
        "behind the last": [],
    }


def test_an_audience_of_filters_and_picked_records(lake: Lake) -> None:
    towns = {"a": "Alzira", "b": "Alzira", "c": "Gandia", "d": "Sueca"}
    lake.append("contacts", [a_contact(id, city=city, firstname=f"Zoé {id}") for id, city in towns.items()], AS_OF)
    lake.append("accounts", [a_record("accounts", "x", accountname="Roig")], AS_OF)
    lake.append("members", [a_member("no", "contacts", "b"), a_member("s", "contacts", "d")], AS_OF)
    alzira = FilterPart("contacts", {"field": "city", "op": "is", "value": "Alzira"})
    picked = (Ref("contacts", "a"), Ref("contacts", "c"), Ref("accounts", "x"), Ref("contacts", "gone"))
    wanted = Audience(segments=("s",), except_segments=("no",), filters=(alzira,), records=picked)
    everybody = [Ref("accounts", "x"), *(Ref("contacts", id) for id in "acd")]
    assert [ref for page in lake.audience(wanted, 2) for ref in page] == everybody
    assert lake.audience_size(wanted) == 4
    assert list(lake.audience(wanted, 9, search="zoe")) == [everybody[1:]]
    assert list(lake.audience(wanted, 9, everybody[1], search="roig zoe")) == []
    assert list(lake.audience(wanted, 9, among=[Ref("contacts", "b"), Ref("contacts", "c")])) == [[everybody[2]]]


def test_an_audience_of_those_who_have_not_opened(lake: Lake) -> None:
    status = {
        "contacts-a-job-j1-1": ("delivered", 0),
        "contacts-b-job-j1-1": ("delivered", 2),
        "contacts-c-job-j1-1": ("skipped", 0),
        "contacts-d-job-j1-1": ("cancelled", 0),
        "contacts-d-job-j1-2": ("accepted", 0),
        "contacts-e-job-j1-1": ("accepted", 1),
        "contacts-e-job-j1-2": ("accepted", 0),
        "leads-f-job-j1-1": ("bounced", 0),
        "leads-g-job-j2-1": ("accepted", 0),
    }
    rows = [a_record("messages", id, status=state, opened=opened) for id, (state, opened) in status.items()]
    lake.append("messages", rows, AS_OF)
    assert list(lake.audience(Audience(not_opened="j1"), 9)) == [[Ref("contacts", "a"), Ref("contacts", "d")]]


def test_an_audience_is_that_of_its_instant(lake: Lake) -> None:
    lake.append("contacts", [a_contact(f"c{number:02}") for number in range(20)], AS_OF)
    batches = lake.audience(Audience(everyone=True), 7)
    first = next(batches)
    lake.append("contacts", [a_contact("c19", 2, deleted=True), a_contact("c20")], AS_OF)
    assert lake.count("contacts", None).count == 20
    assert [ref.id for batch in [first, *batches] for ref in batch] == [f"c{number:02}" for number in range(20)]

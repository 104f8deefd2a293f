"""What the lake answers: the one on DuckDB and the one in memory say the same."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.lake import MemoryLake
from gotero.domain.audience import Audience, FilterPart
from gotero.domain.errors import InvalidError
from gotero.domain.record import Ref
from gotero.ports import Lake, LakeRow
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_contact, a_member, a_record


@pytest.fixture(params=["duckdb", "memory"])
def lake(request: pytest.FixtureRequest) -> Lake:
    return S3Lake(MemoryObjects(), StoppedClock()) if request.param == "duckdb" else MemoryLake(StoppedClock())


def ids(items: Sequence[dict[str, Any]]) -> list[str]:
    return [item["id"] for item in items]


def names(lake: Lake, *written: str) -> None:
    rows = [a_contact(f"c{number}", number=number, firstname=name) for number, name in enumerate(written)]
    lake.append("contacts", rows, AS_OF)


def test_texts_are_sorted_as_spanish_sorts_them_and_empty_ones_last(lake: Lake) -> None:
    names(lake, "nz", "ñ", "o", "Ángel", "ana", "", "zoe")
    up = lake.page("contacts", sort=[("firstname", False)])
    assert [i["values"]["firstname"] for i in up.items] == ["ana", "Ángel", "nz", "ñ", "o", "zoe", ""]
    down = lake.page("contacts", sort=[("firstname", True)])
    assert [i["values"]["firstname"] for i in down.items] == ["zoe", "o", "ñ", "nz", "Ángel", "ana", ""]


def test_records_are_counted_by_each_value_of_a_column(lake: Lake) -> None:
    rows = [
        a_contact("c1", leadsource="Twitter", do_not_email=True),
        a_contact("c2", leadsource="Twitter", do_not_email=False),
        a_contact("c3", leadsource="", lastname="Núñez"),
        a_contact("c4", lastname="Gil"),
    ]
    tagged = [
        replace(row, data={**row.data, "tags": tags})
        for row, tags in zip(rows, (["a", "b"], ["b"], [], []), strict=True)
    ]
    lake.append("contacts", tagged, AS_OF)
    assert lake.group("contacts", "leadsource")[0] == [("Twitter", 2), (None, 2)]
    assert lake.group("contacts", "do_not_email")[0] == [(None, 2), ("false", 1), ("true", 1)]
    assert lake.group("contacts", "tags")[0] == [("b", 2), (None, 2), ("a", 1)]
    assert lake.group("contacts", "leadsource", search="nunez")[0] == [(None, 1)]
    asked = {"field": "lastname", "op": "is", "value": "Gil"}
    assert lake.group("contacts", "leadsource", condition=asked)[0] == [(None, 1)]


def test_records_are_counted_by_the_first_letter_of_a_column(lake: Lake) -> None:
    names(lake, "ana", "Ángel", "Ñ", "nuria", "", "Nerea", "4u")
    found, _, exact = lake.group("contacts", "firstname", initial=True)
    assert (dict(found), exact) == ({"A": 1, "Á": 1, "Ñ": 1, "N": 2, "4": 1, None: 1}, True)


def test_the_bin_holds_what_is_deleted_with_its_data_and_nothing_else(lake: Lake) -> None:
    names(lake, "Lía", "Ana", "Núñez")
    lake.append("contacts", [replace(a_contact("c2", 2, firstname="Núñez"), deleted=True, binned=True)], AS_OF)
    lake.append("contacts", [a_contact("c1", 2, deleted=True)], AS_OF)
    assert ids(lake.page("contacts").items) == ["c0"]
    (binned,) = lake.page("contacts", binned=True, search="nunez").items
    assert (binned["id"], binned["values"]) == ("c2", {"firstname": "Núñez"})
    lake.append("contacts", [a_contact("c2", 3, deleted=True)], AS_OF)
    assert lake.page("contacts", binned=True).items == []


def test_numbers_of_records_are_sorted_as_numbers(lake: Lake) -> None:
    names(lake, *(["x"] * 12))
    page = lake.page("contacts", sort=[("number", True)], limit=3)
    assert [item["number"] for item in page.items] == ["CON-11", "CON-10", "CON-9"]


def test_a_relation_is_sorted_by_the_name_of_what_it_points_to(lake: Lake) -> None:
    firms = {"1": "Zafra", "2": "Álamo", "3": ""}
    lake.append("accounts", [a_record("accounts", id, accountname=name) for id, name in firms.items()], AS_OF)
    lake.append("contacts", [a_contact(f"c{id}", account=id) for id in ("1", "2", "3", "gone")], AS_OF)
    first = lake.page("contacts", sort=[("account", False)], limit=2)
    assert ids(first.items) == ["c2", "c1"]
    assert ids(lake.page("contacts", sort=[("account", False)], limit=2, after=first.after).items) == ["c3", "cgone"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("nunez", {"c0", "c1"}),
        ("NÚÑEZ", {"c0"}),
        ("nuñez garcía", {"c0"}),
        ("garcia NUNEZ con-1", {"c1"}),
        ("ñ", {"c0", "c3"}),
        ("%", set()),
        ("zoe nobody", set()),
        ("   ", {"c0", "c1", "c2", "c3"}),
    ],
)
def test_search_minds_neither_case_nor_accents_but_a_typed_enye(lake: Lake, words: str, found: set[str]) -> None:
    names(lake, "Núñez García", "Nunez García", "Zoé", "Peña")
    assert set(ids(lake.page("contacts", search=words).items)) == found
    counted = lake.count("contacts", None, sample=9, search=words)
    assert (counted.count, set(ids(counted.sample))) == (len(found), found)


def test_a_condition_selects_also_through_a_relation(lake: Lake) -> None:
    lake.append("accounts", [a_record("accounts", "bank", industry="Banking"), a_record("accounts", "shop")], AS_OF)
    lake.append(
        "contacts",
        [
            a_contact("a", account="bank", leadsource="Twitter"),
            a_contact("b", account="shop", leadsource="Twitter"),
            a_contact("c", leadsource="Twitter"),
            a_contact("d", account="bank"),
        ],
        AS_OF,
    )
    banking = {"field": "account.industry", "op": "is", "value": "Banking"}
    twitter = {"field": "leadsource", "op": "is", "value": "Twitter"}
    assert ids(lake.page("contacts", condition={"all": [banking, twitter]}).items) == ["a"]
    counted = lake.count("contacts", {"any": [banking, {"not": twitter}]}, sample=1)
    assert (counted.count, ids(counted.sample)) == (2, ["a"])


def test_what_does_not_fit_is_refused(lake: Lake) -> None:
    names(lake, "Ana", "Zoe")
    with pytest.raises(InvalidError):
        lake.page("contacts", condition={"field": "nothing", "op": "is", "value": "x"})
    with pytest.raises(InvalidError):
        lake.page("contacts", sort=[("nothing", False)])
    with pytest.raises(InvalidError):
        lake.page("contacts", sort=[("firstname", False)], after=[{"a": 1}, 5])


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "firstname": st.sampled_from(["", "ana", "Ana", "Íñigo", "ñu", "nz", "zoe"]),
        "birthday": st.sampled_from(["1985-03-04", "1988-02-29", "2001-12-31"]),
        "do_not_email": st.booleans(),
    },
)
SORTS = st.lists(
    st.tuples(st.sampled_from(["firstname", "birthday", "do_not_email", "number", "created_at"]), st.booleans()),
    max_size=3,
    unique_by=lambda key: key[0],
)


@settings(max_examples=25, deadline=None)
@given(st.lists(VALUES, max_size=12), SORTS, st.integers(1, 5))
def test_pages_join_into_the_whole_list_and_both_lakes_order_it_alike(
    records: list[dict[str, Any]], sort: list[tuple[str, bool]], limit: int
) -> None:
    rows = [a_contact(f"c{number:02}", number=number % 4, **values) for number, values in enumerate(records)]
    listed = []
    for lake in (S3Lake(MemoryObjects(), StoppedClock()), MemoryLake(StoppedClock())):
        lake.append("contacts", rows, AS_OF)
        whole = lake.page("contacts", sort=sort, limit=100)
        assert whole.after is None
        paged, after = [], None
        while True:
            page = lake.page("contacts", sort=sort, limit=limit, after=after)
            paged += ids(page.items)
            after = page.after
            if after is None:
                break
        assert paged == ids(whole.items)
        listed.append(paged)
    assert listed[0] == listed[1]
    assert sorted(listed[0]) == [row.id for row in rows]


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


def a_message(id: str, version: int = 1, **values: Any) -> LakeRow:
    return a_record("messages", id, version, campaign="twitter", **values)


def test_totals_recount_the_messages_of_a_campaign(lake: Lake) -> None:
    lake.append(
        "messages",
        [
            a_message("m1", status="delivered", delivered=True, opened=4, clicked=1),
            a_message("m2", status="bounced", bounced=1, delivered=False),
            a_message("m3", status="skipped", no_email=True),
            a_message("m4", status="claimed"),
            a_message("m5", 2, status="accepted"),
            a_message("m5", 1, status="planned"),
            a_record("messages", "other", status="delivered", delivered=True),
        ],
        AS_OF,
    )
    totals, as_of, exact = lake.message_totals("twitter")
    assert (as_of, exact) == (AS_OF, True)
    assert {name: count for name, count in totals.items() if count} == {
        "total": 5,
        "sent": 3,
        "delivered": 1,
        "opened": 1,
        "clicked": 1,
        "bounced": 1,
        "no_email": 1,
        "skipped": 1,
        "pending": 1,
    }
    assert totals.keys() >= {"dropped", "spam", "unsubscribed", "failed", "uncertain", "held", "cancelled"}


def test_a_series_counts_hour_by_hour_what_happened(lake: Lake) -> None:
    def happened(id: str, kind: str, at: str, count: int = 1, campaign: str = "twitter") -> LakeRow:
        return LakeRow(id, 1, {"campaign": campaign, "kind": kind, "at": at, "count": count})

    lake.append(
        "activity",
        [
            happened("1", "opened", "2026-11-21T09:10:00.000Z", 2),
            happened("2", "opened", "2026-11-21T09:59:59.999Z"),
            happened("3", "clicked", "2026-11-21T11:00:00.000Z"),
            happened("4", "held", "2026-11-21T12:00:00.000Z"),
            happened("5", "opened", "2026-11-21T09:10:00.000Z", campaign="another"),
        ],
        AS_OF,
    )
    first, second = lake.message_series("twitter")
    assert (first["at"], first["opened"], first["clicked"]) == ("2026-11-21T09:00:00.000Z", 3, 0)
    assert (second["at"], second["opened"], second["clicked"]) == ("2026-11-21T11:00:00.000Z", 0, 1)


def test_today_is_the_day_of_the_zone_that_is_asked_for() -> None:
    """21:30 UTC is half past six of the next morning in Tokyo."""
    tokyo = ZoneInfo("Asia/Tokyo")
    zoned: tuple[Lake, ...] = (
        S3Lake(MemoryObjects(), StoppedClock(), lambda: tokyo),
        MemoryLake(StoppedClock(), lambda: tokyo),
    )
    for lake in zoned:
        lake.append("contacts", [a_contact("a", birthday="1985-11-22"), a_contact("b", birthday="1985-11-21")], AS_OF)
        today = lake.page("contacts", condition={"field": "birthday", "op": "is_today"})
        assert ids(today.items) == ["a"]

"""What a list, a count, a search and a condition ask of the lake: in memory and on S3 alike."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.lake import MemoryLake
from gotero.domain.errors import InvalidError
from gotero.ports import Lake
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_contact, a_record, ids


@pytest.fixture(params=["duckdb", "memory"])
def lake(request: pytest.FixtureRequest) -> Lake:
    return S3Lake(MemoryObjects(), StoppedClock()) if request.param == "duckdb" else MemoryLake(StoppedClock())


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

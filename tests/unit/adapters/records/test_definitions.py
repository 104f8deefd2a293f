"""Definitions by version with their names, numbers that are given once, timelines and counters."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from gotero.adapters.dynamodb.definitions import DefinitionItem, DynamoDefinitions
from gotero.domain.errors import ConflictError, DuplicateError, NotFoundError, TransientError
from gotero.domain.numbering import Numbering
from gotero.ports import (
    Definition,
    TimelineEntry,
)
from tests.unit.adapters.records.samples import AT, CAUSE, LIA, Stores


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
    assert stores.numbers.given()["leads"] == (0, Numbering())
    assert stores.numbers.draw("leads", 2, usual) == ["1", "2"]
    as_settings_say = {"contacts": (7, Numbering("C/", 5)), "leads": (2, Numbering())}
    assert stores.numbers.given() == {**as_settings_say, "campaigns": (355, None)}


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

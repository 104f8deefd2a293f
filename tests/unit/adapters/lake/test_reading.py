"""What a question costs, how fresh its answer is, and what it survives."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from gotero.adapters.lake import manifest, tables
from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.lake.manifest import Manifest, manifest_key
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.domain import instant
from gotero.domain.audience import Audience
from gotero.domain.custom_field import CustomField, with_custom
from gotero.domain.modules import MODULES, Declaration, Field, Label
from tests.unit.adapters.lake.rows import AS_OF, NOW, StoppedClock, a_contact, a_record


@pytest.fixture
def bucket() -> MemoryObjects:
    return MemoryObjects()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def lake(bucket: MemoryObjects, clock: StoppedClock) -> S3Lake:
    return S3Lake(bucket, clock)


def test_a_warm_question_costs_one_conditional_read(lake: S3Lake, bucket: MemoryObjects) -> None:
    lake.append("contacts", [a_contact("a")], AS_OF)
    lake.page("contacts")
    bucket.asked.clear()
    lake.page("contacts")
    assert bucket.asked == {"get": 1}


def test_a_change_costs_its_new_part_alone(lake: S3Lake, bucket: MemoryObjects) -> None:
    for number in range(5):
        lake.append("contacts", [a_contact(f"c{number}")], AS_OF)
    lake.page("contacts")
    lake.append("contacts", [a_contact("c0", 2, firstname="Ana")], AS_OF)
    bucket.asked.clear()
    assert lake.count("contacts", None).count == 5
    assert bucket.asked == {"get": 2}


def test_a_reader_that_has_all_batches_fetches_nothing_of_their_fold(lake: S3Lake, bucket: MemoryObjects) -> None:
    for number in range(16):
        lake.append("contacts", [a_contact(f"c{number}")], AS_OF)
    lake.page("contacts")
    writer = S3Lake(bucket, StoppedClock())
    writer.append("contacts", [a_contact("c16")], AS_OF)  # folds
    lake.page("contacts")
    writer.append("contacts", [a_contact("c17")], AS_OF)
    bucket.asked.clear()
    assert lake.count("contacts", None).count == 18
    assert bucket.asked == {"get": 2}


def test_a_warm_append_is_two_writes_and_no_read(lake: S3Lake, bucket: MemoryObjects) -> None:
    lake.append("contacts", [a_contact("a")], AS_OF)
    bucket.asked.clear()
    lake.append("contacts", [a_contact("b")], AS_OF)
    assert bucket.asked == {"put": 2}


def test_a_part_that_vanishes_under_the_reader_sends_it_back_to_the_manifest(bucket: MemoryObjects) -> None:
    class Vanishing(MemoryObjects):
        """Between manifest and parts, somebody folds and sweeps."""

        def get_many(self, keys):  # type: ignore[no-untyped-def]
            if folder.turns:
                folder.turns -= 1
                for number in range(20):
                    other.append("contacts", [a_contact(f"late{number}")], AS_OF)
                self.delete([key for key in keys if key in self.stored])
            return super().get_many(keys)

    class folder:
        turns = 0

    shared = Vanishing()
    other, reader = S3Lake(shared, StoppedClock()), S3Lake(shared, StoppedClock())
    for number in range(3):
        other.append("contacts", [a_contact(f"c{number}")], AS_OF)
    folder.turns = 1
    assert reader.count("contacts", None).count == 23


def test_leftovers_are_swept_and_young_ones_spared(lake: S3Lake, bucket: MemoryObjects) -> None:
    bucket.put("contacts/part/0-orphan.jsonl.gz", b"")
    bucket.time += timedelta(minutes=30)
    with patch.object(manifest, "FAN_IN", 2):
        for number in range(12):
            lake.append("contacts", [a_contact(f"c{number}")], AS_OF)
    assert "contacts/part/0-orphan.jsonl.gz" not in bucket.stored
    assert len(bucket.stored) > len(Manifest.from_bytes(bucket.stored[manifest_key("contacts")][0]).parts) + 1
    assert lake.count("contacts", None).count == 12


@pytest.mark.parametrize(
    ("lag", "age", "exact"),
    [(0.4, 0, True), (2.5, 4, False), (2.5, 6, True), (20, 30, False), (600, 59, False), (600, 61, True)],
)
def test_an_answer_is_exact_unless_the_projection_was_just_seen_trailing(
    lake: S3Lake, clock: StoppedClock, lag: float, age: int, exact: bool
) -> None:
    lake.append("contacts", [a_contact("a")], instant.write(NOW), lag)
    clock.at = NOW + timedelta(seconds=age)
    answer = lake.count("contacts", None)
    assert (answer.exact, answer.as_of) == (exact, AS_OF)


def test_an_empty_lake_answers(lake: S3Lake) -> None:
    assert lake.page("contacts").items == []
    assert lake.count("leads", None).count == 0
    assert lake.message_totals("c")[0]["sent"] == 0
    assert list(lake.audience(Audience(everyone=True), 10)) == []


def test_rows_that_were_replaced_give_their_memory_back(lake: S3Lake) -> None:
    with patch.object(tables, "_CHECKPOINT", 50):
        for version in range(1, 12):
            lake.append("contacts", [a_contact(f"c{n}", version, city=str(version)) for n in range(20)], AS_OF)
            assert lake.count("contacts", {"field": "city", "op": "is", "value": str(version)}).count == 20


def test_a_new_life_of_the_dataset_is_read_from_its_beginning(lake: S3Lake, bucket: MemoryObjects) -> None:
    lake.append("contacts", [a_contact("a", firstname="Old")], AS_OF)
    assert lake.count("contacts", None).count == 1
    del bucket.stored[manifest_key("contacts")]
    S3Lake(bucket, StoppedClock()).append("contacts", [a_contact("b"), a_contact("c")], AS_OF)
    assert {item["id"] for item in lake.page("contacts").items} == {"b", "c"}


def test_a_record_comes_back_exactly_as_it_went_in(lake: S3Lake) -> None:
    odd: dict[str, Any] = {
        "firstname": "Ñandú \u0000 'x' \"y\" 😀\n",
        "city": "1e400",
        "birthday": "not a date",
        "annualrevenue": "12.50",
    }
    row = a_record("contacts", "a", **odd, unknown={"deep": [1, 2.5, None, True]}, score=10**15)
    lake.append("contacts", [row], AS_OF)
    assert lake.page("contacts", sort=[("birthday", True)]).items == [row.data]


def test_a_field_declared_since_is_a_column_of_rows_written_before(bucket: MemoryObjects, clock: StoppedClock) -> None:
    modules = Declaration(MODULES.shipped.values())
    lake = S3Lake(bucket, clock, modules=modules)
    lake.append("contacts", [a_contact("a", size="41.5"), a_contact("b", size="9"), a_contact("c")], AS_OF)
    assert lake.count("contacts", None).count == 3
    size = CustomField("contacts", Field("size", Label("Pie", "Foot"), "decimal", custom=True))
    modules.declare(with_custom(modules.shipped.values(), [size]))
    assert [item["id"] for item in lake.page("contacts", sort=[("size", False)]).items][:2] == ["b", "a"]
    large = {"field": "size", "op": "greater_than", "value": "10"}
    assert [row["id"] for row in lake.count("contacts", large).sample] == ["a"]
    bucket.asked.clear()
    lake.page("contacts")
    assert bucket.asked == {"get": 1}

"""What is forgotten is in no answer and in no object, whatever has been folded or comes late."""

from dataclasses import replace

import pytest

from gotero.adapters.lake import engine
from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.lake import MemoryLake
from gotero.ports import Lake, LakeRow
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_contact, a_member

GONE = LakeRow("zoe", 9, {}, deleted=True)


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects()


@pytest.fixture(params=["duckdb", "memory"])
def lake(request: pytest.FixtureRequest, objects: MemoryObjects) -> Lake:
    made: Lake = S3Lake(objects, StoppedClock()) if request.param == "duckdb" else MemoryLake(StoppedClock())
    for number in range(20):  # more than one fold holds
        made.append("contacts", [a_contact(f"c{number}", firstname="Ana")], AS_OF)
    for version in (1, 2):
        made.append("contacts", [a_contact("zoe", version, firstname="Zoe")], AS_OF)
    return made


def held(objects: MemoryObjects) -> str:
    """All rows of all objects, whether a manifest names them or not."""
    text = ""
    for key, (body, _, _) in objects.stored.items():
        if "/part/" in key:
            with engine.files([(key, body)]) as paths, engine.connect() as connection:
                engine.take_in(connection, paths)
                text += repr(connection.execute("FROM incoming").fetchall())
    return text


def test_what_is_forgotten_is_nowhere_and_the_rest_stays(lake: Lake, objects: MemoryObjects) -> None:
    before = lake.page("contacts", limit=50)
    lake.forget("contacts", [GONE])
    lake.forget("contacts", [GONE])
    after = lake.page("contacts", limit=50)
    assert [item["id"] for item in after.items] == [item["id"] for item in before.items if item["id"] != "zoe"]
    assert (after.as_of, after.exact) == (before.as_of, before.exact)
    assert "Zoe" not in held(objects)
    assert lake.rows("contacts", "zoe") == [GONE]


def test_what_comes_late_has_no_effect_and_goes_the_next_time(lake: Lake, objects: MemoryObjects) -> None:
    lake.forget("contacts", [GONE])
    lake.append("contacts", [a_contact("zoe", 3, firstname="Zoe")], AS_OF)
    assert lake.count("contacts", None).count == 20
    lake.forget("contacts", [GONE])
    assert "Zoe" not in held(objects)


def test_a_fold_that_comes_between_hides_nothing(objects: MemoryObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = S3Lake(objects, StoppedClock())
    for number in range(15):
        lake.append("contacts", [a_contact(f"{number}-zoe", firstname="Zoe")], AS_OF)
    other, get_many = S3Lake(objects, StoppedClock()), objects.get_many
    reads = 0

    def folding(keys: list[str]) -> list[bytes]:
        nonlocal reads
        reads += 1
        if reads == 3:
            other.append("contacts", [a_contact("ana")], AS_OF)
            other.append("contacts", [a_contact("eva")], AS_OF)
        return get_many(keys)

    monkeypatch.setattr(objects, "get_many", folding)
    lake.forget("contacts", [replace(GONE, id=f"{number}-zoe") for number in range(15)])
    monkeypatch.undo()
    parts = lake._writer._read("contacts")[0].parts
    assert any(part.level for part in parts), "the fold has come between"
    named = {part.key for part in parts}
    for key in [key for key in objects.stored if "/part/" in key and key not in named]:
        del objects.stored[key]  # a leftover younger than readers live: the next time takes it
    assert "Zoe" not in held(objects)
    assert lake.count("contacts", None).count == 2


def test_rows_are_found_by_whom_their_id_names(lake: Lake) -> None:
    lake.append("members", [a_member("s", "contacts", "zoe"), a_member("s", "contacts", "c1")], AS_OF)
    lake.append("members", [a_member("t", "contacts", "zoe", 2, left=True)], AS_OF)
    assert [row.id for row in lake.rows("members", "zoe")] == ["s#contacts#zoe", "t#contacts#zoe"]

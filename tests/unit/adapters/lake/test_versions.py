"""However batches come (twice, late, mixed up) and are folded, the lake holds the highest version of every row."""

from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gotero.adapters.lake import manifest
from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.lake.manifest import Manifest, manifest_key
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.ports import LakeRow
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_contact

VERSIONS = st.tuples(st.integers(0, 5), st.integers(1, 6))
#: A batch, and whether the warm reader looks after it.
DELIVERIES = st.lists(st.tuples(st.lists(VERSIONS, min_size=1, max_size=5), st.booleans()), max_size=14)


def a_version(row: int, version: int) -> LakeRow:
    """The one content that this version of the row has, however often it is delivered; every third is a deletion."""
    return a_contact(f"c{row}", version, deleted=(row + version) % 3 == 0, firstname=f"{row}.{version}")


def recomputed(delivered: list[tuple[int, int]]) -> set[tuple[str, str]]:
    highest: dict[int, int] = {}
    for row, version in delivered:
        highest[row] = max(version, highest.get(row, 0))
    rows = (a_version(row, version) for row, version in highest.items())
    return {(row.id, row.data["values"]["firstname"]) for row in rows if not row.deleted}


def listed(lake: S3Lake) -> set[tuple[str, str]]:
    return {(item["id"], item["values"]["firstname"]) for item in lake.page("contacts", limit=100).items}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DELIVERIES)
def test_every_reader_sees_the_highest_version_of_every_row(
    deliveries: list[tuple[list[tuple[int, int]], bool]],
) -> None:
    with patch.object(manifest, "FAN_IN", 2):
        bucket = MemoryObjects()
        writer, warm = S3Lake(bucket, StoppedClock()), S3Lake(bucket, StoppedClock())
        delivered: list[tuple[int, int]] = []
        for batch, looks in deliveries:
            writer.append("contacts", [a_version(row, version) for row, version in batch], AS_OF)
            delivered += batch
            if looks:
                assert listed(warm) == recomputed(delivered)
        assert listed(warm) == recomputed(delivered)
        assert listed(S3Lake(bucket, StoppedClock())) == recomputed(delivered)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 3), min_size=1, max_size=60))
def test_every_batch_stands_in_exactly_one_part_of_a_short_manifest(sizes: list[int]) -> None:
    present = Manifest("e", 1, "", 0.0)
    for number, size in enumerate(sizes):
        present = present.with_batch(f"k{number}", size, size, AS_OF, 0.0)
        while old := present.to_fold():
            rows = sum(part.rows for part in old)
            folded = present.folded(old, f"f{number}-{old[0].level}", rows, rows)
            assert folded is not None
            present = folded
    covered = [n for part in present.parts for n in range(part.first, part.last + 1)]
    assert covered == list(range(1, len(sizes) + 1))
    assert sum(part.rows for part in present.parts) == sum(sizes)
    levels = [part.level for part in present.parts]
    assert max(levels.count(level) for level in levels) <= manifest.FAN_IN


def test_a_fold_that_somebody_else_did_first_is_given_up() -> None:
    present = Manifest("e", 1, "", 0.0).with_batch("a", 1, 1, AS_OF, 0.0).with_batch("b", 1, 1, AS_OF, 0.0)
    old = present.parts
    folded = present.folded(old, "ab", 2, 2)
    assert folded is not None
    assert folded.folded(old, "again", 2, 2) is None
    assert Manifest.from_bytes(folded.to_bytes()) == folded


def test_writers_that_meet_lose_no_batch() -> None:
    bucket = MemoryObjects()
    writers = [S3Lake(bucket, StoppedClock()) for _ in range(3)]
    for turn in range(12):
        writers[turn % 3].append("contacts", [a_contact(f"c{turn}")], AS_OF)
    found = bucket.get(manifest_key("contacts"))
    assert found is not None
    assert Manifest.from_bytes(found.body).next == 13
    assert S3Lake(bucket, StoppedClock()).count("contacts", None).count == 12

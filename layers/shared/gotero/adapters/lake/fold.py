"""Many parts into one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from gotero.adapters.lake import engine
from gotero.domain.errors import TransientError


def fold(parts: Sequence[tuple[str, bytes]]) -> tuple[bytes, int]:
    """The rows of these (key, body) as one Parquet file, each id once with its highest version; and how many they are.

    Tombstones stay: an older version of their row may still come, late or twice.
    """
    import duckdb

    try:
        with engine.files(parts) as paths, engine.connect() as connection:
            engine.take_in(connection, paths)
            target = Path(paths[0]).with_name("folded.parquet")
            connection.execute(f"COPY incoming TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            counted = connection.execute("SELECT count(*) FROM incoming").fetchone()
            assert counted is not None, "count always answers"
            return target.read_bytes(), counted[0]
    except duckdb.Error as error:
        raise TransientError("parts could not be folded") from error


def without_older(part: tuple[str, bytes], newest: Mapping[str, int]) -> tuple[bytes, int] | None:
    """The part without the rows of these ids below their version, and how many are left; None when it has none."""
    import duckdb

    try:
        with engine.files([part]) as paths, engine.connect() as connection:
            engine.take_in(connection, paths)
            connection.execute(
                "CREATE TEMP TABLE newest AS SELECT unnest(?) AS id, unnest(?) AS version",
                [list(newest), list(newest.values())],
            )
            older = "SELECT i.rowid FROM incoming i JOIN newest n ON i.id = n.id AND i.version < n.version"
            if not connection.execute(f"SELECT count(*) FROM ({older})").fetchall()[0][0]:
                return None
            connection.execute(f"DELETE FROM incoming WHERE rowid IN ({older})")
            target = Path(paths[0]).with_name("left.parquet")
            connection.execute(f"COPY incoming TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
            left = connection.execute("SELECT count(*) FROM incoming").fetchall()[0][0]
            return target.read_bytes(), left
    except duckdb.Error as error:
        raise TransientError("a part could not be rewritten") from error

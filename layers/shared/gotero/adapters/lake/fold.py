"""Many parts into one."""

from collections.abc import Sequence
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

"""DuckDB in this process: bounded, offline, and imported only by who needs it (180 ms)."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

#: The share of the function's memory that DuckDB may fill before it spills; the rest is Python and bodies in flight.
_SHARE = 0.6
_COLUMNS = "{id: 'VARCHAR', version: 'BIGINT', deleted: 'BOOLEAN', data: 'VARCHAR'}"
#: The longest JSON line: a record of 300 KB, written as a JSON text within JSON.
_LINE = 4 * 1024 * 1024

LINES = ".jsonl.gz"
PARQUET = ".parquet"


def connect() -> "DuckDBPyConnection":
    """A database in memory. Nothing is downloaded: Parquet, JSON and ICU are linked into the wheel."""
    import duckdb

    memory = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE") or 1769)
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "memory_limit": f"{int(memory * _SHARE)}MB",
            "threads": min(os.cpu_count() or 1, 6),
            "temp_directory": str(Path(tempfile.gettempdir()) / f"gotero-lake-{os.getpid()}"),
            "preserve_insertion_order": False,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@contextmanager
def files(parts: Sequence[tuple[str, bytes]]) -> Iterator[list[str]]:
    """The bodies as files under names with their keys' endings, gone afterwards. DuckDB reads files only."""
    with tempfile.TemporaryDirectory(prefix="gotero-lake-") as folder:
        paths = []
        for number, (key, body) in enumerate(parts):
            path = Path(folder) / f"{number}{PARQUET if key.endswith(PARQUET) else LINES}"
            path.write_bytes(body)
            paths.append(str(path))
        yield paths


def take_in(connection: "DuckDBPyConnection", paths: Sequence[str]) -> None:
    """A temporary table `incoming` (id, version, deleted, data) of these files: each id once, its highest version."""
    lines = [path for path in paths if path.endswith(LINES)]
    parquet = [path for path in paths if path.endswith(PARQUET)]
    reads: list[str] = []
    parameters: list[object] = []
    if lines:
        form = f"format = 'newline_delimited', columns = {_COLUMNS}, maximum_object_size = {_LINE}"
        reads.append(f"SELECT * FROM read_json(?, {form})")
        parameters.append(lines)
    if parquet:
        reads.append("SELECT id, version, deleted, data FROM read_parquet(?)")
        parameters.append(parquet)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE incoming AS {' UNION ALL '.join(reads)}", parameters)
    if len(paths) > 1:  # within one part every id is there once
        # Row numbers instead of rows: ordering whole rows by version costs ten times as much.
        highest = "SELECT max_by(rowid, version) AS kept FROM incoming GROUP BY id"
        connection.execute(f"DELETE FROM incoming WHERE rowid NOT IN ({highest})")

"""Files that people bring and take: what is imported, what came of it, what is exported."""

from collections.abc import Sequence
from typing import Protocol


class Files(Protocol):
    """A bucket that forgets what lies in it after some weeks."""

    def upload_url(self, key: str, size: int) -> str:
        """Where a browser may PUT exactly so many bytes, for a few minutes."""

    def download_url(self, key: str, name: str) -> str:
        """Where a browser may GET the file under that name, for a few minutes."""

    def size(self, key: str) -> int | None:
        """None when there is no such file (any more)."""

    def read(self, key: str, start: int, length: int) -> bytes:
        """That part of the file, shorter at its end. NotFoundError when there is no such file."""

    def put(self, key: str, body: bytes) -> None: ...

    def begin(self, key: str) -> str:
        """A file that will be written in parts; its upload's id."""

    def add_part(self, key: str, upload: str, number: int, body: bytes) -> str:
        """Part `number` (from 1), of 5 MB at least unless it is the last one; written again, it replaces itself."""

    def forget(self, key: str) -> None:
        """Before its time; what is not there stays so."""

    def complete(self, key: str, upload: str, parts: Sequence[str]) -> None:
        """Put the parts together; again is the same as once."""


#: What S3 takes for a part that is not the last one.
PART_BYTES = 5 * 1024 * 1024

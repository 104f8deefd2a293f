"""Many pieces become one file of the bucket, with some megabytes of them in memory at a time."""

from collections.abc import Iterable

from gotero.ports import Files
from gotero.ports.files import PART_BYTES


def join(files: Files, key: str, pieces: Iterable[bytes]) -> None:
    """Written again, it replaces itself."""
    upload, parts, held = "", list[str](), b""
    for piece in pieces:
        held += piece
        if len(held) >= PART_BYTES:
            upload = upload or files.begin(key)
            parts.append(files.add_part(key, upload, len(parts) + 1, held))
            held = b""
    if not upload:
        files.put(key, held)
        return
    if held:
        parts.append(files.add_part(key, upload, len(parts) + 1, held))
    files.complete(key, upload, parts)

"""`Files` in a dictionary, with S3's rules for parts, and a count of what was asked."""

from collections import Counter
from collections.abc import Sequence

from gotero.domain.errors import NotFoundError
from gotero.ports.files import PART_BYTES


class MemoryFiles:
    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}
        self.asked: Counter[str] = Counter()
        self._uploads: dict[tuple[str, str], dict[int, bytes]] = {}

    def upload_url(self, key: str, size: int) -> str:
        return f"https://files.example/{key}?size={size}"

    def download_url(self, key: str, name: str) -> str:
        return f"https://files.example/{key}?name={name}"

    def size(self, key: str) -> int | None:
        self.asked["head"] += 1
        return len(self.stored[key]) if key in self.stored else None

    def read(self, key: str, start: int, length: int) -> bytes:
        self.asked["get"] += 1
        if key not in self.stored:
            raise NotFoundError("file")
        return self.stored[key][start : start + length]

    def put(self, key: str, body: bytes) -> None:
        self.asked["put"] += 1
        self.stored[key] = body

    def forget(self, key: str) -> None:
        self.stored.pop(key, None)

    def begin(self, key: str) -> str:
        self.asked["put"] += 1
        upload = f"u{self.asked['put']}"
        self._uploads[key, upload] = {}
        return upload

    def add_part(self, key: str, upload: str, number: int, body: bytes) -> str:
        self.asked["put"] += 1
        if (key, upload) not in self._uploads:
            raise NotFoundError("file")
        self._uploads[key, upload][number] = body
        return f"p{number}"

    def complete(self, key: str, upload: str, parts: Sequence[str]) -> None:
        self.asked["put"] += 1
        if (key, upload) not in self._uploads:
            if key in self.stored:
                return
            raise NotFoundError("file")
        bodies = [self._uploads[key, upload][int(part[1:])] for part in parts]
        if any(len(body) < PART_BYTES for body in bodies[:-1]):
            raise ValueError("a part is too small")
        self.stored[key] = b"".join(bodies)
        del self._uploads[key, upload]

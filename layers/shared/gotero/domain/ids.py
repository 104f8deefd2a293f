"""Identifiers: 26 lower-case characters, sortable by time when new, stable when derived from a cause."""

import hashlib
from datetime import datetime

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case, as ULIDs are written
LENGTH = 26


def _base32(number: int, length: int) -> str:
    return "".join([_ALPHABET[number >> bits & 31] for bits in range(5 * (length - 1), -1, -5)])


def new_id(at: datetime, randomness: bytes) -> str:
    """A ULID: 48 bits of milliseconds, then 80 bits of `randomness` (10 bytes)."""
    if len(randomness) != 10:
        raise ValueError("a ULID takes 10 bytes of randomness")
    return _base32(int(at.timestamp() * 1000), 10) + _base32(int.from_bytes(randomness), 16)


def derived_id(*parts: str) -> str:
    """The same parts give the same id: a retry of one cause makes one thing. Each part carries its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(4) + data)
    return _base32(int.from_bytes(digest.digest()[:17]) >> 6, LENGTH)


def is_id(text: str) -> bool:
    """Whether `text` has the shape of an identifier of ours."""
    return len(text) == LENGTH and all(character in _ALPHABET for character in text)

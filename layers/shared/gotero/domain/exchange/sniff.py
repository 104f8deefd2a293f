"""What kind of text a file is: its encoding and separator, told from its beginning.

Excel in Spanish writes windows-1252 with semicolons ("CSV"), UTF-8 with a byte order mark ("CSV UTF-8") or UTF-16 with
tabs ("Unicode text"); a first line `sep=;` is its own hint, and no row.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from gotero.domain.errors import FieldError, InvalidError

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")
SEPARATORS = (";", ",", "\t", "|")
#: How much of a file tells what it is.
SAMPLE = 256 * 1024
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF", b"7z\xbc\xaf", b"Rar!")
_HINT = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)
_LOOKED_AT = 20
#: Control characters that no text file has; one in a thousand may be an accident.
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the file is written, and where its first line (the header) begins."""

    encoding: str
    separator: str
    start: int = 0

    def to_json(self) -> dict[str, Any]:
        return {"encoding": self.encoding, "separator": self.separator, "start": self.start}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Dialect":
        return cls(data["encoding"], data["separator"], data["start"])


def decode(data: bytes, encoding: str) -> str:
    """Whatever the bytes are; what does not fit the encoding stays recognisable (a lone surrogate)."""
    return data.decode(encoding, "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape")


def encoded_size(text: str, encoding: str) -> int:
    if encoding.startswith("utf-16"):
        return len(text.encode(encoding, "surrogatepass"))
    return len(text) if text.isascii() else len(text.encode(encoding, "surrogateescape"))


def detect(sample: bytes, *, encoding: str | None = None, separator: str | None = None) -> Dialect:
    """`sample` is the beginning of the file. What the caller names is taken for granted.

    InvalidError for what is no text: an empty file, a spreadsheet, an archive, a program; and for what nobody writes.
    """
    for name, value, allowed in (("encoding", encoding, ENCODINGS), ("separator", separator, SEPARATORS)):
        if value is not None and value not in allowed:
            raise InvalidError(FieldError(name, "choice", (("choices", " ".join(allowed)),)))
    if not sample.strip(b" \r\n\t\x00"):
        raise InvalidError(FieldError("file", "empty_file"))
    if sample.startswith(_PACKED):
        raise InvalidError(FieldError("file", "not_csv"))
    mark, marked = next(((m, e) for m, e in _MARKS if sample.startswith(m)), (b"", ""))
    told = encoding or marked or _encoding_of(sample)
    start = len(mark) if marked == told else 0
    text = decode(sample[start : len(sample) - (len(sample) - start) % 2 if told.startswith("utf-16") else None], told)
    if not text.strip():
        raise InvalidError(FieldError("file", "empty_file"))
    if _is_binary(text):
        raise InvalidError(FieldError("file", "not_csv"))
    hint = _HINT.match(text)
    if hint:
        start += encoded_size(hint.group(), told)
        text = text[hint.end() :]
    return Dialect(told, separator or (hint and hint.group(1)) or _separator_of(text), start)


def _encoding_of(sample: bytes) -> str:
    zeros = sample[:4096].count(0)
    if zeros > len(sample[:4096]) // 4:  # every second byte of Latin text in UTF-16
        return "utf-16-le" if sample[1:4096:2].count(0) > zeros // 2 else "utf-16-be"
    try:
        # A character may be cut at the end of the sample.
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start >= len(sample) - 3 and len(sample) >= SAMPLE else "cp1252"
    return "utf-8"


def _is_binary(text: str) -> bool:
    """What is packed or compiled has controls all over; a text has a few pasted into cells, each refused alone."""
    odd = sum(count for character, count in Counter(text[:65536]).items() if ord(character) in _CONTROLS)
    return odd * 50 > len(text[:65536])


def _separator_of(text: str) -> str:
    """The one that cuts the first rows into the same number of columns, the more the better."""
    lines = text[:65536].splitlines(keepends=True)[: _LOOKED_AT * 3]

    def merit(separator: str) -> tuple[float, int]:
        try:
            rows = [row for row, _ in zip(csv.reader(lines, delimiter=separator), range(_LOOKED_AT), strict=False)]
        except csv.Error:
            return 0.0, 0
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] < 2:
            return 0.0, 0
        return sum(width == widths[0] for width in widths) / len(widths), widths[0]

    best = max(SEPARATORS, key=merit)
    return best if merit(best)[0] > 0 else ","

"""Read rows of an uploaded file from a byte on, in pieces: no more of it is held than a step works on."""

from gotero.domain.exchange.rows import MAX_ROW, Row, take_rows
from gotero.domain.exchange.sniff import Dialect
from gotero.ports import Files, Json

_PIECE = 256 * 1024


def read_on(files: Files, key: str, dialect: Dialect, position: Json, size: int, limit: int) -> tuple[list[Row], Json]:
    """The next rows from `position`, at least one unless the file ends, and where to go on."""
    byte, line, rows = position["byte"], position["line"], list[Row]()
    while byte < size and len(rows) < limit:
        for length in (_PIECE, MAX_ROW):
            piece = files.read(key, byte, length)
            last = byte + len(piece) >= size or not piece
            taken = take_rows(piece, dialect, line=line, limit=limit - len(rows), last=last, full=length == MAX_ROW)
            if taken.size or last:
                break
        if not taken.size:
            # One line longer than any row may be: passed over up to its end, and named.
            byte = _behind_line(files, key, byte, size, dialect.encoding) if piece else size
            rows.append(Row(line, (), "row_too_long"))
            line += 1
            continue
        rows += taken.rows
        byte, line = byte + taken.size, line + taken.lines
    return rows, {"byte": byte, "line": line}


def _behind_line(files: Files, key: str, byte: int, size: int, encoding: str) -> int:
    mark = {"utf-16-le": b"\n\x00", "utf-16-be": b"\x00\n"}.get(encoding, b"\n")
    while byte < size:
        piece = files.read(key, byte, MAX_ROW)
        at = piece.find(mark)
        if at >= 0:
            return byte + at + len(mark)
        byte += max(len(piece), 1)
    return size

"""Reading tables whole, in the steps of a job: some pages of four equal parts of one table at once, then the next one.

Where a step begins is told by the table and the key in each of its parts; one that comes again reads the same again.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from gotero.ports import Json, Truth
from gotero.ports.rebuild import Item, Table

SEGMENTS = 4
#: DynamoDB answers with a megabyte at most: a step holds a few of them from each segment.
_PAGE, _PAGES = 1000, 4

#: Where a segment of a table stands: not begun, at a key of the table, at its end.
_NOT_BEGUN: Json = {}
_ENDED = None


def beginning(table: int = 0) -> Json:
    return {"table": table, "after": [_NOT_BEGUN] * SEGMENTS}


def at_end(position: Json, tables: Sequence[Table]) -> bool:
    return int(position["table"]) == len(tables)


def read_some(truth: Truth, tables: Sequence[Table], position: Json) -> tuple[list[Item], Json]:
    """What stands at a position, and the position behind it."""
    table = int(position["table"])

    def some(segment: int) -> tuple[list[Item], Json | None]:
        found: list[Item] = []
        after = position["after"][segment]
        for _ in range(_PAGES):
            if after is _ENDED:
                break
            items, after = truth.scan(tables[table], segment, SEGMENTS, after or None, _PAGE)
            found += items
        return found, after

    with ThreadPoolExecutor(SEGMENTS) as pool:
        read = list(pool.map(some, range(SEGMENTS)))
    after = [position for _, position in read]
    ended = all(position is _ENDED for position in after)
    return [item for items, _ in read for item in items], (
        beginning(table + 1) if ended else {"table": table, "after": after}
    )

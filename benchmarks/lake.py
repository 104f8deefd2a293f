"""The lake: what a question costs over 100 k contacts, and over a million generated rows; what a change costs.

PYTHONPATH=layers/shared:. python benchmarks/lake.py [rows …]        (without: 100000 1000000)
"""

import json
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.domain import instant
from gotero.ports import LakeRow

NOW = datetime(2026, 11, 21, tzinfo=UTC)
NAMES = [
    "Ana",
    "Íñigo",
    "Núñez",
    "Ñoño",
    "Zoe",
    "Luis",
    "María",
    "José",
    "Peña",
    "Pérez",
    "Ochoa",
    "Nadal",
    "Álvaro",
    "Óscar",
    "Begoña",
]
CITIES = ["Valencia", "Madrid", "Bilbao", "Sevilla", "Cádiz", "León", "Ávila", "Logroño"]
CONDITION = {
    "all": [
        {
            "any": [
                {"field": "leadsource", "op": "is", "value": "Twitter"},
                {"field": "city", "op": "is", "value": "León"},
            ]
        },
        {"field": "birthday", "op": "after", "value": "1980-01-01"},
        {"not": {"field": "lastname", "op": "starts_with", "value": "pe"}},
    ]
}
SORTS: tuple[tuple[str, bool], ...] = (("lastname", False), ("email", True), ("birthday", False), ("number", True))
BATCH = 10_000


class StoppedClock:
    def now(self) -> datetime:
        return NOW


def contacts(count: int) -> Iterator[LakeRow]:
    chance = random.Random(355)
    for number in range(count):
        yield a_contact(number, 1, chance)


def a_contact(number: int, version: int, chance: random.Random) -> LakeRow:
    id = f"{number:026d}"
    created = f"2026-{chance.randrange(1, 12):02d}-{chance.randrange(1, 28):02d}T{chance.randrange(24):02d}:00:00.000Z"
    values = {
        "firstname": chance.choice(NAMES),
        "lastname": f"{chance.choice(NAMES)} {chance.choice(NAMES)}",
        "email": f"{chance.randrange(10**9)}.{number}@garden.example",
        "phone": f"+3496{chance.randrange(10**7):07d}",
        "leadsource": chance.choice(["Twitter", "Web Site", "Trade Show", "Other"]),
        "birthday": f"{chance.randrange(1950, 2005)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
        "city": chance.choice(CITIES),
        "country": "ES",
        "description": "Came to the stand and asked for the catalogue of bulbs. " * 3,
    }
    data = {
        "module": "contacts",
        "id": id,
        "number": f"CON-{number}",
        "owner": "admin",
        "tags": [],
        "created_at": created,
        "created_by": "admin",
        "updated_at": created,
        "version": version,
        "values": values,
    }
    return LakeRow(id, version, data)


def measured(work: Callable[[], Any]) -> dict[str, float]:
    """Wall-clock and CPU seconds, the second of two runs."""
    work()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"seconds": round(time.perf_counter() - wall, 4), "cpu": round(time.process_time() - cpu, 4)}


def once(work: Callable[[], Any]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"seconds": round(time.perf_counter() - wall, 4), "cpu": round(time.process_time() - cpu, 4)}


def run(count: int) -> dict[str, Any]:
    bucket = MemoryObjects()
    writer = S3Lake(bucket, StoppedClock())
    as_of = instant.write(NOW)
    rows = contacts(count)
    while batch := list(islice(rows, BATCH)):
        writer.append("contacts", batch, as_of)
    reader = S3Lake(bucket, StoppedClock())
    figures: dict[str, Any] = {"cold": once(lambda: reader.count("contacts", None))}
    figures["count"] = measured(lambda: reader.count("contacts", CONDITION))
    for field, down in SORTS:
        figures[f"page by {field}"] = measured(partial(reader.page, "contacts", sort=[(field, down)]))
    deep = reader.page("contacts", sort=[("lastname", False)], limit=count // 2).after
    figures["page in the middle"] = measured(lambda: reader.page("contacts", sort=[("lastname", False)], after=deep))
    figures["page, filtered"] = measured(
        lambda: reader.page("contacts", condition=CONDITION, sort=[("lastname", False)])
    )
    figures["search"] = measured(lambda: reader.page("contacts", search="nunez 77"))
    chance = random.Random(1)
    writer.append("contacts", [a_contact(chance.randrange(count), 2, chance) for _ in range(200)], as_of)
    figures["200 changes"] = once(lambda: reader.count("contacts", None))
    figures["one change"] = {
        **once(lambda: writer.append("contacts", [a_contact(1, 3, chance)], as_of)),
        "parts": len(bucket.stored),
    }
    figures["mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def main(counts: list[int]) -> None:
    every = {str(count): run(count) for count in counts}
    print(f"{'':24}" + "".join(f"{count + ' rows':>28}" for count in every))
    names = [name for name in next(iter(every.values())) if name != "mb"]
    for name in names:
        cells = (f"{figures[name]['seconds']:>12.4f} s {figures[name]['cpu']:>8.4f} cpu" for figures in every.values())
        print(f"{name:24}" + "".join(f"{cell:>28}" for cell in cells))
    print(f"{'peak memory, MB':24}" + "".join(f"{figures['mb']:>28}" for figures in every.values()))
    print(json.dumps({"benchmark": "lake", "rows": every}))


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [100_000, 1_000_000])

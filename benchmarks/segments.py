"""AutoSync: the work of one changed contact with 10, 100 and 1,000 segments and 1 k, 10 k, 100 k contacts; a fill.

PYTHONPATH=layers/shared:. python -m benchmarks.segments [changes] [contacts]        (without: 2000 and 100000)

`same_field`: every segment asks for another value of `city`. `disjoint`: segments spread over all text fields of a
contact, each asking for a value of its own. Every other round of changes moves the contact to values of nobody.
Work is what is decided, read and written; CPU is that of the real services on the stores in memory. Beside it, in the
same run, what is naive: to decide every rule for the contact, and to decide one segment's rule for every contact.
"""

import json
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from benchmarks import segment_fill
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords
from gotero.adapters.memory.world import PlainPhones, SeededIds, SetClock
from gotero.domain import condition as conditions
from gotero.domain.modules import MODULES
from gotero.domain.record import Cause, Change
from gotero.ports import Definition
from gotero.services.autosync_rules import Rules
from gotero.services.evaluate_record import Evaluator
from gotero.services.follow_change import Follower, follow_change
from gotero.services.save_record import RecordWriter, create_record, update_record

SIZES = (10, 100, 1000)
MARC = Cause("user", "marc")
TEXTS = [f.id for f in MODULES["contacts"].fields if f.type == "text" and not f.readonly and not f.zone]


class Counted:
    """A store whose calls are counted by name."""

    def __init__(self, store: Any, counts: Counter[str]) -> None:
        self._store, self._counts = store, counts

    def __getattr__(self, name: str) -> Any:
        self._counts[name] += 1
        return getattr(self._store, name)


class World:
    """One contact that changes, others that do not, and segments that are kept in step with a filter each."""

    def __init__(self, layout: str, size: int, contacts: int = 1) -> None:
        clock = SetClock(datetime(2026, 11, 21, 9, tzinfo=UTC))
        self.changes: list[Change] = []
        self.records = MemoryRecords(self.changes.append)
        self.definitions = MemoryDefinitions()
        self.asked = [self._asked(layout, number) for number in range(size)]
        for number, (field, value) in enumerate(self.asked):
            self.definitions.put(_segment(number, field, value))
        self.definitions.put(Definition("users", "marc", {}, 1, "", ""))
        self.rules = Rules(self.definitions)
        ids = SeededIds(clock)
        self.writer = RecordWriter(self.records, MemoryNumbers(), self.definitions, PlainPhones(), clock, ids)
        self.counts: Counter[str] = Counter()
        self.memberships = MemoryMemberships(self.rules.uncounted)
        self.evaluator = Evaluator(
            Counted(self.records, self.counts),
            Counted(MemoryMessages(), self.counts),
            Counted(self.memberships, self.counts),
            self.definitions,
            self.rules,
            MemoryDueIndex(),
            clock,
        )
        self.follower = Follower(self.evaluator, MemoryQueue())
        for _ in range(contacts):
            self.contact = create_record(self.writer, "contacts", {"lastname": "N"}, cause=MARC, owner="marc").ref
        self.changes.clear()

    @staticmethod
    def _asked(layout: str, number: int) -> tuple[str, str]:
        return ("city" if layout == "same_field" else TEXTS[number % len(TEXTS)], f"value {number}")

    def change(self, number: int) -> Change:
        field, value = self.asked[number % 10]
        of_nobody = number // 10 % 2
        update_record(self.writer, self.contact, {field: f"nobody {number}" if of_nobody else value}, cause=MARC)
        return self.changes.pop()


def _segment(number: int, field: str, value: str) -> Definition:
    condition = {"field": field, "op": "is", "value": value}
    rule = {"id": f"r{number}", "module": "contacts", "condition": condition, "state": "active", "generation": 1}
    data = {"name": f"s{number}", "status": "Activo", "autosync": [rule]}
    return Definition("segments", f"s{number:04}", data, 1, "", "")


def measure(layout: str, size: int, times: int, contacts: int = 1) -> dict[str, float]:
    """Per change: rules decided, reads, writes, CPU in µs; and the CPU of deciding every rule instead."""
    world = World(layout, size, contacts)
    index = world.rules.now().index
    decided, cpu = 0, 0.0
    for number in range(times):
        change = world.change(number)
        decided += len(index.touched("contacts", change.before, change.after))
        started = time.process_time()
        follow_change(world.follower, change)
        cpu += time.process_time() - started
    view = conditions.View(conditions.columns(change.after), world.evaluator.clock.now())
    every = list(index.rules.values())
    started = time.process_time()
    for _ in range(max(1, times // 20)):
        for rule in every:
            conditions.decide(rule.condition, view)
    naive = (time.process_time() - started) / max(1, times // 20)
    reads = world.counts["standing"] + world.counts["get"]
    figures = {"decided": decided, "reads": reads, "writes": world.counts["settle"], "cpu_us": cpu * 1e6}
    told = {**{name: round(n / times, 3) for name, n in figures.items()}, "naive_cpu_us": round(naive * 1e6, 3)}
    return told if contacts == 1 else {**told, "naive_rebuild_cpu_us": _rebuilt(world)}


def _rebuilt(world: World) -> float:
    """The CPU of deciding the rule of one segment for every contact, in µs."""
    rule, now = world.rules.now().index.rules["r0"], world.evaluator.clock.now()
    stored = list(world.records._records.values())
    started = time.process_time()
    for record in stored:
        conditions.decide(rule.condition, conditions.View(conditions.columns(record), now))
    return round((time.process_time() - started) * 1e6)


def work(figures: dict[str, float]) -> float:
    return figures["decided"] + figures["reads"] + figures["writes"]


def main(times: int, contacts: int) -> None:
    layouts = {name: {size: measure(name, size, times) for size in SIZES} for name in ("same_field", "disjoint")}
    print(f"{'per change':12}{'segments':>10}{'decided':>10}{'reads':>8}{'writes':>8}{'CPU µs':>10}{'naive µs':>10}")
    for name, sizes in layouts.items():
        for size, f in sizes.items():
            cells = f"{f['decided']:>10.2f}{f['reads']:>8.2f}{f['writes']:>8.2f}{f['cpu_us']:>10.1f}"
            print(f"{name:12}{size:>10}{cells}{f['naive_cpu_us']:>10.1f}")
    sizes_of_company = [n for n in (1_000, 10_000, 100_000) if n <= contacts]
    company = {n: measure("same_field", 1000, times, n) for n in sizes_of_company}
    for n, f in company.items():
        cells = f"{f['decided']:>10.2f}{f['reads']:>8.2f}{f['writes']:>8.2f}{f['cpu_us']:>10.1f}"
        print(f"{n:>8,} contacts, 1,000 segments{cells}; one segment anew: {f['naive_rebuild_cpu_us']:,.0f} µs")
    fill = segment_fill.measure(contacts)
    print(f"a fill over {contacts:,} contacts: {fill['members_per_second_and_core']:,} members a second and core")
    ratios = {
        f"{what}_ratio_1000_vs_10_{name}": round(measured(sizes[1000]) / measured(sizes[10]), 3)
        for name, sizes in layouts.items()
        for what, measured in (("work", work), ("cpu", lambda f: f["cpu_us"]))
    }
    told = {"per_change": layouts, "per_change_by_contacts": company, "fill": fill}
    print(json.dumps({"benchmark": "segments", **ratios, **told}))


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    main(*(arguments + [2_000, 100_000][len(arguments) :]))

"""A segment that is turned to a filter is filled by a job, record by record: how many a second of one core.

The services and the lake are the product's; tables and bucket are in memory, so that what is measured is our own work.
"""

import time
from datetime import UTC, datetime
from typing import Any

from benchmarks.lake import contacts as lake_rows
from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords
from gotero.adapters.memory.world import SeededIds, SetClock
from gotero.domain import instant
from gotero.domain.job import DONE
from gotero.domain.record import Cause, Record, RecordEvent
from gotero.ports import Definition, Due, IndexKeys
from gotero.services.autosync_rules import Rules
from gotero.services.evaluate_record import Evaluator
from gotero.services.fill_segment import Filler, run_step
from gotero.services.find_filter import Chosen
from gotero.services.save_segment import create_segment
from gotero.services.set_autosync import turn_on
from gotero.services.start_fill import start_fill
from gotero.services.write_definition import DefinitionWriter

MARC = Cause("user", "marc")
#: About half of the generated contacts.
_HALF = {"field": "birthday", "op": "after", "value": "1977-06-01"}


def measure(contacts: int) -> dict[str, Any]:
    """All of them stand in the lake; those who meet the filter are looked at, decided and written."""
    clock = SetClock(datetime(2026, 11, 21, 9, tzinfo=UTC))
    ids, definitions, queue = SeededIds(clock), MemoryDefinitions(), MemoryQueue()
    definitions.put(Definition("users", "marc", {}, 1, "", ""))
    records, lake = MemoryRecords(lambda _: None), S3Lake(MemoryObjects(), clock)
    rows = list(lake_rows(contacts))
    for row in rows:
        record = Record(**{name: value for name, value in row.data.items() if name != "tags"}, tags=())
        records.create(record, RecordEvent(row.id, "create", MARC, record.created_at), IndexKeys())
    for start in range(0, contacts, 10_000):
        lake.append("contacts", rows[start : start + 10_000], instant.write(clock.now()))
    rules, messages = Rules(definitions), MemoryMessages()
    memberships = MemoryMemberships(rules.uncounted)
    evaluator = Evaluator(records, messages, memberships, definitions, rules, MemoryDueIndex(), clock)
    writer, jobs = DefinitionWriter(definitions, clock, ids), MemoryJobs(messages)
    filler = Filler(evaluator, writer, lake, jobs, queue)
    segment = create_segment(writer, MemoryNumbers(), {"name": "s", "status": "Activo"}, owner="marc", cause=MARC)
    wall, cpu = time.perf_counter(), time.process_time()
    switch = turn_on(writer, segment.id, Chosen("contacts", _HALF, None), replaces=None, cause=MARC)
    job = start_fill(filler, switch, user_id="marc")
    while (now := jobs.get(job.id)) and now.state not in DONE:
        due = Due.from_json(queue.bodies.pop(0))
        run_step(filler, job.id, due.payload)
    spent, lasted = time.process_time() - cpu, time.perf_counter() - wall
    filled = len(memberships.told)
    expected = sum(row.data["values"]["birthday"] > "1977-06-01" for row in rows)
    assert now and (now.state, filled) == ("finished", expected), (now, filled, expected)
    return {
        "contacts": contacts,
        "members": filled,
        "seconds": round(lasted, 2),
        "cpu": round(spent, 2),
        "members_per_second_and_core": round(filled / spent),
        "contacts_per_second_and_core": round(contacts / spent),
    }

"""A small company on memory adapters: a queue that holds messages back, mails that are remembered, three welcomes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from gotero.adapters.memory.assignments import MemoryAssignments
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.records import MemoryRecords, MemoryTimeline
from gotero.adapters.memory.world import SeededIds, SetClock
from gotero.domain import instant
from gotero.domain.assignment import Assignment, Key
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.ports import Definition, Due, IndexKeys, Json
from gotero.services.assign import Drips
from gotero.services.fire_assignment import Outcome, fire_assignment
from gotero.services.save_action import create_action
from gotero.services.save_plan import create_plan
from gotero.services.save_scheduled_action import create_scheduled_action
from gotero.services.tick import tick
from gotero.services.write_definition import DefinitionWriter

CAUSE = Cause("user", "lucia")

WORKFLOW = Cause("workflow", "w1", part="t1", event="e1", depth=1)
LEFT = Cause("workflow", "w2", part="t1", event="e2", depth=1)


@dataclass
class HeldQueue:
    """A queue whose messages become visible after their delay."""

    clock: SetClock
    messages: list[tuple[datetime, Json]] = field(default_factory=list)

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None:
        assert 0 <= delay_seconds <= 900
        at = self.clock.now() + timedelta(seconds=delay_seconds)
        self.messages += [(at, body) for body in bodies]

    def take(self) -> list[Json]:
        now = self.clock.now()
        visible = [body for at, body in self.messages if at <= now]
        self.messages = [(at, body) for at, body in self.messages if at > now]
        return visible


@dataclass(frozen=True)
class Planned:
    state: str = "planned"
    reason: str | None = None


@dataclass
class Mails:
    """Plans one mail for each source and round, however often it is asked."""

    asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    sent: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    answer: Planned = Planned()
    error: Exception | None = None

    def __call__(self, recipient: Ref, template_id: str, **how: Any) -> Planned:
        if self.error:
            raise self.error
        key = (how["source_id"], how["round"])
        self.asked[key] += 1
        self.sent.setdefault(key, {"recipient": recipient, "template_id": template_id, **how})
        return self.answer

    def count(self, key: Key) -> int:
        return (key.id, key.round) in self.sent


class World:
    def __init__(self) -> None:
        self.clock = SetClock()
        self.definitions = MemoryDefinitions()
        self.records = MemoryRecords()
        self.index = MemoryDueIndex()
        self.queue = HeldQueue(self.clock)
        self.mails = Mails()
        self.timeline = MemoryTimeline()
        self.assignments = MemoryAssignments(self.timeline)
        self.drips = Drips(self.assignments, self.index, self.queue, self.definitions, self.records, self.clock)
        self.writer = DefinitionWriter(self.definitions, self.clock, SeededIds(self.clock))
        self.define("templates", "welcome", {})
        self.define("users", "lucia", {})
        self.define("settings", "company", {"zone": "Europe/Madrid"})
        self.action = create_action(
            self.writer, {"name": "Bienvenida", "params": {"template_id": "welcome"}}, cause=CAUSE
        ).id
        self.welcome = [self.scheduled({"on": "assignment", "offset": {"days": days}}) for days in (0, 10, 40)]
        self.plan = create_plan(self.writer, {"name": "Bienvenida", "scheduled_actions": self.welcome}, cause=CAUSE).id

    def define(self, kind: str, id: str, data: Json) -> None:
        at = instant.write(self.clock.now())
        self.definitions.put(Definition(kind, id, data, 1, at, at))

    def scheduled(self, when: Json, **more: Any) -> str:
        data = {"reference": "r", "action_id": self.action, "when": when, **more}
        return create_scheduled_action(self.writer, data, cause=CAUSE).id

    def contact(self, id: str = "lia", module: str = "contacts", **values: Any) -> Ref:
        at = instant.write(self.clock.now())
        record = Record(module, id, "1", "marc", values, at, "lucia", at)
        self.records.create(record, RecordEvent(f"e{id}", "create", CAUSE, at), IndexKeys())
        return record.ref

    def change(self, ref: Ref, *, deleted: bool = False, **values: Any) -> None:
        before = self.records.get(ref)
        assert before
        at = instant.write(self.clock.now())
        after = replace(before.changed(values, at=at), deleted_at=at if deleted else None)
        self.records.update(after, RecordEvent(f"e{after.version}", "modify", CAUSE, at), IndexKeys(), IndexKeys())

    def run(self, minutes: int = 1) -> list[Outcome]:
        """Minute by minute: a tick, then everything that the queue lets go."""
        outcomes = []
        for _ in range(minutes):
            tick(self.index, self.queue, self.clock)
            outcomes += self.deliver()
            self.clock.move(minutes=1)
        return outcomes

    def deliver(self) -> list[Outcome]:
        return [self.fire(body) for body in self.queue.take()]

    def fire(self, body: Json) -> Outcome:
        due = Due.from_json(body)
        return fire_assignment(self.drips, Key.from_json(due.payload), send_mail=self.mails)

    def of(self, recipient: Ref) -> list[Assignment]:
        return self.assignments.of(recipient)[0]

    def states(self, recipient: Ref) -> list[str]:
        """In order of due instant."""
        found = sorted(self.of(recipient), key=lambda a: a.due_at or "")
        return [f"{a.state}({a.reason})" if a.reason else a.state for a in found]

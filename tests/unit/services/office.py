"""A small company in memory, with the services' tools on it: what the service tests start from."""

from dataclasses import dataclass, field
from typing import Any

from gotero.adapters.memory.definitions import MemoryCounters, MemoryDefinitions
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords, MemoryTimeline
from gotero.adapters.memory.world import PlainPhones, SeededIds, SetClock
from gotero.domain.record import Cause, Change, Record, Ref
from gotero.ports import Definition
from gotero.services.do_task import Tools
from gotero.services.run_workflows import Workflows, run_workflows
from gotero.services.save_record import RecordWriter
from gotero.services.write_definition import DefinitionWriter, create_definition

MARC = "marc"
BY_MARC = Cause("user", MARC)


@dataclass
class Office:
    """`changes` holds what the stream would carry; `react` hands it to the workflows, as often as asked."""

    clock: SetClock = field(default_factory=SetClock)
    definitions: MemoryDefinitions = field(default_factory=MemoryDefinitions)
    memberships: MemoryMemberships = field(default_factory=MemoryMemberships)
    messages: MemoryMessages = field(default_factory=MemoryMessages)
    timeline: MemoryTimeline = field(default_factory=MemoryTimeline)
    due_index: MemoryDueIndex = field(default_factory=MemoryDueIndex)
    counters: MemoryCounters = field(default_factory=MemoryCounters)
    changes: list[Change] = field(default_factory=list)
    mails: list[tuple[Ref, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ids = SeededIds(self.clock)
        self.records = self.make_records()
        self.writer = RecordWriter(self.records, MemoryNumbers(), self.definitions, PlainPhones(), self.clock, self.ids)
        self.definer = DefinitionWriter(self.definitions, self.clock, self.ids)
        self.define("users", {"name": "Marc Soler", "email": "marc@huertaturia.example", "role": "marketer"}, MARC)
        self.tools = Tools(
            writer=self.writer,
            messages=self.messages,
            memberships=self.memberships,
            timeline=self.timeline,
            due_index=self.due_index,
            send_mail=self._send,
            assign=lambda *_: {},
            unassign=lambda *_: {},
            read=self._read,
        )

    def make_records(self) -> MemoryRecords:
        return MemoryRecords(self.changes.append)

    def define(self, kind: str, data: dict[str, Any], id: str | None = None) -> Definition:
        return create_definition(self.definer, kind, data, cause=BY_MARC, id=id)

    def react(self, times: int = 1) -> None:
        """Give every change so far to the workflows, `times` over, and what they cause after it."""
        workflows = Workflows(self.definitions)
        while self.changes:
            change = self.changes.pop(0)
            for _ in range(times):
                run_workflows(change, workflows.all(), self.tools)

    def told(self, ref: Ref) -> list[str]:
        return [entry.kind for entry in self.timeline.page(ref, 100, None)[0]]

    def _send(
        self, recipient: Ref, params: dict[str, Any], subject: Ref | None, key: str, cause: Cause
    ) -> dict[str, Any]:
        mail = (recipient, params["template_id"], key)
        if mail not in self.mails:  # the message ledger has one message a key
            self.mails.append(mail)
        return {"message": key}

    def _read(self, ref: Ref) -> Record | None:
        record = self.records.get(ref)
        return None if record is None or record.deleted_at else record

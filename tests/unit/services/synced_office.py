"""An office whose segments are kept in step with filters: what the AutoSync tests start from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.lake import MemoryLake
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.queue import MemoryQueue
from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.autosync import Rule
from gotero.domain.condition.activity import FORM_POSTED
from gotero.domain.ids import derived_id
from gotero.domain.message import Message
from gotero.domain.message_facts import facts
from gotero.domain.record import Change, RecordEvent, Ref
from gotero.ports import Definition, Due, Json, LakeRow, Membership
from gotero.services.autosync_rules import Rules
from gotero.services.evaluate_record import Evaluator, flip_record
from gotero.services.fill_segment import CAUSE, Filler, run_step
from gotero.services.follow_change import Follower, follow_change, follow_on
from gotero.services.project_change import MembershipChange, member_row, message_row
from gotero.services.project_link import LINKS, link_row
from gotero.services.save_record import create_record
from gotero.services.save_segment import create_segment
from gotero.services.view_record import Surroundings, view_record
from gotero.services.work_job import JobLine
from tests.unit.services.office import BY_MARC, MARC, Office


class HeardMessages(MemoryMessages):
    """Messages whose stream is heard: what workflows may see of each write, with the message before it."""

    def __init__(self, heard: Callable[[Change], None]) -> None:
        super().__init__()
        self._heard = heard

    def create(self, message: Message, notice: Json) -> bool:
        made = super().create(message, notice)
        if made:
            self._hear(None, message, notice)
        return made

    def save(self, message: Message, notice: Json | None) -> None:
        before = self.stored[message.key]
        super().save(message, notice)
        if notice:
            self._hear(before, message, notice)

    def _hear(self, before: Message | None, after: Message, notice: Json) -> None:
        extra = {"message_event": notice["message_event"], "facts": (facts(before) if before else {}, facts(after))}
        event = RecordEvent.from_json(notice)
        self._heard(Change(event, after.to_record(), before.to_record() if before else None, extra))


@dataclass
class SyncedOffice(Office):
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    #: How much of what memberships tell has been heard.
    heard: int = 0

    def __post_init__(self) -> None:
        self.rules = Rules(self.definitions)
        self.memberships = MemoryMemberships(self.rules.uncounted)
        self.messages = HeardMessages(self.changes.append)
        super().__post_init__()
        self.evaluator = Evaluator(
            self.records, self.messages, self.memberships, self.definitions, self.rules, self.due_index, self.clock
        )
        self.follower = Follower(self.evaluator, self.queue)
        self.jobs = MemoryJobs(self.messages)
        self.job_line = JobLine(self.jobs, MemoryQueue(), self.due_index, self.clock, self.ids)
        self.lake = MemoryLake(self.clock, uncounted=self.rules.uncounted)
        self.filler = Filler(self.evaluator, self.definer, self.lake, self.jobs, self.queue)

    def segment(self, *conditions_: Any, module: str = "contacts", status: str = "Activo") -> Definition:
        """A segment with AutoSync on, complete."""
        made = create_segment(
            self.definer,
            self.writer.numbers,
            {"name": f"s{len(self.definitions.all('segments'))}", "status": status},
            owner=MARC,
            cause=BY_MARC,
        )
        rules = [
            {
                "id": derived_id(made.id, str(number)),
                "module": module,
                "condition": condition,
                "state": "active",
                "generation": 1,
            }
            for number, condition in enumerate(conditions_)
        ]
        after = Definition(
            made.kind, made.id, {**made.data, "autosync": rules}, 2, made.created_at, made.updated_at, made.cause
        )
        self.definitions.put(after, names={"name": made.data["name"]})
        return after

    def contact(self, **values: Any) -> Ref:
        return create_record(self.writer, "contacts", {"lastname": "N", **values}, cause=BY_MARC, owner=MARC).ref

    def account(self, **values: Any) -> Ref:
        return create_record(self.writer, "accounts", {"accountname": "A", **values}, cause=BY_MARC, owner=MARC).ref

    def sync(self, times: int = 1) -> None:
        """Everything that has changed reaches AutoSync, `times` over."""
        while changes := [*self.changes, *self._entries()]:
            self.changes.clear()
            for change in changes * times:
                follow_change(self.follower, change)
        self.work()

    def _entries(self) -> list[Change]:
        """What the stream of memberships tells since it was asked last: who has entered and left."""
        told, self.heard = self.memberships.told[self.heard :], len(self.memberships.told)
        return [self._transition(kind, membership) for kind, membership in told]

    def _transition(self, kind: str, membership: Membership) -> Change:
        by_name = bool(membership.sources) and membership.sources[0].kind != "filter"
        id = derived_id(kind, membership.segment, str(membership.ref), str(membership.version))
        event = RecordEvent(id, "modify", BY_MARC if by_name else CAUSE, membership.since)
        extra = {"transition": kind, "segment": membership.segment}
        return Change(event, self.records._records[membership.ref], None, extra)

    def work(self) -> None:
        """Everything that stands in the queue, and what it leads to; the lake knows of it at once."""
        self.project()
        while self.queue.bodies:
            self.fire(Due.from_json(self.queue.bodies.pop(0)))
            self.project()

    def step(self) -> bool:
        """One message of the queue; whether there was one."""
        if self.queue.bodies:
            self.fire(Due.from_json(self.queue.bodies.pop(0)))
            return True
        return False

    def fire(self, due: Due) -> None:
        kind, _, id = due.thing.partition("#")
        match kind:
            case "follow":
                follow_on(self.follower, due.payload)
            case "fill":
                run_step(self.filler, id, due.payload)
            case "flip":
                flip_record(self.evaluator, Ref.parse(id))

    def pass_time(self, **delta: float) -> None:
        """What falls due meanwhile fires at its instant."""
        until = self.clock.now() + timedelta(**delta)
        while due := [entry for page in self.due_index.due(until) for entry in page]:
            first = min(due, key=lambda entry: (entry.at, entry.thing))
            self.due_index.done([first])
            self.clock.set(max(first.at, self.clock.now()))
            self.fire(first)
            self.work()
        self.clock.set(until)

    def project(self) -> None:
        """What the stream would bring to the lake."""
        now = instant.write(self.clock.now())
        for record in self.records._records.values():
            row = LakeRow(record.id, record.version, record.to_json(), deleted=record.deleted_at is not None)
            self.lake.append(record.module, [row], now)
        for ref, posts in self.records._posts.items():
            for id, post in posts.items():
                data = {"module": ref.module, "record": ref.id, "kind": FORM_POSTED, "detail": post.form, "at": post.at}
                self.lake.append("activity", [LakeRow(id, 1, data)], now)
        self.lake.append(LINKS, [link_row(link) for link in self.records.links.values()], now)
        for message in self.messages.stored.values():
            self.lake.append("messages", [message_row(message)], now)
        for stored in self.memberships._stored.values():
            rows = [member_row(MembershipChange(m, m.version)) for m in stored.values()]
            self.lake.append("members", rows, now)

    def members(self, segment: Definition) -> set[Ref]:
        return {ref for ref in self.everybody() if self.memberships.get(segment.id, ref)}

    def everybody(self) -> list[Ref]:
        return [ref for ref in self.records._records if ref.module in ("contacts", "accounts", "leads")]

    def holds(self, rule: Rule, ref: Ref) -> bool:
        """What a recomputation from nothing says: of records, messages and posts, and of who is in other segments."""
        record = self.records.get(ref)
        if record is None or record.deleted_at or ref.module != rule.module:
            return False
        around = Surroundings(self.records, self.messages, self.memberships)
        now, zone = self.clock.now(), self.evaluator.zone()
        return conditions.decide(rule.condition, view_record(around, record, [rule.condition], now=now, zone=zone))

    def by_rules(self, ref: Ref, rules: Sequence[Rule]) -> set[tuple[str, str]]:
        """(segment, rule) that a recomputation gives the record."""
        blocked = {m.segment for m in self.memberships.standing(ref).memberships if m.blocked}
        return {(r.segment, r.id) for r in rules if r.segment not in blocked and self.holds(r, ref)}

    def given(self, ref: Ref) -> set[tuple[str, str]]:
        """(segment, rule) that the record has been given."""
        standing = self.memberships.standing(ref)
        return {(m.segment, s.id) for m in standing.memberships for s in m.sources if s.kind == "filter"}

"""The send path in a world of faults: the real services on memory adapters; nobody twice, nobody forgotten.

`simulate` plans a campaign, a second one that somebody cancels, a third to who did not open that one, and some single
mails; lets queues, state machine, due index and provider (send_cast.py) play their parts with every fault of
send_world.py, while somebody pauses, deploys and lets go of the brake; and counts (send_books.py).
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from benchmarks.send_books import AuditedJobs, AuditedMessages, Books, Result
from benchmarks.send_cast import Executions, Rendering, Step, TickingDue, WorkedQueue
from benchmarks.send_people import AT, ByJob, Sharers, house, records_of
from benchmarks.send_provider import Provider
from benchmarks.send_unrest import unrest
from benchmarks.send_world import Faults, Port, World
from gotero.adapters.aws.queue import SendQueues
from gotero.adapters.letters import StoredLetters
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.files import MemoryFiles
from gotero.adapters.memory.mail import MemoryPace
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords, MemoryTimeline
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.memory.suppressions import MemorySuppressions
from gotero.adapters.memory.tallies import MemoryAlarms, MemoryBrakes, MemoryTallies
from gotero.adapters.memory.world import SeededIds
from gotero.domain.job import CAMPAIGN_SEND, DONE, Control, Job
from gotero.domain.message import Message, MessageKey, State
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Cause, Ref
from gotero.entry import wiring_documents
from gotero.ports import Json, RemainingTime
from gotero.services.brake import BrakeDesk, let_go_of_account, tally_batch
from gotero.services.change_message import Ledger
from gotero.services.check_job import WAKE_AFTER, check_job, due_thing, start_execution, wake_job
from gotero.services.compose_mail import Composer
from gotero.services.control_job import control_job
from gotero.services.enclose import Encloser
from gotero.services.enqueue_chunks import enqueue_chunks
from gotero.services.freeze_audience import AudienceFreezer
from gotero.services.freeze_job import freeze_job
from gotero.services.hand_over import SendLine
from gotero.services.message_numbers import MessageNumbers
from gotero.services.pass_on_address import pass_on_addresses
from gotero.services.plan_message import MailPlanner, plan_message
from gotero.services.record_event import EventIntake, record_event
from gotero.services.send_chunk import send_chunk
from gotero.services.send_message import send_message
from gotero.services.settle_message import settle_message
from gotero.services.suppress import Protector
from gotero.services.work_job import JobLine

JOB, CANCELLED, AGAIN = "job1", "job2", "job3"
#: Of events; of what is due (template.yaml), which goes to the dead letters after five tries.
_EVENTS_VISIBILITY, _DUE_VISIBILITY, _DUE_RECEIVES = 120.0, 360.0, 5
#: Everything ends long before; a job that sleeps for ever is caught here.
_UNTIL = 30 * 86_400.0
#: Trouble comes while the audience freezes and the mails leave: so many seconds, and more for each recipient.
_MINUTES, _EACH = 900.0, 0.2
_ONE_IN = 5  # of the recipients gets a mail of its own beside the campaign, and half of those a second campaign
_FREEZING = ("lease", "release", "prepared", "keep_addresses", "claim_address")
#: Wakes are few: to be hit by a death at all, they are hit so much more often.
_DEADLY = 60


class Simulation:
    """One run."""

    def __init__(self, recipients: int, seed: int, faults: Faults) -> None:
        self.world = world = World(seed, faults)
        self.refs = [Ref("contacts", f"c{i:07d}") for i in range(recipients)]
        self.singles = [ref for i, ref in enumerate(self.refs) if i % _ONE_IN == 0]
        self.audiences = {JOB: self.refs, CANCELLED: [ref for i, ref in enumerate(self.refs) if i % (2 * _ONE_IN) == 1]}
        self.messages = AuditedMessages()
        self.jobs = AuditedJobs(self.messages)
        self.books = Books(self.messages, self.jobs, self.audiences)
        self.provider = Provider(world, self._event)
        self.due_index = TickingDue(world, lambda thing: self._fire(thing, 1))
        states: dict[str, Step] = {"freeze": self._freeze, "enqueue": self._enqueue, "check": self._check}
        self.executions = Executions(world, states)
        self.queue = SendQueues(*(WorkedQueue(world, self._receive) for _ in range(3)))
        self.opened_before: set[Ref] = set()
        records = records_of(self.refs)
        self.sharers = Sharers(world, records, self.refs)
        self._wire(records)

    def _wire(self, records: MemoryRecords) -> None:
        world, clock = self.world, _as_any(self.world)
        definitions = house()
        messages = self._port(self.messages, "create", "create_many", "save")
        job_writes = ("control", "note", "add_chunks", "claim_chunk", "finish_chunk", "recount", *_FREEZING)
        self._jobs = self._port(self.jobs, *job_writes)
        self._queue = self._port(self.queue, "put")
        self._due = self._port(self.due_index, "put")
        stored = self._port(records)
        suppressed = self._port(MemorySuppressions(), "add")
        self._brakes = self._port(MemoryBrakes(), "put")
        self._machine = self._port(self.executions, "start")
        # Everything that a wake touches.
        self._wake = [
            self._port(port, *writes, deadly=_DEADLY)
            for port, writes in ((self.jobs, job_writes), (self.executions, ("start",)), (self.due_index, ("put",)))
        ]
        numbers, ids = MemoryNumbers(), SeededIds(clock, seed=world.random.randrange(1 << 30))
        letters, rendering = StoredLetters(MemoryObjects()), _as_any(Rendering())
        composer = Composer(
            stored,
            definitions,
            suppressed,
            MemoryMemberships(),
            letters,
            rendering,
            MemorySigner(),
            "https://p.example",
            Encloser(definitions, MemoryFiles, wiring_documents.maker),
        )
        self.ledger = Ledger(messages, self._jobs)
        self.line = SendLine(
            self.ledger,
            composer,
            self.provider,
            self._queue,
            self._due,
            clock,
            ids,
            MemoryPace(),
            self._brakes,
            lambda seconds: None,
            at_once=8,
            together=world.in_threads,
            refused=partial(self._pass_on, composer),
        )
        lake = _as_any(ByJob(self.audiences))
        self.freezer = AudienceFreezer(self._jobs, messages, stored, suppressed, numbers, lake, clock, self._due)
        block = MessageNumbers(numbers)
        self.planner = MailPlanner(stored, definitions, messages, suppressed, block, self._queue, self._due, clock)
        nothing: Any = lambda ref, source, cause: None  # noqa: E731  # nobody is marked here
        protector = Protector(suppressed, stored, nothing, MemoryTimeline(), MemoryQueue(), clock)
        self.intake = EventIntake(self.ledger, protector, definitions, lambda recorded: None)
        tallies = self._port(MemoryTallies(), "forget")
        self.desk = BrakeDesk(tallies, self._brakes, self._jobs, definitions, MemoryAlarms(), clock)
        self.job_line = JobLine(self._jobs, self._queue, self._due, clock, ids)

    def _port(self, inner: Any, *writes: str, deadly: int = 1) -> Any:
        return Port(self.world, inner, writes=frozenset(writes), deadly=deadly)

    # -- workers ----------------------------------------------------------------------------------------------------

    def _receive(self, body: Json, remaining: RemainingTime) -> None:
        if "chunk" in body:
            send_chunk(self.line, body["job"], body["chunk"], remaining)
        for message_id in body.get("messages", ()):
            send_message(self.line, message_id, remaining)

    def _freeze(self, payload: Json, position: int, remaining: RemainingTime) -> list[tuple[str, int, float]]:
        step = freeze_job(self.freezer, payload["job_id"], payload["execution"], remaining)
        if step.left:
            self.world.happened["left to another execution"] += 1
            return []
        return [("enqueue" if step.done else "freeze", 0, 0.1)]

    def _enqueue(self, payload: Json, position: int, remaining: RemainingTime) -> list[tuple[str, int, float]]:
        start = enqueue_chunks(self._jobs, self._queue, self.line.clock, payload["job_id"], position)
        return [("check", 0, 0.1) if start is None else ("enqueue", start, 0.1)]

    def _check(self, payload: Json, position: int, remaining: RemainingTime) -> list[tuple[str, int, float]]:
        check = check_job(self._jobs, self.line.clock, payload["job_id"])
        if check.finished:
            return []
        return [("freeze", 0, 0.1) if check.stalled else ("check", 0, check.wait_seconds)]

    def _fire(self, thing: str, receives: int) -> None:
        kind, _, id = thing.partition("#")

        def work() -> None:
            if kind == "job":
                jobs, machine, due = self._wake
                wake_job(jobs, machine, due, self.line.clock, id)
            else:
                settle_message(self.ledger, self._queue, self._due, self.line.clock, id)

        def ended(well: bool) -> None:
            if not well and receives < _DUE_RECEIVES:
                self.world.at(_DUE_VISIBILITY, lambda: self._fire(thing, receives + 1))

        self.world.start(work, ended)

    def _event(self, event: MessageEvent) -> None:
        if event.kind is EventKind.ACCEPTED and self.world.random.random() < 0.9:
            known = self.messages.get(MessageKey.parse(event.message_id))
            if known and known.outcome == "accepted":
                return  # of what our own call said already one in ten is told

        def ended(well: bool) -> None:
            if not well:
                self.world.at(_EVENTS_VISIBILITY, lambda: self._event(event))

        def work() -> None:
            recorded = record_event(self.intake, event)
            tally_batch(self.desk, [recorded] if recorded else [])

        self.world.start(work, ended)

    # -- who else does something ------------------------------------------------------------------------------------

    def _pass_on(self, composer: Composer, job_id: str, left: Sequence[Message]) -> None:
        pass_on_addresses(self._jobs, self.planner, composer, job_id, left)
        self.sharers.hear_of(left)

    def _plan(self, ref: Ref) -> None:
        """A workflow plans a mail: at least once, until it worked."""
        cause = Cause("workflow", "w1")

        def work() -> None:
            plan_message(self.planner, ref, "t1", source_kind="wf", source_id="w1", cause=cause)

        def ended(well: bool) -> None:
            if not well or self.world.random.random() < self.world.faults.rate / 10:
                self.world.at(30.0, lambda: self._plan(ref))

        self.world.start(work, ended)

    def _control(self, job_id: str, control: Control) -> None:
        """Somebody presses a button, once; where it no longer applies nothing happens."""

        def work() -> None:
            control_job(self.job_line, self._machine, job_id, control, self.desk)
            self.world.happened[control] += 1

        self.world.start(work, lambda well: None)

    def _look_after(self) -> None:
        """Each half hour somebody looks at the page: lets go of the account's brake, resumes what stands still."""
        jobs = {job_id: job for job_id in self.audiences if (job := self.jobs.get(job_id))}
        if AGAIN not in jobs and jobs[CANCELLED].state in DONE:
            self._send_again()
        left = [job for job in jobs.values() if job.state not in DONE]
        for job in left:
            if job.stopped in ("bounces", "complaints", "account"):
                self.world.happened[f"stopped by {job.stopped}"] += 1
            if job.state == "paused":
                self.world.start(self._let_go, lambda well: None)
                self.world.at(60.0, partial(self._control, job.id, "resume"))
        if left or AGAIN not in jobs:
            self.world.at(1800.0, self._look_after)

    def _send_again(self) -> None:
        """To whoever got the second campaign and has not opened it, as the lake knew it some time ago."""
        got = {key.recipient: m for key, m in self.messages.stored.items() if key.source_id == CANCELLED}
        reached = {ref: m for ref, m in got.items() if m.state in (State.ACCEPTED, State.DELIVERED)}
        seen_late = (ref for ref, m in reached.items() if not m.feedback.opened or self.world.random.random() < 0.2)
        self.audiences[AGAIN] = list(seen_late)
        self.opened_before = {ref for ref, m in reached.items() if m.feedback.opened}
        self.world.happened["sent again to who did not open"] += 1
        self._begin(AGAIN, not_opened=CANCELLED)

    def _let_go(self) -> None:
        if self._brakes.get().brake:
            let_go_of_account(self.desk, "u1", "looked into")

    def run(self) -> Result:
        world = self.world
        for job_id in list(self.audiences):
            self._begin(job_id)
        for ref in self.singles:
            world.at(world.random.uniform(0, 600), partial(self._plan, ref))
        self.sharers.leave(0)
        pause, cancel = partial(self._control, JOB, "pause"), partial(self._control, CANCELLED, "cancel")
        unrest(world, self.provider, _MINUTES + _EACH * len(self.refs), pause, cancel)
        world.at(1800.0, self._look_after)
        world.run(_UNTIL)
        singles = [MessageKey(ref, "wf", "w1") for ref in self.singles]
        return self.books.result(self.provider, singles, self.opened_before, world)

    def _begin(self, job_id: str, **also: str) -> None:
        params = {"name": "n", "campaign": "camp1", "template_id": "t1", "template": "t", "class": "marketing"}
        audience = {"segments": [job_id], "except": [], "everyone": False, **also}
        job = Job(job_id, CAMPAIGN_SEND, "running", {**params, "sender": "company", "audience": audience}, AT, "u1")
        self.jobs.create(job)
        self.due_index.put(self.world.now() + WAKE_AFTER, due_thing(job_id), {})
        start_execution(self.executions, self.line.clock, job)


def _as_any(thing: object) -> Any:
    return thing


def simulate(recipients: int, seed: int, faults: Faults | None = None) -> Result:
    """One run over so many recipients."""
    return Simulation(recipients, seed, faults or Faults()).run()

"""The send path in a world of faults: the real services on memory adapters; nobody twice, nobody forgotten.

`simulate` plans a campaign and some single mails, lets queue, state machine, due index and provider play their parts
with every fault of benchmarks/send_world.py, and counts. `naive` is the control: send, then mark as sent.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from benchmarks.send_world import LIFETIME, Faults, Port, Provider, World
from gotero.adapters.letters import StoredLetters
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.mail import MemoryPace
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords, MemoryTimeline
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.memory.suppressions import MemorySuppressions
from gotero.adapters.memory.tallies import MemoryBrakes
from gotero.adapters.memory.world import SeededIds
from gotero.domain.errors import PermanentError
from gotero.domain.job import CAMPAIGN_SEND, Job
from gotero.domain.message import MessageKey
from gotero.domain.message_event import MessageEvent
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.domain.template import CompiledTemplate, MailContent
from gotero.ports import Definition, IndexKeys, Json
from gotero.services.change_message import Ledger
from gotero.services.check_job import WAKE_AFTER, check_job, due_thing, start_execution, wake_job
from gotero.services.compose_mail import Composer
from gotero.services.enqueue_chunks import enqueue_chunks
from gotero.services.freeze_audience import AudienceFreezer, freeze_audience
from gotero.services.hand_over import SendLine
from gotero.services.message_numbers import MessageNumbers
from gotero.services.plan_message import MailPlanner, plan_message
from gotero.services.record_event import EventIntake, record_event
from gotero.services.send_chunk import send_chunk
from gotero.services.send_message import send_message
from gotero.services.settle_message import settle_message
from gotero.services.suppress import Protector

AT = "2026-11-21T08:00:00.000Z"
JOB = "job1"
#: Of the send queue, and of the others (template.yaml).
_SEND_VISIBILITY, _VISIBILITY = 240.0, 120.0
_RECEIVES = 8
#: Two days: everything that is uncertain has been settled or is held by then.
_UNTIL = 2 * 86_400.0
#: Looks at the books at random instants of the first hours, when everything is in motion.
_AUDITS, _AUDITED = 60, 7200.0
_ONE_IN = 5  # of the recipients gets a mail of its own beside the campaign


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to. `lost`: planned, never handed over, and in no state that says so.

    `unheard`: of the uncertain ones those that the provider did take, and whose events never came.
    """

    recipients: int
    accepted: int
    skipped: int
    duplicates: int
    lost: int
    uncertain: int
    unheard: int
    wrong: int
    faults: dict[str, int]

    def to_json(self) -> Json:
        return asdict(self)


class _Renderer:
    def compile(self, template: Any) -> CompiledTemplate:
        raise PermanentError("no template is saved in a simulation")

    def render(self, compiled: CompiledTemplate, context: Json, links: Any) -> MailContent:
        return MailContent(compiled.subject, compiled.html, compiled.text, ())


class _Audience:
    """`Lake`, as far as freezing asks."""

    def __init__(self, refs: Sequence[Ref]) -> None:
        self._refs = sorted(refs, key=lambda ref: (ref.module, ref.id))

    def audience(self, audience: object, batch: int, after: Ref | None = None) -> Iterator[list[Ref]]:
        begin = self._refs.index(after) + 1 if after else 0
        for start in range(begin, len(self._refs), batch):
            yield self._refs[start : start + batch]


class _DueIndex:
    """`DueIndex` whose tick comes each minute, and now and then a minute late."""

    def __init__(self, world: World, fire: Callable[[str], None]) -> None:
        self._world, self._fire = world, fire

    def put(self, at: datetime, thing: str, payload: Json) -> None:
        late = self._world.random.choice((0.0, 0.0, 60.0))
        delay = max(0.0, (at - self._world.now()).total_seconds())
        minute = -(self._world.seconds + delay) % 60
        self._world.at(delay + minute + late, lambda: self._fire(thing))


class Simulation:
    """One run."""

    def __init__(self, recipients: int, seed: int, faults: Faults) -> None:
        self.world = world = World(seed, faults)
        self.refs = [Ref("contacts", f"c{i:07d}") for i in range(recipients)]
        self.singles = [ref for i, ref in enumerate(self.refs) if i % _ONE_IN == 0]
        self.messages = MemoryMessages()
        self.jobs = MemoryJobs(self.messages)
        self.due_index = _DueIndex(world, lambda thing: self._fire(thing, _RECEIVES))
        self.provider = Provider(world, self._event)
        self._executions: set[str] = set()
        self.audits = self.wrong_audits = 0
        records = self._records()
        definitions = MemoryDefinitions(
            Definition("settings", "company", {"name": "Huerta", "sender": "hola@huerta.example"}, 1, AT, AT),
            Definition("templates", "t1", {"name": "t", "compiled": _compiled().to_json()}, 1, AT, AT),
        )
        self._wire(records, definitions, MemorySuppressions())

    def _wire(self, records: MemoryRecords, definitions: MemoryDefinitions, suppressions: MemorySuppressions) -> None:
        world = self.world
        messages: Any = Port(world, self.messages, writes=frozenset({"create", "create_many", "save"}))
        writes = {"control", "note", "add_chunks", "claim_chunk", "finish_chunk", "recount", "claim_address"}
        self._jobs: Any = Port(world, self.jobs, writes=frozenset(writes))
        self._queue: Any = Port(world, self, writes=frozenset({"put"}))
        self._due: Any = Port(world, self.due_index, writes=frozenset({"put"}))
        stored: Any = Port(world, records, writes=frozenset())
        suppressed: Any = Port(world, suppressions, writes=frozenset({"add"}))
        numbers = MemoryNumbers()
        clock: Any = world
        composer = Composer(
            stored,
            definitions,
            suppressed,
            MemoryMemberships(),
            StoredLetters(MemoryObjects()),
            _Renderer(),
            MemorySigner(),
            "https://p.example",
        )
        self.ledger = Ledger(messages, self._jobs)
        self.line = SendLine(
            self.ledger,
            composer,
            self.provider,
            self._queue,
            self._due,
            clock,
            SeededIds(clock, seed=world.random.randrange(1 << 30)),
            MemoryPace(),
            MemoryBrakes(),
            lambda seconds: None,
            at_once=8,
            together=world.in_threads,
        )
        lake: Any = _Audience(self.refs)
        self.freezer = AudienceFreezer(self._jobs, messages, stored, suppressed, numbers, lake, clock, self._due)
        block = MessageNumbers(numbers)
        self.planner = MailPlanner(stored, definitions, messages, suppressed, block, self._queue, self._due, clock)
        nothing: Any = lambda ref, source, cause: None  # noqa: E731  # nobody is marked here
        protector = Protector(suppressed, stored, nothing, MemoryTimeline(), MemoryQueue(), clock)
        self.intake = EventIntake(self.ledger, protector, definitions, lambda recorded: None)

    def _records(self) -> MemoryRecords:
        records = MemoryRecords()
        for index, ref in enumerate(self.refs):
            values = _values(index)
            record = Record(ref.module, ref.id, f"CON-{index}", "u1", values, AT, "u1", AT)
            records.create(record, RecordEvent(ref.id, "create", Cause("system", "seed"), AT), IndexKeys())
        return records

    # -- the parts that AWS plays ---------------------------------------------------------------------------------

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None:
        """The send queue: at least once, in any order."""
        for body in bodies:
            self._deliver(body, delay_seconds + self.world.random.uniform(0.01, 5), 1)
            if self.world.random.random() < self.world.faults.rate / 10:
                self._deliver(body, delay_seconds + self.world.random.uniform(0.01, 120), 1)

    def _deliver(self, body: Json, delay: float, receives: int) -> None:
        def arrived() -> None:
            self.world.start(lambda: self._receive(body), ended)

        def ended(well: bool) -> None:
            if not well and receives < _RECEIVES:
                self._deliver(body, _SEND_VISIBILITY, receives + 1)

        self.world.at(delay, arrived)

    def _audit(self) -> None:
        """At this very instant, in the middle of everything: the job's counts are those of its finished chunks."""
        job = self.jobs.get(JOB)
        if job is None:
            return
        chunks = [chunk for number in range(job.chunks) if (chunk := self.jobs.chunk(JOB, number)) and chunk.done]
        keys = [MessageKey(ref, "job", JOB) for chunk in chunks for ref in chunk.recipients]
        counted = Counter(message.outcome for message in self.messages.get_many(keys).values())
        self.audits += 1
        self.wrong_audits += {k: n for k, n in job.counts.items() if n} != counted

    def _receive(self, body: Json) -> None:
        deadline = self.world.seconds + LIFETIME
        left = self.world.random.choice((LIFETIME, LIFETIME, LIFETIME, 4.0))  # some begin late in their batch

        def remaining() -> float:
            return min(left, deadline - self.world.seconds)

        if "chunk" in body:
            send_chunk(self.line, body["job"], body["chunk"], remaining)
        for message_id in body.get("messages", ()):
            send_message(self.line, message_id, remaining)

    def start(self, name: str, payload: Json) -> None:
        """The state machine: each state is tried six times, then the execution is lost."""
        if name not in self._executions:
            self._executions.add(name)
            self._state("freeze", payload["job_id"], 0, 6)

    def _state(self, state: str, job_id: str, position: int, tries: int) -> None:
        following: list[tuple[str, int, float]] = []

        def work() -> None:
            if state == "freeze":
                done = freeze_audience(self.freezer, job_id, lambda: 60.0)
                following.append(("enqueue" if done else "freeze", 0, 0.1))
            elif state == "enqueue":
                start = enqueue_chunks(self._jobs, self._queue, self.line.clock, job_id, position)
                following.append(("check", 0, 0.1) if start is None else ("enqueue", start, 0.1))
            else:
                check = check_job(self._jobs, self.line.clock, job_id)
                if not check.finished:
                    following.append(("freeze", 0, 0.1) if check.stalled else ("check", 0, check.wait_seconds))

        def ended(well: bool) -> None:
            if not well:
                if tries:
                    self.world.at(4.0, lambda: self._state(state, job_id, position, tries - 1))
                return
            for name, start, wait in following:
                self.world.at(wait, partial(self._state, name, job_id, start, 6))

        self.world.start(work, ended)

    def _fire(self, thing: str, tries: int) -> None:
        kind, _, id = thing.partition("#")

        def work() -> None:
            if kind == "job":
                machine: Any = self
                wake_job(self._jobs, machine, self._due, self.line.clock, id)
            else:
                settle_message(self.ledger, self._queue, self._due, self.line.clock, id)

        def ended(well: bool) -> None:
            if not well and tries:
                self.world.at(_VISIBILITY, lambda: self._fire(thing, tries - 1))

        self.world.start(work, ended)

    def _event(self, event: MessageEvent) -> None:
        def ended(well: bool) -> None:
            if not well:
                self.world.at(_VISIBILITY, lambda: self._event(event))

        self.world.start(lambda: record_event(self.intake, event), ended)

    # -- the run ----------------------------------------------------------------------------------------------------

    def run(self) -> Result:
        params = {"name": "n", "campaign": "camp1", "template_id": "t1", "template": "t", "class": "marketing"}
        audience = {"segments": ["s"], "except": [], "everyone": False}
        job = Job(JOB, CAMPAIGN_SEND, "running", {**params, "sender": "company", "audience": audience}, AT, "u1")
        self.jobs.create(job)
        self.due_index.put(self.world.now() + WAKE_AFTER, due_thing(JOB), {})
        machine: Any = self
        start_execution(self.jobs, machine, job)
        for ref in self.singles:
            self.world.at(self.world.random.uniform(0, 600), partial(self._plan, ref))
        for _ in range(_AUDITS):
            self.world.at(self.world.random.uniform(0, _AUDITED), self._audit)
        self.world.run(_UNTIL)
        return self._result()

    def _plan(self, ref: Ref) -> None:
        """A workflow plans a mail: at least once, until it worked."""
        cause = Cause("workflow", "w1")

        def work() -> None:
            plan_message(self.planner, ref, "t1", source_kind="wf", source_id="w1", cause=cause)

        def ended(well: bool) -> None:
            if not well or self.world.random.random() < self.world.faults.rate / 10:
                self.world.at(30.0, lambda: self._plan(ref))

        self.world.start(work, ended)

    def _result(self) -> Result:
        keys = [MessageKey(ref, "job", JOB) for ref in self.refs]
        keys += [MessageKey(ref, "wf", "w1") for ref in self.singles]
        outcomes: Counter[str] = Counter()
        lost = wrong = unheard = 0
        for key in keys:
            message, taken = self.messages.get(key), self.provider.taken[str(key)]
            outcome = message.outcome if message else "missing"
            outcomes[outcome] += 1
            lost += taken == 0 and outcome not in ("skipped", "uncertain", "held")
            unheard += taken > 0 and outcome in ("uncertain", "held")
            # Sent to somebody who is shown as not sent to, or to somebody without an address.
            wrong += taken > 0 and outcome not in ("accepted", "uncertain", "held")
        wrong += self._miscounted() + self.wrong_audits
        return Result(
            recipients=len(keys),
            accepted=outcomes["accepted"],
            skipped=outcomes["skipped"],
            duplicates=sum(taken > 1 for taken in self.provider.taken.values()),
            lost=lost,
            uncertain=outcomes["uncertain"] + outcomes["held"],
            unheard=unheard,
            wrong=wrong,
            faults=dict(self.world.happened),
        )

    def _miscounted(self) -> int:
        """By how much the job's own counts differ from a recount of its messages."""
        job = self.jobs.get(JOB)
        counted = Counter(m.outcome for key in self.refs if (m := self.messages.get(MessageKey(key, "job", JOB))))
        if job is None or job.state != "finished" or job.total != len(self.refs):
            return len(self.refs)
        return sum(abs(job.counts.get(outcome, 0) - n) for outcome, n in counted.items())


def _values(index: int) -> Json:
    """Some have no address, some a broken one, some share one."""
    if index % 50 == 7:
        return {}
    if index % 100 == 11:
        return {"email": "broken@"}
    return {"email": "info@example.com" if index % 400 == 13 else f"p{index}@example.com"}


def _compiled() -> CompiledTemplate:
    return CompiledTemplate("Hola", "<p>Hola</p>", "Hola", "es", (), ())


def naive(recipients: int, seed: int, faults: Faults) -> Json:
    """Send, then mark as sent, with the SDK's retries: what most systems do, under the same provider and kills."""
    random = Random(seed)
    rate, taken = faults.rate, Counter[int]()
    for recipient in range(recipients):
        for _attempt in range(60):
            accepted = False
            for _try in range(3):  # the SDK asks again, whatever the reason
                chance = random.random()
                if chance < 2 * rate / 3 or chance > 1 - rate / 100:
                    continue
                taken[recipient] += 1
                accepted = chance <= 1 - rate / 3
                if accepted:
                    break
            # Killed, or refused by the store, between the provider's answer and the mark: it comes again.
            if accepted and random.random() > faults.kill + faults.call:
                break
    return {
        "duplicates": sum(n > 1 for n in taken.values()),
        "lost": recipients - len(taken),
    }


def simulate(recipients: int, seed: int, faults: Faults | None = None) -> Result:
    """One run over so many recipients."""
    return Simulation(recipients, seed, faults or Faults()).run()

"""The office with everything that sending takes, in memory: the real renderer, a provider that fails when told to."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from gotero.adapters.letters import StoredLetters
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.files import MemoryFiles
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.mail import MemoryMail, MemoryPace
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.queue import MemoryQueue, MemoryStateMachine
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.memory.suppressions import MemorySuppressions
from gotero.adapters.memory.tallies import MemoryAlarms, MemoryBrakes, MemoryTallies
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.audience import Audience
from gotero.domain.job import Job
from gotero.domain.message import Message, MessageKey
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Cause, Ref
from gotero.ports import Json
from gotero.services.brake import BrakeDesk, tally_batch
from gotero.services.change_message import Ledger
from gotero.services.check_job import check_job
from gotero.services.compose_mail import Composer
from gotero.services.enclose import Encloser
from gotero.services.enqueue_chunks import enqueue_chunks
from gotero.services.freeze_audience import AudienceFreezer, freeze_audience
from gotero.services.hand_over import SendLine
from gotero.services.message_numbers import MessageNumbers
from gotero.services.opt_out import set_do_not_email
from gotero.services.pass_on_address import pass_on_addresses
from gotero.services.plan_message import MailPlanner, plan_message
from gotero.services.record_event import EventIntake, Recorded, record_event
from gotero.services.save_record import create_record, update_record
from gotero.services.save_template import create_template
from gotero.services.send_chunk import send_chunk
from gotero.services.send_message import send_message
from gotero.services.send_seeds import send_seeds
from gotero.services.settle_message import settle_message
from gotero.services.start_campaign import CampaignStarter, start_campaign
from gotero.services.suppress import Protector
from gotero.services.work_job import JobLine
from tests.unit.services.office import BY_MARC, MARC, Office

COMPANY = {
    "name": "Huerta Turia, S.L.",
    "address": "Calle de la Huerta 1, 46001 Valencia",
    "sender": "hola@huertaturia.example",
    "zone": "Europe/Madrid",
    "language": "es",
    "send_delay_minutes": 0,
}


class ListedAudience:
    """`Lake`, as far as a send asks: who is in which segment."""

    def __init__(self) -> None:
        self.segments: dict[str, list[Ref]] = {}
        self.behind = False

    def caught_up(self) -> bool:
        return not self.behind

    def audience(self, audience: Audience, batch: int, after: Ref | None = None, **_: Any) -> Any:
        behind = (after.module, after.id) if after else ("", "")
        refs = [ref for ref in self._all(audience) if (ref.module, ref.id) > behind]
        return iter([refs[start : start + batch] for start in range(0, len(refs), batch)])

    def audience_size(self, audience: Audience) -> int:
        return len(self._all(audience))

    def _all(self, audience: Audience) -> list[Ref]:
        inside = {*audience.records, *(ref for id in audience.segments for ref in self.segments.get(id, []))}
        inside -= {ref for segment in audience.except_segments for ref in self.segments.get(segment, [])}
        return sorted(inside, key=lambda ref: (ref.module, ref.id))


@dataclass
class PostOffice(Office):
    """`told_workflows` is what the stream of the messages would carry."""

    told_workflows: list[tuple[Message, Json]] = field(default_factory=list)
    mail: MemoryMail = field(default_factory=MemoryMail)
    suppressions: MemorySuppressions = field(default_factory=MemorySuppressions)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    due_queue: MemoryQueue = field(default_factory=MemoryQueue)
    machine: MemoryStateMachine = field(default_factory=MemoryStateMachine)
    lake: ListedAudience = field(default_factory=ListedAudience)
    seconds_left: float = 40.0
    pace: MemoryPace = field(default_factory=MemoryPace)
    brakes: MemoryBrakes = field(default_factory=MemoryBrakes)
    tallies: MemoryTallies = field(default_factory=MemoryTallies)
    alarms: MemoryAlarms = field(default_factory=MemoryAlarms)
    heard: list[Recorded] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    press: Any = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.messages = self.make_messages()
        self.jobs = self.make_jobs()
        self.job_line = JobLine(self.jobs, MemoryQueue(), self.due_index, self.clock, self.ids)
        self.ledger = Ledger(self.messages, self.jobs)
        self.signer = MemorySigner()
        renderer = TemplateRenderer()
        numbers = self.writer.numbers
        self.planner = MailPlanner(
            self.records,
            self.definitions,
            self.messages,
            self.suppressions,
            MessageNumbers(numbers),
            self.queue,
            self.due_index,
            self.clock,
        )
        self.letters = StoredLetters(MemoryObjects())
        composer = Composer(
            self.records,
            self.definitions,
            self.suppressions,
            self.memberships,
            self.letters,
            renderer,
            self.signer,
            "https://go.huertaturia.example",
            Encloser(self.definitions, lambda: self.files, lambda: self.press),
        )
        self.line = SendLine(
            self.ledger,
            composer,
            self.mail,
            self.queue,
            self.due_index,
            self.clock,
            self.ids,
            self.pace,
            self.brakes,
            self.slept.append,
            at_once=4,
            began=lambda job_id: send_seeds(self.planner, self.jobs, job_id),
            refused=lambda job_id, left: pass_on_addresses(self.jobs, self.planner, composer, job_id, left),
        )

        def opt_out(ref: Ref, source: str, cause: Cause) -> None:
            set_do_not_email(self.writer, ref, source, cause)

        self.protector = Protector(self.suppressions, self.records, opt_out, self.timeline, self.due_queue, self.clock)
        self.desk = BrakeDesk(self.tallies, self.brakes, self.jobs, self.definitions, self.alarms, self.clock)
        self.intake = EventIntake(self.ledger, self.protector, self.definitions, self.heard.append)
        lake: Any = self.lake
        self.freezer = AudienceFreezer(
            self.jobs, self.messages, self.records, self.suppressions, numbers, lake, self.clock, self.due_index
        )
        self.starter = CampaignStarter(
            self.records,
            self.definitions,
            self.jobs,
            self.machine,
            self.due_index,
            self.clock,
            self.ids,
            lake,
            self.slept.append,
        )
        self.define("settings", COMPANY, "company")
        self.template = create_template(
            self.definer,
            renderer,
            {
                "name": "2-Column_1-Logo",
                "subject": "Hola {{ firstname|default('amigo') }}",
                "html": "<html><body><p>Hola {{ contact.firstname }}</p>"
                '<a href="https://twitter.com/huertaturia">follow on Twitter</a></body></html>',
            },
            cause=BY_MARC,
        ).id

    def make_messages(self) -> MemoryMessages:
        return MemoryMessages(lambda message, notice: self.told_workflows.append((message, notice)))

    def make_jobs(self) -> MemoryJobs:
        return MemoryJobs(self.messages)

    def contact(self, email: str | None = "ana@example.com", **values: Any) -> Ref:
        named = {"firstname": "Ana", "lastname": "Ferrandis", **values}
        if email:
            named["email"] = email
        return create_record(
            self.writer, "contacts", named, cause=BY_MARC, owner=MARC, keep_broken=frozenset({"email"})
        ).ref

    def change(self, ref: Ref, **values: Any) -> None:
        update_record(self.writer, ref, values, cause=BY_MARC)

    # -- single mails ---------------------------------------------------------------------------------------------

    def plan(self, ref: Ref, source: str = "w1", **rest: Any) -> Message:
        rest = {"source_kind": "wf", **rest}
        return plan_message(self.planner, ref, self.template, source_id=source, cause=Cause("workflow", "w1"), **rest)

    def work(self) -> None:
        """Everything on the send queue, once, and what that puts there."""
        while bodies := self.queue.take():
            for body in bodies:
                self.deliver(body)

    def deliver(self, body: Json) -> None:
        if "chunk" in body:
            send_chunk(self.line, body["job"], body["chunk"], lambda: self.seconds_left)
        for message_id in body.get("messages", ()):
            send_message(self.line, message_id, lambda: self.seconds_left)

    def settle(self, message: Message) -> None:
        settle_message(self.ledger, self.queue, self.due_index, self.clock, message.id)

    def now_is(self, message: Message) -> Message:
        stored = self.messages.get(message.key)
        assert stored is not None
        return stored

    def tell(self, message: Message, kind: EventKind, id: str = "e1", **rest: Any) -> bool:
        at = rest.pop("at", "2026-11-21T10:00:00.000Z")
        return record_event(self.intake, MessageEvent(id, kind, message.id, at, **rest)) is not None

    def count(self) -> None:
        """What the function does when a batch of events is through."""
        batch, self.heard[:] = list(self.heard), []
        tally_batch(self.desk, batch)

    # -- campaigns ------------------------------------------------------------------------------------------------

    def campaign(self, name: str = "Twitter") -> Ref:
        return create_record(self.writer, "campaigns", {"name": name}, cause=BY_MARC, owner=MARC).ref

    def segment(self, refs: list[Ref], id: str = "seg1") -> str:
        self.define("segments", {"name": id, "type": "Newsletter", "status": "Activo", "owner": MARC}, id)
        self.lake.segments[id] = refs
        return id

    def order(self, *segments: str, **rest: Any) -> Json:
        audience = {"segments": list(segments), "except": [], "everyone": False}
        return {"template_id": self.template, "audience": audience, "start": "now", **rest}

    def send(self, campaign: Ref, order: Json, key: str | None = None) -> Job:
        return start_campaign(self.starter, campaign.id, order, user_id=MARC, idempotency_key=key)

    def job(self, job: Job) -> Job:
        stored = self.jobs.get(job.id)
        assert stored is not None
        return stored

    def execute(self, job: Job) -> None:
        """What the state machine does up to its first wait."""
        while not freeze_audience(self.freezer, job.id, lambda: 60.0):
            pass
        enqueue_chunks(self.jobs, self.queue, self.clock, job.id, 0)

    def run(self, job: Job) -> Job:
        self.execute(job)
        self.work()
        check_job(self.jobs, self.clock, job.id)
        return self.job(job)

    def message(self, job: Job, ref: Ref) -> Message:
        stored = self.messages.get(MessageKey(ref, "job", job.id))
        assert stored is not None
        return stored

    def outcomes(self, job: Job) -> dict[str, int]:
        """The job's counts, after checking them against a recount of its messages."""
        counts = {outcome: n for outcome, n in self.job(job).counts.items() if n}
        messages = [m for m in self.messages.stored.values() if m.mailing.job == job.id]
        assert counts == {k: n for k, n in Counter(m.outcome for m in messages).items() if k != "pending"}
        chunks = (self.jobs.chunk(job.id, number) for number in range(self.job(job).chunks))
        done = {ref for chunk in chunks if chunk and chunk.done for ref in chunk.recipients}
        skipped = Counter(m.reason for m in messages if m.outcome == "skipped" and m.key.recipient in done)
        assert dict(self.job(job).skips) == dict(skipped)
        return {str(outcome): n for outcome, n in counts.items()}


def people_of(office: PostOffice, count: int) -> list[Ref]:
    return [office.contact(f"p{i}@example.com") for i in range(count)]

"""What a run of the send simulator came to: everybody's end, and whether the jobs' own counts say the same."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.send_people import sharing
from benchmarks.send_provider import Provider
from benchmarks.send_world import World
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.messages import MemoryMessages
from gotero.domain.job import Chunk, Job
from gotero.domain.message import Message, MessageKey, Outcome
from gotero.domain.record import Ref
from gotero.ports import Json


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to. `lost`: planned, never handed over, and in no state that says so.

    `uncertain` are those in doubt at the end, `doubts` says why: `unheard` the provider has, and all its events were
    lost; `on the way` a request left that never arrived; `not asked` its sender died before the request left.
    `instants`: how often the books were looked at in between. `longest`: list, queue message or input of an execution.
    """

    recipients: int
    accepted: int
    skipped: int
    cancelled: int
    duplicates: int
    lost: int
    uncertain: int
    doubts: dict[str, int]
    wrong: int
    instants: int
    longest: dict[str, int]
    faults: dict[str, int]

    def to_json(self) -> Json:
        return asdict(self)


class AuditedMessages(MemoryMessages):
    """Keeps the true count of each job: how many of the messages of its finished chunks have which outcome."""

    def __init__(self) -> None:
        super().__init__()
        self.true: defaultdict[str, Counter[Outcome]] = defaultdict(Counter)
        self.finished: dict[MessageKey, Outcome] = {}

    def save(self, message: Message, notice: Json | None) -> None:
        super().save(message, notice)
        before = self.finished.get(message.key)
        if before is not None and before != message.outcome:
            self.finish(message.key, message.outcome, before)

    def finish(self, key: MessageKey, outcome: Outcome, before: Outcome | None = None) -> None:
        self.finished[key] = outcome
        counts = self.true[key.source_id]
        counts[outcome] += 1
        if before is not None:
            counts[before] -= 1


class AuditedJobs(MemoryJobs):
    """Whoever asks for a job, at whatever instant, sees counts that are the true ones, or it is noted."""

    def __init__(self, messages: AuditedMessages) -> None:
        super().__init__(messages)
        self._audited = messages
        self.instants = self.wrong = 0

    def get(self, job_id: str) -> Job | None:
        job = super().get(job_id)
        if job is not None:
            self.instants += 1
            counts = {outcome: n for outcome, n in job.counts.items() if n}
            right = counts == {outcome: n for outcome, n in self._audited.true[job_id].items() if n}
            self.wrong += not right or job.total != job.pending + sum(counts.values()) or job.pending < 0
        return job

    def finish_chunk(
        self, chunk: Chunk, counts: Mapping[Outcome, int], skips: Mapping[str, int], open_ones: Sequence[Message]
    ) -> None:
        super().finish_chunk(chunk, counts, skips, open_ones)
        for ref in chunk.recipients:
            key = MessageKey(ref, "job", chunk.job)
            self._audited.finish(key, self._audited.stored[key].outcome)


class Books:
    """Looks at the tables from outside. `audiences` are the recipients of each job."""

    def __init__(self, messages: MemoryMessages, jobs: AuditedJobs, audiences: Mapping[str, list[Ref]]) -> None:
        self._messages, self._jobs, self._audiences = messages, jobs, audiences

    def result(
        self, provider: Provider, singles: Sequence[MessageKey], opened_before: Collection[Ref], world: World
    ) -> Result:
        jobs = [MessageKey(ref, "job", job) for job, refs in self._audiences.items() for ref in refs]
        outcomes: Counter[str] = Counter()
        doubts = Counter({"unheard": 0, "on the way": 0, "not asked": 0})
        lost = wrong = 0
        for key in (*jobs, *singles):
            message, taken = self._messages.get(key), provider.taken[str(key)]
            outcome = message.outcome if message else self._never_planned(key)
            outcomes[outcome] += 1
            lost += taken == 0 and outcome not in ("skipped", "uncertain", "held", self._may_end(key))
            if outcome in ("uncertain", "held"):
                doubts["unheard" if taken else "on the way" if str(key) in provider.asked else "not asked"] += 1
            # Sent to somebody who is shown as not sent to, or to somebody without an address.
            wrong += taken > 0 and outcome not in ("accepted", "uncertain", "held")
            # The mail to who did not open, to somebody who had.
            wrong += taken > 0 and key.source_id == "job3" and key.recipient in opened_before
        shared = sum(self._wrongly_shared(job, provider) for job in self._audiences)
        return Result(
            recipients=len(jobs) + len(singles),
            accepted=outcomes["accepted"],
            skipped=outcomes["skipped"],
            cancelled=outcomes["cancelled"],
            duplicates=sum(taken > 1 for taken in provider.taken.values()),
            lost=lost,
            uncertain=outcomes["uncertain"] + outcomes["held"],
            doubts=dict(doubts),
            wrong=wrong + shared + sum(map(self._miscounted, self._audiences)) + self._jobs.wrong,
            instants=self._jobs.instants,
            longest=dict(world.longest),
            faults=dict(world.happened),
        )

    def _wrongly_shared(self, job_id: str, provider: Provider) -> bool:
        """Whether an address that several have got two mails of a job, or none though some of them may be written to.

        The last of those who share it stays (send_simulation.py); in doubt is an end as good as for anybody.
        """
        people = frozenset(sharing(self._audiences["job1"])) & frozenset(self._audiences[job_id])
        theirs = [m for key, m in self._messages.stored.items() if key.source_id == job_id and key.recipient in people]
        sent = sum(provider.taken[m.id] for m in theirs)
        owed = bool(people) and sharing(self._audiences["job1"])[-1] in people and not self._was_cancelled(job_id)
        return sent > 1 or (owed and not sent and not any(m.outcome in ("uncertain", "held") for m in theirs))

    def _was_cancelled(self, job_id: str) -> bool:
        job = self._jobs.get(job_id)
        return job is not None and job.state == "cancelled"

    def _may_end(self, key: MessageKey) -> str:
        """`cancelled` is an end only where somebody has cancelled the job."""
        return "cancelled" if key.source_kind == "job" and self._was_cancelled(key.source_id) else ""

    def _never_planned(self, key: MessageKey) -> str:
        """A job that was cancelled before all of its audience was in has taken the others in never."""
        return self._may_end(key) or "missing"

    def _miscounted(self, job_id: str) -> int:
        """By how much the job's own counts differ from a recount of its messages."""
        refs, job = self._audiences[job_id], self._jobs.get(job_id)
        counted = Counter(m.outcome for ref in refs if (m := self._messages.get(MessageKey(ref, "job", job_id))))
        if (
            job is None
            or job.pending
            or not (self._was_cancelled(job_id) or (job.state, job.total) == ("finished", len(refs)))
        ):
            return len(refs)
        return sum(abs(job.counts.get(outcome, 0) - n) for outcome, n in counted.items())

"""What a run of the send simulation came to: everybody's end, and whether the jobs' own counts say the same."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from benchmarks.send_world import Provider
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.messages import MemoryMessages
from gotero.domain.message import MessageKey
from gotero.domain.record import Ref
from gotero.ports import Json


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to. `lost`: planned, never handed over, and in no state that says so.

    `unheard`: of the uncertain ones those that the provider did take, and whose events never came.
    """

    recipients: int
    accepted: int
    skipped: int
    cancelled: int
    duplicates: int
    lost: int
    uncertain: int
    unheard: int
    wrong: int
    faults: dict[str, int]

    def to_json(self) -> Json:
        return asdict(self)


class Books:
    """Looks at the tables from outside. `audiences` are the recipients of each job."""

    def __init__(self, messages: MemoryMessages, jobs: MemoryJobs, audiences: Mapping[str, Sequence[Ref]]) -> None:
        self._messages, self._jobs, self._audiences = messages, jobs, audiences
        self.audits = self.wrong_audits = 0

    def audit(self) -> None:
        """At this very instant, in the middle of everything: a job's counts are those of its finished chunks."""
        for job_id in self._audiences:
            job = self._jobs.get(job_id)
            if job is None:
                continue
            chunks = [c for n in range(job.chunks) if (c := self._jobs.chunk(job_id, n)) and c.done]
            keys = [MessageKey(ref, "job", job_id) for chunk in chunks for ref in chunk.recipients]
            counted = Counter(message.outcome for message in self._messages.get_many(keys).values())
            self.audits += 1
            right = {k: n for k, n in job.counts.items() if n} == counted
            self.wrong_audits += not right or job.total != job.pending + sum(job.counts.values())

    def result(self, provider: Provider, singles: Sequence[MessageKey], faults: Mapping[str, int]) -> Result:
        jobs = [MessageKey(ref, "job", job) for job, refs in self._audiences.items() for ref in refs]
        outcomes: Counter[str] = Counter()
        lost = wrong = unheard = 0
        for key in (*jobs, *singles):
            message, taken = self._messages.get(key), provider.taken[str(key)]
            outcome = message.outcome if message else self._never_planned(key)
            outcomes[outcome] += 1
            lost += taken == 0 and outcome not in ("skipped", "uncertain", "held", self._may_end(key))
            unheard += taken > 0 and outcome in ("uncertain", "held")
            # Sent to somebody who is shown as not sent to, or to somebody without an address.
            wrong += taken > 0 and outcome not in ("accepted", "uncertain", "held")
        return Result(
            recipients=len(jobs) + len(singles),
            accepted=outcomes["accepted"],
            skipped=outcomes["skipped"],
            cancelled=outcomes["cancelled"],
            duplicates=sum(taken > 1 for taken in provider.taken.values()),
            lost=lost,
            uncertain=outcomes["uncertain"] + outcomes["held"],
            unheard=unheard,
            wrong=wrong + sum(map(self._miscounted, self._audiences)) + self.wrong_audits,
            faults=dict(faults),
        )

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

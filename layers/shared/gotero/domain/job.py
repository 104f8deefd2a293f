"""A job: a batch in the background, with exact counts and a control of its own.

    held | scheduled ─► running ⇄ paused ─► finished          cancel, at any of them: cancelling ─► cancelled

The counts say it all: total = pending + accepted + skipped + failed + uncertain + held + cancelled, at every instant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, Literal

from gotero.domain.errors import ConflictError
from gotero.domain.message import OUTCOMES, Outcome
from gotero.domain.price import mail_cost
from gotero.domain.record import Ref

Json = dict[str, Any]
CAMPAIGN_SEND = "campaign_send"
#: DESIGN.md §7: the most recipients of one claim.
MAX_CHUNK = 50
_MIN_CHUNK = 10

JobState = Literal["held", "scheduled", "running", "paused", "cancelling", "cancelled", "finished", "failed"]
Control = Literal["start", "pause", "resume", "cancel"]
#: Control -> the states it applies in -> the state that follows.
CONTROLS: Mapping[Control, Mapping[JobState, JobState]] = {
    "start": {"held": "running", "scheduled": "running"},
    "pause": {"running": "paused"},
    "resume": {"paused": "running"},
    "cancel": {"held": "cancelled", "scheduled": "cancelled", "running": "cancelling", "paused": "cancelling"},
}
DONE: frozenset[JobState] = frozenset({"cancelled", "finished", "failed"})
#: Why a job failed whose worker died at the same step, every time (catalogue/stops.py); it may be resumed.
STEP_KILLED = "step_killed"
#: What the provider has taken, or may have.
_PAID: tuple[Outcome, ...] = ("accepted", "uncertain", "held")
#: Why a recipient of a job may be skipped: keys of catalogue/skips.py, each counted on the job.
SKIPS: tuple[str, ...] = (
    *("no_email", "invalid_email", "suppressed", "do_not_email", "unsubscribed", "same_address", "excluded", "opened"),
    *("deleted", "no_template", "too_large", "no_document", "no_document_record", "files_too_large"),
)
AT_WORK: frozenset[JobState] = frozenset({"running", "cancelling"})


@dataclass(frozen=True, slots=True)
class Job:
    """One job. `version` guards its control; the counts move beside it, by addition only."""

    id: str
    kind: str
    state: JobState
    #: What it was asked to do, as it was asked (SendOrder.to_json), with the campaign.
    params: Json
    created_at: str
    created_by: str
    #: Distinguishes another request that comes with the same idempotency key.
    fingerprint: str = ""
    start_at: str = ""
    started_at: str = ""
    finished_at: str = ""
    #: How far the audience is frozen: the last recipient taken, the chunks taken, those whose messages exist.
    cursor: Ref | None = None
    chunks: int = 0
    prepared: int = 0
    frozen: bool = False
    #: Which execution takes the audience in, and how long nobody else need try (services/freeze_job.py).
    freezer: str = ""
    freezing_until: str = ""
    #: What the last check saw, and since when: without movement it is helped along. A job that sends nothing notes
    #: here itself how many records it has gone through.
    seen: int = 0
    seen_at: str = ""
    #: Recipients a second between the last two checks that saw it move.
    rate: float = 0.0
    total: int = 0
    counts: Mapping[Outcome, int] = field(default_factory=dict)
    #: Of those that were skipped, how many for which reason.
    skips: Mapping[str, int] = field(default_factory=dict)
    #: Of a job that goes in steps: where the next one begins, what came of those before, how many there were.
    position: Json | None = None
    outcome: Json = field(default_factory=dict)
    turn: int = 0
    #: How often the step of turn `tried_turn` was begun by somebody who told nothing more of it.
    tried: int = 0
    tried_turn: int = 0
    #: Why it stands still though nobody paused it (catalogue/stops.py), and until when, where it goes on by itself.
    stopped: str = ""
    parked_until: str = ""
    version: int = 1

    @property
    def tries(self) -> int:
        """How often the step that comes now was begun already."""
        return self.tried if self.tried_turn == self.turn else 0

    @property
    def processed(self) -> int:
        return sum(self.counts.values()) if self.kind == CAMPAIGN_SEND else self.seen

    @property
    def pending(self) -> int:
        return self.total - self.processed

    @property
    def complete(self) -> bool:
        """Whether everybody who was taken in has an outcome, and nobody else will be taken in."""
        all_in = (self.frozen or self.state == "cancelling") and self.prepared == self.chunks
        return all_in and self.pending == 0

    @property
    def open_questions(self) -> int:
        return self.counts.get("uncertain", 0) + self.counts.get("held", 0)

    def is_parked(self, now: str) -> bool:
        """Whoever cancels does not wait for the provider."""
        return self.state == "running" and self.parked_until > now

    @property
    def deletable(self) -> bool:
        """Whether nothing of it has begun: then it can go without a trace but the log."""
        return self.kind == CAMPAIGN_SEND and self.state in ("held", "scheduled") and self.chunks == 0

    def controlled(self, control: Control, at: str, stopped: str = "") -> "Job":
        """The job after a control; ConflictError where it does not apply."""
        state = CONTROLS[control].get(self.state)
        if control == "resume" and (self.state, self.stopped) == ("failed", STEP_KILLED):
            state = "running"
        if state is None:
            raise ConflictError(f"a job that is {self.state} cannot {control}", f"job_{self.state}", "state")
        return replace(self.moved(state, at), stopped=stopped)

    def moved(self, state: JobState, at: str) -> "Job":
        return replace(
            self,
            state=state,
            started_at=self.started_at or (at if state == "running" else ""),
            finished_at=at if state in DONE else "",
            stopped="",
            parked_until="",
            tried=0,
            version=self.version + 1,
        )

    def to_json(self) -> Json:
        """The job as the API shows it."""
        done = self.state in DONE
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.params.get("name", ""),
            "campaign": self.params.get("campaign"),
            "module": (self.params.get("chosen") or self.params).get("module"),
            "state": self._shown_state(),
            "stopped": self.stopped or None,
            "parked_until": self.parked_until or None,
            "total": self.total,
            "pending": self.pending,
            "processed": self.processed,
            "failed": self.counts.get("failed", 0) or self.outcome.get("failed", 0),
            "counts": {outcome: self.counts.get(outcome, 0) for outcome in OUTCOMES},
            "progress": round(self.processed / self.total, 4) if self.total and self.frozen else float(done),
            "created_at": self.created_at,
            "created_by": self.created_by,
            "start_at": self.start_at or None,
            "started_at": self.started_at or None,
            "finished_at": self.finished_at or None,
            "deletable": self.deletable,
            **(self._sending() if self.kind == CAMPAIGN_SEND else {}),
            "outcome": self.outcome,
            "result": self._result() if done else None,
            "version": self.version,
        }

    def _shown_state(self) -> str:
        if self.state == "finished" and self.open_questions:
            return "finished_open"
        return "parked" if self.state == "running" and self.parked_until else self.state

    def _result(self) -> Json:
        counted: Json = {outcome: self.counts.get(outcome, 0) for outcome in OUTCOMES}
        return counted if self.kind == CAMPAIGN_SEND else self.outcome or counted

    def _sending(self) -> Json:
        """What only sends have: how fast, how much longer, for how much."""
        moving = self.state in AT_WORK and self.rate > 0
        left = sum(self.counts.get(outcome, 0) for outcome in _PAID)
        return {
            "skipped": dict(self.skips),
            "rate": round(self.rate, 2) if moving else None,
            "seconds_left": ceil(self.pending / self.rate) if moving else None,
            "cost": mail_cost(left).to_json(),
            "template": self.params.get("template"),
            "template_id": self.params.get("template_id"),
            # What was chosen to go along; the template may bring more.
            **(self.params.get("enclosed") or {}),
            "audience": self.params.get("audience"),
            "local_start": self.params.get("local_start"),
            "window_minutes": self.params.get("window_minutes", 0),
        }


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some recipients of a job: who they are, who is sending to them now, and which of them are in the air."""

    job: str
    number: int
    recipients: tuple[Ref, ...]
    owner: str = ""
    claimed_at: str = ""
    #: Indexes of recipients whose mail may be on its way to the provider under this owner.
    at_risk: tuple[int, ...] = ()
    done: bool = False
    #: Nobody sends it before this instant: the recipients' local time, or the chunk's place in a window.
    not_before: str = ""
    #: Since when servers let some of its recipients' mails wait (domain/handover.py).
    deferred_since: str = ""


@dataclass(frozen=True, slots=True)
class ChunkState:
    """What the queue has to know of a chunk: nothing about its recipients."""

    number: int
    done: bool
    not_before: str


def chunk_size(taken: int) -> int:
    """How many recipients the next chunk takes: small at first, so that a small job shows its progress too."""
    return min(MAX_CHUNK, max(_MIN_CHUNK, taken // 10))

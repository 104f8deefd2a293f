"""The message ledger, jobs, and who carries mails."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from gotero.domain.deliverability import AccountBrake, Tally
from gotero.domain.handover import Handover, OutgoingMail
from gotero.domain.job import Chunk, ChunkState, Job
from gotero.domain.lane import Lane
from gotero.domain.letter import Letter
from gotero.domain.message import Message, MessageKey, Outcome
from gotero.domain.record import Ref
from gotero.domain.suppression import Suppression, SuppressionReason
from gotero.domain.transport import Name, Transports
from gotero.ports.records import TimelineEntry
from gotero.ports.world import Json


class MessageReader(Protocol):
    """Single messages, strongly consistent."""

    def get(self, key: MessageKey) -> Message | None: ...


class Messages(MessageReader, Protocol):
    """The message ledger. Every write is conditional: on absence, or on the version before."""

    def get_many(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Message]: ...

    def create(self, message: Message, notice: Json) -> bool:
        """Write it unless its key is taken; whether this call wrote it. `notice` is what workflows see."""

    def create_many(self, messages: Sequence[tuple[Message, Json]]) -> list[MessageKey]:
        """Write those whose key is free; the keys that were taken."""

    def save(self, message: Message, notice: Json | None) -> None:
        """Write it over version - 1, else ConflictError. Without a notice workflows see nothing."""

    def of(self, recipient: Ref) -> list[Message]:
        """All messages to one recipient, strongly consistent, in the order of their keys."""


class Jobs(Protocol):
    """Jobs, their chunks, and the counts that move with them in one transaction."""

    def create(self, job: Job) -> None:
        """ConflictError when the id is taken."""

    def get(self, job_id: str) -> Job | None: ...

    def page(self, limit: int, after: str | None, campaign: str | None = None) -> tuple[list[Job], str | None]:
        """Newest first, of all or those that send one campaign, with the position to go on from."""

    def control(self, job: Job) -> None:
        """Write state, times and tries over version - 1, else ConflictError; everything else stays as stored."""

    def note(self, job_id: str, **facts: float | str | bool) -> None:
        """Set some of frozen, seen, seen_at, rate, stopped, parked_until, tried, tried_turn.

        One that is gone notes nothing.
        """

    def lease(self, job_id: str, owner: str, now: str, until: str) -> bool:
        """Whether this owner takes its audience in until then: it does already, or nobody does at `now`.

        Who does is seen to look after the job at `now`.
        """

    def release(self, job_id: str, owner: str) -> None:
        """Whoever comes next need not wait for the lease to end. Of somebody else's lease nothing changes."""

    def prepared(self, job_id: str, chunks: int) -> None:
        """The messages of so many chunks exist. Somebody who is late lowers nothing."""

    def advance(self, job: Job) -> None:
        """Write position, outcome, seen, seen_at and total over turn - 1, else ConflictError: another was faster."""

    def delete(self, job: Job, told: TimelineEntry) -> None:
        """As if it had never been, but for what is told with it. ConflictError when it has another version by now."""

    def add_chunks(self, job: Job, chunks: Sequence[Chunk], cursor: Ref) -> None:
        """The next chunks of the audience: chunks, cursor, number of chunks and total in one transaction.

        ConflictError when the job has taken the first of them already.
        """

    def chunk_states(self, job_id: str, start: int, stop: int) -> list[ChunkState]:
        """Those from `start` up to and without `stop`, in order."""

    def chunk(self, job_id: str, number: int) -> Chunk | None: ...

    def claim_chunk(self, chunk: Chunk, before: Chunk) -> bool:
        """Write owner and what is at risk if both are still `before`'s and the chunk is not done.

        A lost answer is read back: True when the stored owner and risk are the ones just written.
        """

    def finish_chunk(
        self, chunk: Chunk, counts: Mapping[Outcome, int], skips: Mapping[str, int], open_ones: Sequence[Message]
    ) -> None:
        """Mark it done, add its counts to the job's, write `open_ones` over version - 1: one transaction.

        ConflictError when the chunk has another owner or is done, or an open message moved meanwhile.
        """

    def recount(self, message: Message, notice: Json | None, before: Outcome) -> None:
        """Write a counted message over version - 1 and move the job's count to its new outcome, or ConflictError."""

    def addresses(self, job_id: str, address_keys: Collection[str]) -> dict[str, str]:
        """The message that gets the mail of an address in this job, where one does."""

    def keep_addresses(self, job_id: str, holders: Mapping[str, str], waiting: Sequence[tuple[str, str]]) -> None:
        """Addresses with the messages that get their mails; and (address, message) of those that get none for it.

        No condition guards it: whoever is late must write what was written already (services/freeze_audience.py).
        """

    def waiting(self, job_id: str, address_key: str, after: str = "", limit: int = 50) -> list[str]:
        """The next messages that get no mail because another has the address, by their ids."""

    def claim_address(self, job_id: str, address_key: str, holder: str, before: str = "") -> str:
        """The message that gets the mail of that address: `holder`, unless one does that is not `before`."""


class Suppressions(Protocol):
    """Addresses that get nothing any more, by their key (domain/validation/address.py).

    Those of people who were erased are found too, by a keyed hash that tells nobody which they are.
    """

    def get_many(self, address_keys: Iterable[str]) -> dict[str, Suppression]: ...

    def released(self, address_keys: Iterable[str]) -> dict[str, str]:
        """When those that were taken off the list last were."""

    def add(self, suppression: Suppression) -> bool:
        """Whether this put it on the list. The first reason stays; what happened before a removal does not count."""

    def add_many(self, suppressions: Sequence[Suppression]) -> int:
        """How many of them are new on the list; what stands there stays. Removals before do not count."""

    def remove(self, address_key: str, at: str) -> bool:
        """Whether it was on the list."""

    def erase(self, address_keys: Iterable[str], objected_at: str = "") -> None:
        """Of those on the list nothing but a keyed hash is kept; with `objected_at` of the others too."""

    def page(self, prefix: str, limit: int, after: str | None) -> tuple[list[Suppression], str | None]:
        """By address, those that begin with `prefix`, with the address to go on from."""


class ProviderSuppressions(Protocol):
    """The suppression list that the provider keeps of its own for the account."""

    def put(self, address: str, reason: SuppressionReason) -> None:
        """TransientError when the provider is asked too fast."""

    def delete(self, address: str) -> None:
        """Nothing when it is not there. TransientError as above."""

    def page(self, since: datetime | None, token: str) -> tuple[list[Suppression], str]:
        """What was put on it since, with the token to go on; empty at the end. TransientError as above."""


class Letters(Protocol):
    """What single mails have of their own."""

    def keep(self, id: str, letter: Letter) -> Letter:
        """Write it unless the id is taken; the letter that stands under it then."""

    def get(self, id: str) -> Letter | None: ...

    def forget(self, ids: Sequence[str]) -> None:
        """Delete those that there are."""


class JobLog(Protocol):
    """What the steps of a job note: what they change, so that it can be undone, and what failed. Goes by itself."""

    def write(self, job_id: str, name: str, rows: Sequence[Json], keep_until: datetime) -> None:
        """The note `<kind>#<step>`, in the place of one of that name."""

    def read(self, job_id: str, name: str) -> list[Json] | None: ...

    def forget(self, job_id: str, name: str) -> None:
        """Delete the note."""

    def page(self, job_id: str, kind: str, limit: int, after: str | None = None) -> tuple[list[Json], str | None]:
        """The rows of up to `limit` items of this kind of note, in order, with the position to go on from."""


class MailSender(Protocol):
    def send(self, mail: OutgoingMail) -> Handover:
        """Hand it over once. Whatever happens is one of the four answers; it never tries twice by itself."""


class Carriers(Protocol):
    def __call__(self, transports: Transports) -> Mapping[Name, MailSender]:
        """Who carries mails, as the settings describe them."""


class Pace(Protocol):
    """The account's rate, shared by all senders."""

    def turn(self, mails: int, patience: float, lane: Lane = "bulk") -> float:
        """Book the next `mails` of the rate; seconds until their turn. Beyond `patience` nothing is booked."""

    def slow(self) -> None:
        """The provider was asked too fast: everybody sends slower for a while."""


class Tallies(Protocol):
    """What came back, counted in windows of time; near enough, and cheap."""

    def add(self, key: str, window: str, tally: Tally) -> Tally:
        """The window with `tally` in it."""

    def windows(self, key: str, since: str) -> dict[str, Tally]:
        """The windows from `since` on."""

    def forget(self, key: str, window: str) -> None: ...


class Brakes(Protocol):
    """The brake of the whole account; strongly consistent."""

    def get(self) -> AccountBrake: ...

    def put(self, brake: AccountBrake) -> None:
        """Write it over version - 1, else ConflictError."""


class Alarms(Protocol):
    def tell(self, subject: str, text: str) -> None:
        """Whoever operates the system is told."""


class MailClients(Protocol):
    def is_machine(self, user_agent: str) -> bool:
        """Whether a scanner, prefetcher or other robot opens and clicks under this name."""


class StateMachine(Protocol):
    def start(self, name: str, payload: Json) -> None:
        """Start an execution; one of the same name is the same one."""


class RemainingTime(Protocol):
    def __call__(self) -> float:
        """Seconds until whoever runs this is stopped."""

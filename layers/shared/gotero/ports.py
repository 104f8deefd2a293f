"""What the services ask of the outside world; adapters/ answers, in AWS and in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from gotero.domain import instant
from gotero.domain.assignment import Assignment, Key
from gotero.domain.handover import Handover, OutgoingMail
from gotero.domain.job import Chunk, Job
from gotero.domain.mail_links import MailLinks
from gotero.domain.message import Message, MessageKey, Outcome
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.domain.suppression import Suppression
from gotero.domain.template import CompiledTemplate, MailContent, Template

Json = dict[str, Any]


class Clock(Protocol):
    """The only reader of the time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""


class Ids(Protocol):
    """The only source of randomness for identifiers."""

    def new(self) -> str:
        """A new identifier, sortable by its instant."""


# ---------------------------------------------------------------------------------------------------- records


@dataclass(frozen=True, slots=True)
class IndexKeys:
    """What a record can be found by besides its id; written in the record's own transaction."""

    #: Field -> normalised value that no other record of the module may hold.
    unique: Mapping[str, str] = field(default_factory=dict)
    #: Normalised e-mail addresses, of any field, shared or not.
    addresses: frozenset[str] = frozenset()


class Records(Protocol):
    """The truth about records, item by item, strongly consistent."""

    def get(self, ref: Ref) -> Record | None: ...

    def get_many(self, refs: Sequence[Ref]) -> dict[Ref, Record]: ...

    def find_unique(self, module: str, field: str, key: str) -> str | None:
        """The id of the record that holds this normalised unique value."""

    def with_address(self, address: str) -> list[Ref]:
        """Every account, contact and lead that has this normalised e-mail address."""

    def create(self, record: Record, event: RecordEvent, keys: IndexKeys) -> None:
        """Write record, event and keys in one transaction.

        Raises DuplicateError when a unique value is held, ConflictError when the record itself exists.
        """

    def update(self, record: Record, event: RecordEvent, before: IndexKeys, after: IndexKeys) -> None:
        """Write `record` over version - 1; the keys move in the same transaction.

        Raises ConflictError when the stored version is another one, DuplicateError as above.
        """

    def first_match(self, ref: Ref, workflow: str) -> bool:
        """True the first time that this record matches this workflow, for ever."""


class Numbers(Protocol):
    """The visible numbers of records: CON-1, CAM355, MSG-000001."""

    def next(self, module: str) -> int: ...

    def lease(self, module: str, count: int) -> range:
        """A block of `count` numbers; those not used leave gaps."""

    def start_at(self, module: str, number: int) -> None:
        """The next number will be `number`, unless it is past that already."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a record. `id` makes a second write of the same thing one."""

    ref: Ref
    at: str
    kind: str
    cause: Cause
    id: str
    data: Json = field(default_factory=dict)
    #: Days after which it may go; None keeps it as long as the record.
    keep_days: int | None = None


class Timeline(Protocol):
    def add(self, entries: Sequence[TimelineEntry]) -> None: ...

    def page(self, ref: Ref, limit: int, after: str | None) -> tuple[list[TimelineEntry], str | None]:
        """Newest first, with the position to go on from."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A small thing that people define: segment, workflow, form, template, action, plan, user, setting…"""

    kind: str
    id: str
    data: Json
    version: int
    created_at: str
    updated_at: str
    #: Who wrote this version.
    cause: Json = field(default_factory=dict)


class Definitions(Protocol):
    """All definitions, cached by version of their kind: a reader sees a change at most one read of that version later."""

    def get(self, kind: str, id: str) -> Definition | None: ...

    def all(self, kind: str) -> list[Definition]: ...

    def put(self, definition: Definition, *, names: Mapping[str, str] | None = None) -> None:
        """Write `definition` over version - 1 (0: must not exist), else ConflictError.

        `names` are values that no other definition of the kind may hold (DuplicateError), e.g. {"name": "twitter"}.
        """

    def delete(self, kind: str, id: str) -> None: ...


# ---------------------------------------------------------------------------------------------------- segments


@dataclass(frozen=True, slots=True)
class Source:
    """One reason why a record is a member: what put it there, since when, and why."""

    kind: Literal["manual", "filter", "workflow", "form", "dashboard", "import"]
    id: str
    since: str
    cause: Cause


@dataclass(frozen=True, slots=True)
class Membership:
    segment: str
    ref: Ref
    since: str
    sources: tuple[Source, ...]


class Memberships(Protocol):
    def of(self, ref: Ref) -> list[Membership]: ...

    def get(self, segment: str, ref: Ref) -> Membership | None: ...

    def add(self, segment: str, ref: Ref, source: Source) -> bool:
        """Add a source; True when it is the first, so that the record has just entered."""

    def remove(self, segment: str, ref: Ref, source: tuple[str, str] | None, cause: Cause, at: str) -> bool:
        """Take away the source (kind, id), or all of them for None; True when the record has just left."""


# ---------------------------------------------------------------------------------------------------- lake


@dataclass(frozen=True, slots=True)
class LakeRow:
    """One version of a row of a dataset; the highest version of an id wins, `deleted` hides it."""

    id: str
    version: int
    #: The row as JSON: a record as `Record.to_json`, a member as {segment, module, record, since, source, sources}.
    data: Json
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    items: list[Json]
    #: The sort values and id of the last row, when there are more.
    after: list[Any] | None
    as_of: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Count:
    count: int
    sample: list[Json]
    as_of: str
    exact: bool


class Lake(Protocol):
    """Everything that looks at many: lists, counts, members, audiences, results.

    Datasets are the modules, `members` and `activity` (what happened to messages).
    """

    def append(self, dataset: str, rows: Sequence[LakeRow], as_of: str, lag: float = 0.0) -> None:
        """Lay `rows` over the dataset, as projected at `as_of`, `lag` seconds after the newest of them was written.

        Twice, late or in another order is the same as once: the highest version of an id wins.
        """

    def page(
        self,
        module: str,
        *,
        condition: Json | None = None,
        search: str | None = None,
        sort: Sequence[tuple[str, bool]] = (),
        limit: int = 50,
        after: list[Any] | None = None,
    ) -> Page:
        """Rows as record JSON (id, number, owner, tags, created_at, updated_at, version, values). `sort`: (column, descending)."""

    def count(self, module: str, condition: Json | None, sample: int = 5) -> Count: ...

    def members(
        self, segment: str, *, module: str | None = None, limit: int = 50, after: list[Any] | None = None
    ) -> Page:
        """Rows {module, id, number, title, since, source, sources}, newest first."""

    def member_counts(self, segment: str) -> dict[str, int]:
        """Module -> number of members."""

    def audience(
        self, segments: Sequence[str], except_segments: Sequence[str], everyone: bool, batch: int
    ) -> Iterator[list[Ref]]:
        """Everybody in one of the segments (or all people) and in none of the others, once each, in stable order, `batch` at a time."""

    def message_totals(self, campaign: str) -> tuple[dict[str, int], str, bool]:
        """Sums of a campaign's messages for its results, with as_of and exact."""

    def message_series(self, campaign: str) -> list[Json]:
        """Hour by hour (UTC), how often things happened: [{"at", "sent", "delivered", "opened", "clicked", …}]."""


# ---------------------------------------------------------------------------------------------------- time and work


@dataclass(frozen=True, slots=True)
class Due:
    """One entry of the due index: what is due (`assignment#<id>`), when, and what its handler needs to find it."""

    at: datetime
    thing: str
    payload: Json = field(default_factory=dict)

    def to_json(self) -> Json:
        """As it travels on the queue."""
        return {"at": instant.write(self.at), "thing": self.thing, "payload": self.payload}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Due":
        return cls(instant.read(data["at"]), data["thing"], data["payload"])


class DueIndex(Protocol):
    """Personal instants. An entry is a hint: the thing named is re-read when it fires."""

    def put(self, at: datetime, thing: str, payload: Json) -> None:
        """`thing` names what is due, e.g. `assignment#<id>`; the same thing at the same instant is one entry."""

    def due(self, until: datetime) -> Iterator[list[Due]]:
        """Everything due at `until` or before, in pages."""

    def done(self, entries: Sequence[Due]) -> None:
        """Forget these: something else carries them now."""


class Queue(Protocol):
    """One SQS queue: at least once, in any order."""

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None: ...


class Once(Protocol):
    """Remembers for a while what has been done, by key (rebuildable; correctness rests on the keys of what is written)."""

    def first(self, key: str, keep_days: int = 2) -> bool:
        """True for the first caller with this key."""


class Counters(Protocol):
    """Small counters that need no exactness beyond at-least-once (a honeypot's catch, requests per address)."""

    def add(self, key: str, window: str, keep_days: int = 2) -> int:
        """One more in this window; how many now."""


# ---------------------------------------------------------------------------------------------------- secrets and people


class Signer(Protocol):
    """Signs and checks the tokens of public links and cursors."""

    def sign(self, purpose: str, payload: Json) -> str: ...

    def read(self, purpose: str, token: str) -> Json | None:
        """The payload, or None for a token that is not ours, or of another purpose."""


class IdentityProvider(Protocol):
    """Where people log in (Cognito)."""

    def create(self, email: str, password: str | None) -> str:
        """Create (or find) the login and answer its stable subject."""


class PhoneNumbers(Protocol):
    def e164(self, text: str, region: str) -> str | None:
        """The number as +34963123456, or None when it is none."""


class Addresses(Protocol):
    def deliverable(self, address: str) -> str | None:
        """The address as it can be sent to (IDN domain in punycode), or None when no mail can reach it by its syntax."""


# ---------------------------------------------------------------------------------------------------- drip


class Assignments(Protocol):
    """Who is on which scheduled action; strongly consistent."""

    def get(self, key: Key) -> Assignment | None: ...

    def find(self, id: str) -> Assignment | None: ...

    def of(
        self, recipient: Ref, *, scheduled_action: str | None = None, limit: int = 1000, after: Key | None = None
    ) -> tuple[list[Assignment], Key | None]:
        """Those of one recipient, by scheduled action, with the key to go on from."""

    def put(self, assignment: Assignment) -> None:
        """Write it over version - 1 (1: must not exist), else ConflictError."""


# --- sending -----------------------------------------------------------------------------------------------------


class Messages(Protocol):
    """The message ledger. Every write is conditional: on absence, or on the version before."""

    def get(self, key: MessageKey) -> Message | None: ...

    def get_many(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Message]: ...

    def create(self, message: Message, notice: Json) -> bool:
        """Write it unless its key is taken; whether this call wrote it. `notice` is what workflows see."""

    def create_many(self, messages: Sequence[tuple[Message, Json]]) -> None:
        """Write those whose key is free."""

    def save(self, message: Message, notice: Json | None) -> None:
        """Write it over version - 1, else ConflictError. Without a notice workflows see nothing."""


class Jobs(Protocol):
    """Jobs, their chunks, and the counts that move with them in one transaction."""

    def create(self, job: Job) -> None:
        """ConflictError when the id is taken."""

    def get(self, job_id: str) -> Job | None: ...

    def page(self, limit: int, after: str | None) -> tuple[list[Job], str | None]:
        """Newest first, with the position to go on from."""

    def control(self, job: Job) -> None:
        """Write state and times over version - 1, else ConflictError; everything else stays as stored."""

    def note(self, job_id: str, **facts: int | str | bool) -> None:
        """Set some of prepared, frozen, seen, seen_at, wakes."""

    def add_chunk(self, job: Job, chunk: Chunk) -> None:
        """The next chunk of the audience: chunk, cursor, number of chunks and total in one transaction.

        ConflictError when the job has taken that chunk already.
        """

    def chunk(self, job_id: str, number: int) -> Chunk | None: ...

    def claim_chunk(self, chunk: Chunk, before: Chunk) -> bool:
        """Write owner and what is at risk if the stored owner is still `before`'s and the chunk is not done.

        A lost answer is read back: True when the stored owner and risk are the ones just written.
        """

    def finish_chunk(self, chunk: Chunk, counts: Mapping[Outcome, int], open_ones: Sequence[Message]) -> None:
        """Mark it done, add its counts to the job's, write `open_ones` over version - 1: one transaction.

        ConflictError when the chunk has another owner or is done, or an open message moved meanwhile.
        """

    def recount(self, message: Message, notice: Json | None, before: Outcome) -> None:
        """Write a counted message over version - 1 and move the job's count to its new outcome, or ConflictError."""

    def claim_address(self, job_id: str, address_key: str, holder: str) -> str:
        """Who in this job gets the mail of that address: the first holder, for ever."""


class Suppressions(Protocol):
    """Addresses that get nothing any more, by their key (domain/validation/address.py)."""

    def get_many(self, address_keys: Iterable[str]) -> dict[str, Suppression]: ...

    def add(self, suppression: Suppression) -> None:
        """The first reason stays."""

    def remove(self, address_key: str) -> None: ...


class MailSender(Protocol):
    def send(self, mail: OutgoingMail) -> Handover:
        """Hand it over once. Whatever happens is one of the four answers; it never tries twice by itself."""


class MailClients(Protocol):
    def is_machine(self, user_agent: str) -> bool:
        """Whether a scanner, prefetcher or other robot opens and clicks under this name."""


class StateMachine(Protocol):
    def start(self, name: str, payload: Json) -> None:
        """Start an execution; one of the same name is the same one."""


class RemainingTime(Protocol):
    def __call__(self) -> float:
        """Seconds until whoever runs this is stopped."""


# --- mail content


class Renderer(Protocol):
    """Templates to mails. Compiling happens once a version, when it is saved; rendering once a recipient."""

    def compile(self, template: Template) -> CompiledTemplate:
        """The template ready for recipients. InvalidError with the reason, under `subject`, `mjml`, `html` or `text`."""

    def render(self, compiled: CompiledTemplate, context: Json, links: MailLinks) -> MailContent:
        """One mail. `context` is plain data (domain/mail_context.py). PermanentError when this recipient's cannot be made."""

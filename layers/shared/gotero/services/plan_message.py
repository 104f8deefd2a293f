"""Plan one mail: by a workflow, a drip, a person. The same reason twice is one message; a refusal is a message too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from gotero.domain import instant
from gotero.domain.audience import addresses_of
from gotero.domain.document import NOTHING, Enclosed
from gotero.domain.eligibility import EMAIL, mail_address, refusal
from gotero.domain.errors import NotFoundError
from gotero.domain.message import Mailing, Message, MessageClass, MessageKey, SourceKind, State, notice
from gotero.domain.record import Cause, Record, Ref
from gotero.domain.sender_identity import RECIPIENT_OWNER
from gotero.domain.validation import address
from gotero.ports import Clock, Definitions, DueIndex, Json, Messages, Queue, Records, Suppressions
from gotero.services.message_numbers import MessageNumbers

TEMPLATES = "templates"
#: When a message that was planned is looked at again: its queue message may have been lost.
LOOK_AGAIN = timedelta(minutes=10)


#: Why this message must not go to this address after all: (its key, the address) -> a key of catalogue/skips.py.
Unless = Callable[[MessageKey, str], str]


@dataclass(frozen=True, slots=True)
class MailPlanner:
    """What planning a mail needs. `queue` is the send queue."""

    records: Records
    definitions: Definitions
    messages: Messages
    suppressions: Suppressions
    numbers: MessageNumbers
    queue: Queue
    due: DueIndex
    clock: Clock


def plan_message(
    planner: MailPlanner,
    recipient: Ref,
    template_id: str,
    *,
    source_kind: SourceKind,
    source_id: str,
    cause: Cause,
    round: int = 1,
    message_class: MessageClass | None = None,
    sender: str = RECIPIENT_OWNER,
    campaign: str | None = None,
    subject: Ref | None = None,
    name: str = "",
    to: str = "",
    enclosed: Enclosed = NOTHING,
    unless: Unless = lambda message, address_key: "",
) -> Message:
    """The message for this reason, planned or skipped(reason). Without a class the template's own decides.

    A mail without a template has a letter of its own, and a `name`. `to` is the address to write to, where it need not
    be the record's first one.

    NotFoundError when recipient or template do not exist; nothing is written then.
    """
    key = MessageKey(recipient, source_kind, source_id, round)
    existing = planner.messages.get(key)
    if existing is None:
        record = planner.records.get(recipient)
        template = planner.definitions.seen_one(TEMPLATES, template_id) if template_id else None
        if record is None or (template is None and not name):
            raise NotFoundError(str(recipient) if record is None else f"{TEMPLATES} {template_id}")
        target = address.parse(to) if to else mail_address(record.values)
        field = _field_of(record, target.key) if to and target else EMAIL
        written: Json = template.data if template else {"name": name}
        mailing = Mailing(
            template_id=template_id,
            template_name=written["name"],
            message_class=message_class or written.get("class", "marketing"),
            sender=sender,
            address=target.wire if target else "",
            campaign=campaign,
            account=account_of(record),
            subject=subject,
            email_field=field,
            enclosed=enclosed,
        )
        suppressed = bool(target and planner.suppressions.get_many([target.key]))
        reason = refusal(record, mailing.message_class, suppressed=suppressed, field=field)
        # The last question: whoever says yes to a mail may note that it has gone.
        reason = reason or unless(key, target.key if target else "")
        return put_message(planner, key, mailing, record.owner, reason, cause)
    if existing.state is State.PLANNED and existing.claim is None:
        # The first call may have died before its queue message left.
        planner.queue.put([{"messages": [existing.id]}])
    return existing


def put_message(
    planner: MailPlanner, key: MessageKey, mailing: Mailing, owner: str, reason: str, cause: Cause
) -> Message:
    """Write the message, skipped when there is a reason; else it goes to the senders."""
    now = planner.clock.now()
    message = new_message(key, planner.numbers.next(), owner, mailing, cause, now, reason)
    if not reason:
        # Before the message: a hint to nothing is harmless, a planned message without a hint could be forgotten.
        planner.due.put(now + LOOK_AGAIN, due_thing(key), {})
    if not planner.messages.create(message, notice(message, str(message.state), cause)):
        return planner.messages.get(key) or message
    if not reason:
        planner.queue.put([{"messages": [message.id]}])
    return message


def new_message(
    key: MessageKey, number: str, owner: str, mailing: Mailing, cause: Cause, now: datetime, reason: str
) -> Message:
    at = instant.write(now)
    state = State.SKIPPED if reason else State.PLANNED
    return Message(key, number, owner, mailing, cause, at, at, state, reason)


def _field_of(record: Record, address_key: str) -> str:
    """The field of the record that holds this address; its first one where none does."""
    found = {field: mail_address(record.values, field) for field in addresses_of(record.module)}
    return next((field for field, held in found.items() if held and held.key == address_key), EMAIL)


def account_of(record: Record) -> str | None:
    """The account that a message to this record also belongs to."""
    account = record.values.get("account")
    return account if record.module == "contacts" and isinstance(account, str) else None


def due_thing(key: MessageKey) -> str:
    return f"message#{key}"


def suppression_key(message: Message) -> str:
    """The address of a message in the form in which addresses are compared."""
    return _key(message.mailing.address) or ""


@lru_cache(maxsize=4096)  # asked three times on the way of each mail
def _key(mail_address: str) -> str | None:
    return address.key(mail_address)

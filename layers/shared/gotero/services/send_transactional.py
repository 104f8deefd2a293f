"""One mail, asked for by a program: its letter is kept under the request, and it goes through the ledger as all mails.

The letter is the request's memory: whoever asks again under the same key finds it, with the recipient it was for. So
the same key is the same message, however often and with whatever is lost in between.
"""

from dataclasses import dataclass
from typing import Any

from gotero.domain import company
from gotero.domain.eligibility import mail_address
from gotero.domain.enclosure import Purpose
from gotero.domain.errors import ConflictError, FieldError, InvalidError
from gotero.domain.ids import derived_id
from gotero.domain.letter import Letter, fingerprint
from gotero.domain.message import Message
from gotero.domain.record import Cause, Record, Ref
from gotero.domain.sender_identity import USER_PREFIX
from gotero.domain.template import CompiledTemplate
from gotero.domain.transactional import MailOrder, read_order
from gotero.domain.validation import address
from gotero.ports import Ids, Letters, Renderer
from gotero.services.enclose import brought_by, enclosed_errors
from gotero.services.plan_message import TEMPLATES, MailPlanner, plan_message

#: As many of those who share an address are looked at.
_MANY = 100
#: Somebody with one address in several modules is first of all a customer.
_ORDER = ("contacts", "leads", "accounts")


@dataclass(frozen=True, slots=True)
class MailCounter:
    """What taking an order for one mail needs. `renderer` compiles what people have just written, apart."""

    planner: MailPlanner
    letters: Letters
    renderer: Renderer
    ids: Ids


def send_transactional(counter: MailCounter, body: Any, *, user_id: str, idempotency_key: str | None) -> Message:
    """The message, planned or skipped(reason). InvalidError names every broken rule; ConflictError: the key is taken.

    An address is matched to the record that has it; nobody is written to who is not among the records, because nobody
    else could be found when they ask why, or want no more.
    """
    order = read_order(body)
    recipient = _found(counter, order)
    content = _compiled(counter, order)
    id = derived_id("tx", user_id, idempotency_key) if idempotency_key else counter.ids.new()
    letter = Letter(recipient, fingerprint(body), content, order.data, order.reply_to, order.attachments)
    kept = counter.letters.keep(id, letter)
    if kept.fingerprint != letter.fingerprint:
        raise ConflictError("the idempotency key belongs to another request", "key_reused", "Idempotency-Key")
    return plan_message(
        counter.planner,
        kept.recipient,
        order.template_id,
        source_kind="tx",
        source_id=id,
        cause=Cause("user", user_id),
        message_class=order.message_class or ("transactional" if order.content else None),
        sender=order.sender,
        subject=order.about,
        name=order.content.name if order.content else "",
        to=order.to if isinstance(order.to, str) else "",
        enclosed=order.enclosed,
    )


def _found(counter: MailCounter, order: MailOrder) -> Ref:
    """Whom the order means. Everything else that it names must exist too, and all that is missing is told at once."""
    planner = counter.planner
    ref = order.to if isinstance(order.to, Ref) else _with_address(counter, order.to)
    record = planner.records.get(ref) if ref else None
    template = planner.definitions.get(TEMPLATES, order.template_id) if order.template_id else None
    purpose = Purpose(order.about.module if order.about else None)
    missing = enclosed_errors(planner.definitions, order.enclosed, purpose, brought_by(template))
    if record is None or record.deleted_at:
        missing.append(FieldError("to", "not_found"))
    if order.template_id and template is None:
        missing.append(FieldError("template_id", "not_found"))
    if order.about and planner.records.get(order.about) is None:
        missing.append(FieldError("about", "not_found"))
    user = order.sender.removeprefix(USER_PREFIX) if order.sender.startswith(USER_PREFIX) else None
    if user is not None and planner.definitions.get("users", user) is None:
        missing.append(FieldError("sender", "user"))
    settings = planner.definitions.get(company.KIND, company.ID)
    if not (settings and settings.data.get("sender")):
        missing.append(FieldError("settings.company.sender", "required"))
    if missing or ref is None:
        raise InvalidError(*missing)
    return ref


def _with_address(counter: MailCounter, text: str) -> Ref | None:
    """The record that has this address: by module, and then the one whose main address it is, and then the oldest."""
    key = address.key(text)
    refs = counter.planner.records.with_address(key, _MANY)[0] if key else []
    found = [record for record in counter.planner.records.get_many(refs).values() if not record.deleted_at]

    def rank(record: Record) -> tuple[int, bool, str, str]:
        main = mail_address(record.values)
        return _ORDER.index(record.module), not (main and main.key == key), record.created_at, record.id

    return min(found, key=rank).ref if found else None


def _compiled(counter: MailCounter, order: MailOrder) -> CompiledTemplate | None:
    if order.content is None:
        return None
    try:
        return counter.renderer.compile(order.content)
    except InvalidError as error:
        raise InvalidError(*(e.under("content") for e in error.errors)) from error

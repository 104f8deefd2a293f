"""Make the mail of a message from what is true now: recipient, template, sender, links. Or say why it must not go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gotero.domain import company
from gotero.domain.company import Company
from gotero.domain.eligibility import refusal
from gotero.domain.errors import PermanentError
from gotero.domain.handover import OutgoingMail
from gotero.domain.mail_context import EXAMPLE, mail_context
from gotero.domain.mail_links import message_links
from gotero.domain.message import Message, State
from gotero.domain.record import Record, Ref
from gotero.domain.sender_identity import COMPANY, sender_identity, sender_user
from gotero.domain.template import CompiledTemplate
from gotero.domain.user import User
from gotero.ports import Definition, Definitions, Json, Records, Renderer, Signer, Suppressions
from gotero.services.plan_message import TEMPLATES, suppression_key


@dataclass(frozen=True, slots=True)
class NotToSend:
    """The message ends here: skipped on purpose, or failed."""

    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A message with its mail, and the version of the template that it was made from."""

    message: Message
    mail: OutgoingMail
    template_version: int


@dataclass(frozen=True, slots=True)
class Composer:
    """What composing needs. Compiled templates stay in the process, by version."""

    records: Records
    definitions: Definitions
    suppressions: Suppressions
    renderer: Renderer
    signer: Signer
    public_url: str
    compiled: dict[tuple[str, int], CompiledTemplate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Materials:
    """Everything that some messages need, read at once and strongly consistent."""

    records: dict[Ref, Record]
    suppressed: frozenset[str]
    company: Json


def gather(composer: Composer, messages: Sequence[Message]) -> Materials:
    """Read what composing `messages` takes."""
    refs = list(dict.fromkeys(ref for message in messages for ref in _refs(message)))
    records = composer.records.get_many(refs) if refs else {}
    keys = {key for key in map(suppression_key, messages) if key}
    suppressed = frozenset(composer.suppressions.get_many(keys)) if keys else frozenset()
    settings = composer.definitions.get(company.KIND, company.ID)
    return Materials(records, suppressed, settings.data if settings else {})


def compose(composer: Composer, materials: Materials, message: Message) -> Composed | NotToSend:
    """The mail, asked once more whether it may go."""
    template = composer.definitions.get(TEMPLATES, message.mailing.template_id)
    if template is None:
        return NotToSend(State.SKIPPED, "no_template")
    recipient = materials.records.get(message.key.recipient)
    if reason := _refused(materials, message, recipient):
        return NotToSend(State.SKIPPED, reason)
    house = Company.from_json(materials.company)
    if not house.sender:
        return NotToSend(State.FAILED, "no_sender")
    owner = _user(composer, recipient.owner if recipient else message.owner)
    context = _context(materials, message, owner)
    test = message.key.source_kind == "test"
    links = message_links(composer.public_url, composer.signer.sign, message.id, test=test)
    try:
        content = composer.renderer.render(_compiled(composer, template), context, links)
    except PermanentError:
        return NotToSend(State.FAILED, "rendering")
    sender = _user(composer, sender_user(message.mailing.sender, recipient.owner if recipient else message.owner))
    mail = OutgoingMail(message.id, sender_identity(house, sender), message.mailing.address, content)
    return Composed(message, mail, template.version)


def _refs(message: Message) -> Iterable[Ref]:
    mailing = message.mailing
    if message.key.source_kind != "test":
        yield message.key.recipient
    if mailing.account:
        yield Ref("accounts", mailing.account)
    if mailing.campaign:
        yield Ref("campaigns", mailing.campaign)
    if mailing.subject:
        yield mailing.subject


def _refused(materials: Materials, message: Message, recipient: Record | None) -> str:
    """The last look before the provider: between planning and now somebody may have left."""
    suppressed = suppression_key(message) in materials.suppressed
    if message.key.source_kind == "test":
        return "suppressed" if suppressed else ""
    if recipient is None:
        return "deleted"
    return refusal(recipient, message.mailing.message_class, suppressed=suppressed)


def _context(materials: Materials, message: Message, owner: User | None) -> Json:
    """What the merge tags read. A test mail is about the record it was asked for, or about an invented person."""
    mailing = message.mailing
    is_test = message.key.source_kind == "test"
    about = mailing.subject if is_test else message.key.recipient
    record = materials.records.get(about) if about else None
    person = {"name": owner.name, "email": owner.email} if owner and mailing.sender != COMPANY else {}
    if record is None:
        return {**EXAMPLE, "company": {**EXAMPLE["company"], **materials.company}}
    others = [Ref("campaigns", mailing.campaign)] if mailing.campaign else []
    if mailing.subject and not is_test:
        others.append(mailing.subject)
    return mail_context(
        record,
        account=materials.records.get(Ref("accounts", mailing.account)) if mailing.account else None,
        owner=person,
        company=materials.company,
        about=[materials.records[ref] for ref in others if ref in materials.records],
    )


def _user(composer: Composer, user_id: str) -> User | None:
    found = composer.definitions.get("users", user_id) if user_id else None
    return User.from_json(found.id, found.data) if found else None


def _compiled(composer: Composer, template: Definition) -> CompiledTemplate:
    key = (template.id, template.version)
    if key not in composer.compiled:
        composer.compiled[key] = CompiledTemplate.from_json(template.data["compiled"])
    return composer.compiled[key]

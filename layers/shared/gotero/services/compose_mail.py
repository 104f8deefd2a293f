"""Make the mail of a message from what is true now: recipient, template, sender, links. Or say why it must not go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from gotero.domain import company
from gotero.domain.company import Company
from gotero.domain.document import Enclosed
from gotero.domain.eligibility import refusal
from gotero.domain.enclosure import joined
from gotero.domain.errors import OversizeError, PermanentError
from gotero.domain.handover import OutgoingMail
from gotero.domain.letter import Letter
from gotero.domain.mail_links import message_links
from gotero.domain.message import Message, State
from gotero.domain.record import Record, Ref
from gotero.domain.sender_identity import sender_identity, sender_user
from gotero.domain.template import CompiledTemplate
from gotero.ports import (
    Definition,
    Definitions,
    Json,
    Letters,
    Memberships,
    Records,
    Renderer,
    Signer,
    Suppressions,
)
from gotero.services.enclose import Encloser, Lacking, brought_by, enclose
from gotero.services.mail_values import (
    UNRECORDED,
    as_shown,
    find_user,
    letter_of,
    link_marks,
    mail_values,
    owner_of,
    read_records,
)
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
    memberships: Memberships
    letters: Letters
    renderer: Renderer
    signer: Signer
    public_url: str
    encloser: Encloser
    compiled: dict[tuple[str, int], CompiledTemplate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Materials:
    """Everything that some messages need, read at once and strongly consistent."""

    records: dict[Ref, Record]
    suppressed: frozenset[str]
    #: Who is in a segment that the job leaves out.
    excluded: frozenset[Ref]
    company: Json
    #: Templates as they are now, by id.
    templates: dict[str, Definition]

    def enclosed(self, message: Message) -> Enclosed:
        """What goes along: what its template brings now, and what was chosen for it when it was planned."""
        return joined(brought_by(self.templates.get(message.mailing.template_id)), message.mailing.enclosed)


def gather(composer: Composer, messages: Sequence[Message], leave_out: Collection[str] = ()) -> Materials:
    """Read what composing `messages` takes. Members of `leave_out` get none: the audience was frozen from the lake."""
    records = read_records(composer.records, messages)
    keys = {key for key in map(suppression_key, messages) if key}
    suppressed = frozenset(composer.suppressions.get_many(keys)) if keys else frozenset()
    recipients = [message.key.recipient for message in messages]
    excluded = composer.memberships.members_of(leave_out, recipients) if leave_out else frozenset[Ref]()
    settings = composer.definitions.seen_one(company.KIND, company.ID)
    asked = {message.mailing.template_id for message in messages} - {""}
    found = {id: composer.definitions.seen_one(TEMPLATES, id) for id in asked}
    templates = {id: template for id, template in found.items() if template}
    return Materials(records, suppressed, excluded, settings.data if settings else {}, templates)


def compose(composer: Composer, materials: Materials, message: Message) -> Composed | NotToSend:
    """The mail, asked once more whether it may go."""
    letter = letter_of(composer.letters, message)
    template = _content(composer, materials, message, letter)
    if template is None:
        return NotToSend(State.SKIPPED, "no_template")
    recipient = materials.records.get(message.key.recipient)
    if reason := refused(materials, message, recipient):
        return NotToSend(State.SKIPPED, reason)
    house = Company.from_json(materials.company)
    if not house.sender:
        return NotToSend(State.FAILED, "no_sender")
    owner = owner_of(composer.definitions, message, materials.records)
    shown = as_shown(composer.definitions, message, materials.records)
    values = mail_values(message, shown, materials.company, owner, letter)
    links = message_links(
        composer.public_url,
        composer.signer.sign,
        message.id,
        test=message.key.source_kind in UNRECORDED,
        mail_to=house.unsubscribe_mail,
        marks=link_marks(message, materials.records),
    )
    try:
        content = composer.renderer.render(template[0], values, links)
    except OversizeError:
        return NotToSend(State.SKIPPED, "too_large")
    except PermanentError:
        return NotToSend(State.FAILED, "rendering")
    enclosed = enclose(composer.encloser, message, materials.enclosed(message), values, house)
    if isinstance(enclosed, Lacking):
        return NotToSend(enclosed.state, enclosed.reason)
    campaign = materials.records.get(Ref("campaigns", message.mailing.campaign or ""))
    record_owner = recipient.owner if recipient else message.owner
    by = sender_user(message.mailing.sender, record_owner, campaign.owner if campaign else "")
    identity = sender_identity(house, find_user(composer.definitions, by))
    if letter and letter.reply_to:
        identity = replace(identity, reply_to=letter.reply_to)
    mail = OutgoingMail(
        message.id,
        identity,
        message.mailing.address,
        content,
        message.mailing.message_class,
        (*(letter.attachments if letter else ()), *enclosed),
    )
    return Composed(message, mail, template[1])


def _content(
    composer: Composer, materials: Materials, message: Message, letter: Letter | None
) -> tuple[CompiledTemplate, int] | None:
    """What is rendered, and its version: the template as it is now, or the letter's own words."""
    if letter and letter.content:
        return letter.content, 0
    template = materials.templates.get(message.mailing.template_id)
    return (_compiled(composer, template), template.version) if template else None


def refused(materials: Materials, message: Message, recipient: Record | None) -> str:
    """The last look before the provider: between planning and now somebody may have left."""
    suppressed = suppression_key(message) in materials.suppressed
    if message.key.source_kind in UNRECORDED:
        return "suppressed" if suppressed else ""
    if recipient is None:
        return "deleted"
    if message.key.recipient in materials.excluded:
        return "excluded"
    mailing = message.mailing
    return refusal(recipient, mailing.message_class, suppressed=suppressed, field=mailing.email_field)


def _compiled(composer: Composer, template: Definition) -> CompiledTemplate:
    key = (template.id, template.version)
    if key not in composer.compiled:
        composer.compiled[key] = CompiledTemplate.from_json(template.data["compiled"])
    return composer.compiled[key]

"""Somebody who left wants mails again. Only whoever reads the mail of that address can say so: by a link sent to it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from gotero.domain import catalogue, company, instant, token
from gotero.domain.company import Company
from gotero.domain.errors import NotFoundError
from gotero.domain.ids import derived_id
from gotero.domain.letter import Letter, fingerprint
from gotero.domain.message import Message, MessageKey
from gotero.domain.record import Cause, Record, Ref
from gotero.domain.sender_identity import COMPANY
from gotero.domain.template import Template
from gotero.ports import Json, Letters, Queue, Renderer, Signer, Timeline, TimelineEntry
from gotero.services.plan_message import MailPlanner, plan_message, suppression_key
from gotero.services.save_record import RecordWriter, update_record

#: What our public endpoints put on the events queue.
ASKED, CONFIRMED = "resubscribe_asked", "resubscribed"
#: How long the link of the confirming mail counts.
VALID = timedelta(days=7)
#: What the person did, the person can undo; what somebody did by hand, or a complaint, stays.
_OF_THE_PERSON = "unsubscribe"
_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Returning:
    """What coming back needs. `queue` is the one of events."""

    planner: MailPlanner
    letters: Letters
    renderer: Renderer
    signer: Signer
    writer: RecordWriter
    timeline: Timeline
    public_url: str


def ask(message_id: str, id: str, at: str, *, events: Queue) -> None:
    """Hand on that a visitor of the public page wants to come back."""
    events.put([{"type": ASKED, "message": message_id, "event_id": id, "at": at}])


def confirm(text: str, now: str, *, signer: Signer, events: Queue | None) -> bool:
    """Whether the link of a confirming mail counts; hand on that it was used. Without `events` it is only looked at."""
    payload = signer.read(token.RESUBSCRIBE, text)
    if payload is None or instant.read(now) - instant.read(payload["at"]) > VALID:
        return False
    if events:
        id = derived_id(CONFIRMED, payload["m"], payload["at"])
        events.put([{"type": CONFIRMED, "message": payload["m"], "event_id": id, "at": now}])
    return True


def is_ours(body: Json) -> bool:
    """Whether this of the queue is about coming back."""
    return body.get("type") in (ASKED, CONFIRMED)


def take_in(returning: Returning, body: Json) -> None:
    """What our public endpoints have put on the queue."""
    message = returning.planner.messages.get(MessageKey.parse(body["message"]))
    if message is None:
        return
    if body["type"] == ASKED:
        _send_link(returning, message)
    else:
        _come_back(returning, message, body["at"], body["event_id"])


def _send_link(returning: Returning, message: Message) -> None:
    """The confirming mail, to the address of that message: once a day and address, however often anybody asks."""
    recipient, key = message.key.recipient, suppression_key(message)
    if not any(_left(record) for record in _records(returning, key)):
        return
    at = instant.write(returning.planner.clock.now())
    id = derived_id(ASKED, key, at[:10])
    settings = returning.planner.definitions.get(company.KIND, company.ID)
    house = Company.from_json(settings.data if settings else {})
    link = returning.signer.sign(token.RESUBSCRIBE, {"m": message.id, "at": at})
    letter = Letter(
        recipient,
        fingerprint([ASKED, key]),
        returning.renderer.compile(_mail(house)),
        {"link": f"{returning.public_url.rstrip('/')}/r/{link}"},
    )
    kept = returning.letters.keep(id, letter)
    plan_message(
        returning.planner,
        kept.recipient,
        "",
        source_kind="tx",
        source_id=id,
        cause=Cause("message", message.id, event=ASKED),
        message_class="transactional",
        sender=COMPANY,
        name=catalogue.text("pages", "resubscribe_subject", _language(house), company=house.name),
        to=message.mailing.address,
    )


def _mail(house: Company) -> Template:
    language = _language(house)

    def say(key: str) -> str:
        return catalogue.text("pages", key, language, company="{{ company.name }}")

    link = '<a href="{{ data.link }}" data-no-track="1">' + say("resubscribe_button") + "</a>"
    parts = (say("resubscribe_mail"), link, say("resubscribe_ignore"))
    return Template(
        name="resubscribe",
        subject=say("resubscribe_subject"),
        html="<!doctype html><html><body>" + "".join(f"<p>{part}</p>" for part in parts) + "</body></html>",
        text=f"{parts[0]}\n\n{{{{ data.link }}}}\n\n{parts[2]}",
        message_class="transactional",
        language=language,
    )


def _come_back(returning: Returning, message: Message, at: str, event_id: str) -> None:
    """«No enviar email» goes, where the person themself had set it; the timeline says by what proof. Twice is once."""
    cause = Cause("message", message.id, event=event_id)
    for record in _records(returning, suppression_key(message)):
        if not _left(record):
            continue
        entry = TimelineEntry(record.ref, at, CONFIRMED, cause, derived_id(CONFIRMED, str(record.ref), event_id))
        if record.updated_at > at and returning.timeline.told([(record.ref, at, entry.id)]):
            continue  # a copy that comes late brings nobody back who has left again since
        # Before the mark goes: a try that dies in between is made again, and finds the mark.
        returning.timeline.add([replace(entry, data={"address": message.mailing.address})])
        try:
            update_record(
                returning.writer,
                record.ref,
                {"do_not_email": False},
                cause=cause,
                computed={"do_not_email_source": None},
            )
        except NotFoundError:
            continue


def _records(returning: Returning, address_key: str) -> list[Record]:
    records = returning.planner.records
    refs: list[Ref] = []
    following: str | None = None
    while address_key:
        page, following = records.with_address(address_key, _AT_ONCE, following)
        refs += page
        if following is None:
            break
    return list(records.get_many(refs).values()) if refs else []


def _left(record: Record) -> bool:
    values = record.values
    return (
        not record.deleted_at
        and bool(values.get("do_not_email"))
        and values.get("do_not_email_source") == _OF_THE_PERSON
    )


def _language(house: Company) -> catalogue.Language:
    return "en" if house.language == "en" else "es"

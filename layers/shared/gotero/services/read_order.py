"""What a person asks for who sends a campaign: to whom, which template, under whose name, when."""

from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from typing import Any

from gotero.domain import company, instant
from gotero.domain.audience import (
    MAX_FILTERS,
    Audience,
    FilterPart,
    read_email_fields,
    read_records,
    refuse_without_recipients,
)
from gotero.domain.delay import at_local, refuse_far, zone_of
from gotero.domain.document import NOTHING, Enclosed, read_enclosed
from gotero.domain.enclosure import Purpose
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.modules import RECIPIENTS
from gotero.domain.segment import ACTIVE
from gotero.domain.send_time import MAX_WINDOW_MINUTES
from gotero.domain.sender_identity import CAMPAIGN_OWNER, COMPANY, RECIPIENT_OWNER, USER_PREFIX
from gotero.domain.shape import Reader
from gotero.ports import Definitions, Records
from gotero.services.assign import company_zone
from gotero.services.enclose import brought_by, enclosed_errors
from gotero.services.find_filter import chosen_filter
from gotero.services.plan_message import TEMPLATES
from gotero.services.see_audience import SeenBy, as_asked

SEGMENTS = "segments"


@dataclass(frozen=True, slots=True)
class Start:
    """When a send begins: at once, when somebody starts it, at an instant, or at the recipients' own time of day."""

    hold: bool = False
    at: datetime | None = None
    local: datetime | None = None


@dataclass(frozen=True, slots=True)
class SendOrder:
    """What a person asks for."""

    template_id: str
    audience: Audience
    sender: str = RECIPIENT_OWNER
    start: Start = field(default_factory=Start)
    #: Over how long the mails are spread.
    window: timedelta = timedelta(0)
    #: How many recipients the person has been shown, where somebody looked.
    confirmed: int | None = None
    #: A second time to the same who have not opened.
    again: bool = False
    enclosed: Enclosed = NOTHING


def read_order(
    definitions: Definitions, records: Records, body: Any, now: datetime, seen_by: SeenBy = as_asked
) -> SendOrder:
    """The order in a JSON body, of what `seen_by` says; InvalidError names every broken rule."""
    reader = Reader(body)
    template_id = reader.text("template_id", required=True)
    audience = read_audience(reader, definitions, records)
    sender = reader.text("sender", default=RECIPIENT_OWNER)
    named = (RECIPIENT_OWNER, CAMPAIGN_OWNER, COMPANY)
    if sender not in named and not sender.startswith(USER_PREFIX):
        reader.wrong("sender", "choice", choices=f"{', '.join(named)}, {USER_PREFIX}…")
    start = _read_start(reader, now, company_zone(definitions))
    window = timedelta(minutes=reader.whole("window_minutes", low=0, high=MAX_WINDOW_MINUTES))
    asked = reader.has("confirm_recipients")
    confirmed = reader.whole("confirm_recipients", low=0, high=10**9) if asked else None
    again = reader.flag("again", default=False)
    enclosed = read_enclosed(reader)
    reader.done()
    refuse_without_recipients(audience)
    return SendOrder(template_id, seen_by(audience), sender, start, window, confirmed, again, enclosed)


def read_audience(reader: Reader, definitions: Definitions, records: Records) -> Audience:
    """The audience under `audience`; what is wrong with it joins the reader's errors."""
    if not reader.has("audience"):
        reader.wrong("audience", "required")
        return Audience()
    inner = reader.child("audience")
    audience = Audience(
        inner.texts("segments"),
        inner.texts("except"),
        inner.flag("everyone", default=False),
        _read_filters(inner, definitions, records),
        read_records(inner),
        inner.text("not_opened", limit=50),
        read_email_fields(inner),
    )
    inner.close()
    return audience


def _read_filters(reader: Reader, definitions: Definitions, records: Records) -> tuple[FilterPart, ...]:
    """Saved filters as they are now, and conditions that are saved nowhere."""
    parts = []
    for index in range(len(reader.items("filters", limit=MAX_FILTERS))):
        inner = reader.child("filters", index)
        filter_id = inner.text("filter_id", limit=100) or None
        module = inner.choice("module", RECIPIENTS) if filter_id is None or inner.has("module") else None
        condition = inner.raw("condition")
        inner.close()
        try:
            chosen = chosen_filter(definitions, records, filter_id, module, condition)
        except InvalidError as error:
            reader.errors.extend(e.under(reader.at(f"filters[{index}]")) for e in error.errors)
            continue
        if chosen.module not in RECIPIENTS:
            reader.wrong(f"filters[{index}].filter_id", "choice", choices=", ".join(RECIPIENTS))
        parts.append(FilterPart(chosen.module, chosen.condition, chosen.filter_id))
    return tuple(parts)


def _read_start(reader: Reader, now: datetime, zone: str) -> Start:
    if isinstance(reader.raw("start"), dict):
        return _read_local(reader.child("start"), now, zone)
    text = reader.text("start", default="now")
    if text in ("now", "hold"):
        return Start(hold=text == "hold")
    try:
        start = instant.read(text)
    except ValueError:
        reader.wrong("start", "datetime")
        return Start()
    if start <= now:
        reader.wrong("start", "past")
    refuse_far(reader, "start", start.date(), now.date())
    return Start(at=start)


def _read_local(reader: Reader, now: datetime, zone: str) -> Start:
    """A wall-clock time, which must still be to come for the company; whose time has gone by gets the mail at once."""
    text = reader.text("local", required=True)
    reader.close()
    local = _wall_clock(text)
    if local is None:
        if text:
            reader.wrong("local", "datetime")
        return Start()
    if at_local(local.date(), local.time(), zone_of(zone)) <= now:
        reader.wrong("local", "past")
    refuse_far(reader, "local", local.date(), now.date())
    return Start(local=local.replace(second=0, microsecond=0))


def _wall_clock(text: str) -> datetime | None:
    """A date and a time of day that belong to no zone yet, and that each zone has: not the calendar's last year."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    return local if local.tzinfo is None and MINYEAR < local.year < MAXYEAR else None


def check_names(definitions: Definitions, order: SendOrder) -> None:
    """Everything that the order names must exist, and the company must have an address to send from."""
    missing = audience_errors(definitions, order.audience)
    settings = definitions.get(company.KIND, company.ID)
    if not (settings and settings.data.get("sender")):
        missing.append(FieldError("settings.company.sender", "required"))
    template = definitions.get(TEMPLATES, order.template_id)
    if template is None:
        missing.append(FieldError("template_id", "not_found"))
    user = order.sender.removeprefix(USER_PREFIX) if order.sender.startswith(USER_PREFIX) else None
    if user is not None and definitions.get("users", user) is None:
        missing.append(FieldError("sender", "user"))
    missing += enclosed_errors(definitions, order.enclosed, Purpose("campaigns"), brought_by(template))
    if missing:
        raise InvalidError(*missing)


def audience_errors(definitions: Definitions, audience: Audience) -> list[FieldError]:
    """One error for every list of the audience that does not exist."""
    named = [(f"audience.segments[{i}]", id) for i, id in enumerate(audience.segments)]
    named += [(f"audience.except[{i}]", id) for i, id in enumerate(audience.except_segments)]
    errors = [FieldError(path, "not_found") for path, id in named if definitions.get(SEGMENTS, id) is None]
    # An inactive one follows nothing: its members are those of some day. To leave them out harms nobody.
    return errors + [
        FieldError(path, "inactive")
        for path, id in named[: len(audience.segments)]
        if (found := definitions.get(SEGMENTS, id)) and found.data.get("status", ACTIVE) != ACTIVE
    ]

"""The company's settings, who carries its mails, and the next number of each module."""

from collections.abc import Callable, Mapping
from typing import Any

from gotero.domain import company, modules, transport, visibility
from gotero.domain.delay import find_zone
from gotero.domain.deliverability import Deliverability
from gotero.domain.document import NUMBERING as DOCUMENTS
from gotero.domain.errors import NotFoundError
from gotero.domain.numbering import MAX_PADDING, MAX_PREFIX, Numbering
from gotero.domain.record import Cause
from gotero.domain.shape import Json, Reader
from gotero.domain.validation import address
from gotero.ports import Definitions, Numbers
from gotero.services import save_document, save_segment
from gotero.services.find_sight import ID as VISIBILITY
from gotero.services.save_segment import NUMBERING as SEGMENTS
from gotero.services.write_definition import DefinitionWriter, create_definition, replace_definition, written

NUMBERS = "numbers"
MAX_NUMBER = 10**9


def read_settings(definitions: Definitions, id: str) -> Json:
    """The settings of that id; empty before anybody has set them. NotFoundError for an id that means nothing."""
    if id not in _READERS:
        raise NotFoundError("settings")
    stored = definitions.get(company.KIND, id)
    if id == Deliverability.ID:
        # Thresholds that nobody has set are in force all the same.
        return Deliverability.from_json(stored.data if stored else {}).to_json()
    return written(stored) if stored else {}


def save_settings(writer: DefinitionWriter, numbers: Numbers, id: str, data: Any, *, cause: Cause) -> Json:
    """Write them whole. InvalidError with every broken rule."""
    stored = writer.definitions.get(company.KIND, id)
    read_settings(writer.definitions, id)
    new = _READERS[id](data)
    if stored is None:
        create_definition(writer, company.KIND, new, cause=cause, id=id)
    else:
        replace_definition(writer, stored, new, cause=cause, expected_version=None)
    if id == NUMBERS:
        for kind, number in new.items():
            written_as = number if isinstance(number, dict) else {"next": number}
            if "prefix" in written_as:
                numbers.write_as(kind, Numbering(written_as["prefix"], written_as["padding"]))
            if written_as.get("next"):
                numbers.start_at(kind, written_as["next"])
    return new


def _company(data: Any) -> Json:
    reader = Reader(data)
    settings: Json = {
        "name": reader.text("name", required=True),
        "address": reader.text("address", required=True),
        "sender": reader.text("sender", required=True),
        "zone": reader.text("zone", default="Europe/Madrid"),
        "language": reader.choice("language", ("es", "en"), default="es"),
        "currency": reader.text("currency", default="EUR", limit=3),
        "verified_domains": list(reader.texts("verified_domains")),
        "landing_page": reader.text("landing_page", limit=500),
        "unsubscribe_mail": reader.text("unsubscribe_mail"),
        # Addresses of the house that test mails of a campaign go to, and a copy of each campaign.
        "seed_list": list(reader.texts("seed_list", limit=20)),
        "send_delay_minutes": reader.whole("send_delay_minutes", default=company.SEND_DELAY_MINUTES, low=0, high=60),
    }
    if settings["landing_page"] and not company.is_web_page(settings["landing_page"]):
        reader.wrong("landing_page", "https")
    if settings["unsubscribe_mail"] and address.parse(settings["unsubscribe_mail"]) is None:
        reader.wrong("unsubscribe_mail", "email")
    if settings["sender"] and address.parse(settings["sender"]) is None:
        reader.wrong("sender", "email")
    if find_zone(settings["zone"]) is None:
        reader.wrong("zone", "zone")
    for index, seed in enumerate(settings["seed_list"]):
        if address.parse(seed) is None:
            reader.wrong(f"seed_list[{index}]", "email")
    reader.done()
    return settings


def usual_numbering() -> Mapping[str, Numbering]:
    """Everything that bears a number, and how it is written where nobody has said otherwise."""
    usual = {id: module.numbering for id, module in modules.MODULES.items()}
    return {**usual, save_segment.KIND: SEGMENTS, save_document.KIND: DOCUMENTS}


def read_numbers(data: Any) -> Json:
    """Module -> the next number, or prefix, padding and next number; a number that is already past stays past."""
    reader = Reader(data)
    usual = usual_numbering()
    numbers = {kind: _number(reader, kind, numbering) for kind, numbering in usual.items() if reader.has(kind)}
    reader.done()
    return numbers


def _number(reader: Reader, kind: str, usual: Numbering) -> Json | int:
    if not isinstance(reader.raw(kind), dict):
        return reader.whole(kind, low=1, high=MAX_NUMBER)
    child = reader.child(kind)
    written_as: Json = {
        "prefix": usual.prefix if child.raw("prefix") is None else child.text("prefix", limit=MAX_PREFIX),
        "padding": child.whole("padding", default=usual.padding, low=0, high=MAX_PADDING),
        "next": child.whole("next", low=1, high=MAX_NUMBER) or None,
    }
    child.close()
    return written_as


def _deliverability(data: Any) -> Json:
    """The limits as shares; a brake cannot be set past where the provider itself would stop the account."""
    reader = Reader(data)
    usual = Deliverability()
    new = Deliverability(
        soft_bounces=reader.whole("soft_bounces", default=usual.soft_bounces, low=0, high=50),
        bounce_limit=_share(reader, "bounce_limit", usual.bounce_limit, 0.1),
        bounce_minimum=reader.whole("bounce_minimum", default=usual.bounce_minimum, low=20, high=100_000),
        complaint_limit=_share(reader, "complaint_limit", usual.complaint_limit, 0.005),
        complaint_minimum=reader.whole("complaint_minimum", default=usual.complaint_minimum, low=100, high=1_000_000),
        brakes=reader.flag("brakes", default=usual.brakes),
    )
    reader.done()
    return new.to_json()


def _share(reader: Reader, key: str, usual: float, high: float) -> float:
    value = reader.raw(key)
    if value is None:
        return usual
    if not isinstance(value, int | float) or isinstance(value, bool):
        reader.wrong(key, "number")
    elif not 0 < value <= high:
        reader.wrong(key, "range", low="0", high=str(high))
    else:
        return float(value)
    return usual


def _transports(data: Any) -> Json:
    return transport.parse(data).to_json()


def _visibility(data: Any) -> Json:
    return visibility.parse(data).to_json()


_READERS: Mapping[str, Callable[[Any], Json]] = {
    VISIBILITY: _visibility,
    company.ID: _company,
    NUMBERS: read_numbers,
    Deliverability.ID: _deliverability,
    transport.ID: _transports,
}

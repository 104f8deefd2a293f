"""The company's settings, and the next number of each module."""

from typing import Any

from gotero.domain import company, modules
from gotero.domain.delay import find_zone
from gotero.domain.errors import NotFoundError
from gotero.domain.record import Cause
from gotero.domain.shape import Json, Reader
from gotero.domain.validation import address
from gotero.ports import Definitions, Numbers
from gotero.services.write_definition import DefinitionWriter, create_definition, replace_definition, written

NUMBERS = "numbers"


def read_settings(definitions: Definitions, id: str) -> Json:
    """The settings of that id; empty before anybody has set them. NotFoundError for an id that means nothing."""
    if id not in (company.ID, NUMBERS):
        raise NotFoundError("settings")
    stored = definitions.get(company.KIND, id)
    return written(stored) if stored else {}


def save_settings(writer: DefinitionWriter, numbers: Numbers, id: str, data: Any, *, cause: Cause) -> Json:
    """Write them whole. InvalidError with every broken rule."""
    stored = writer.definitions.get(company.KIND, id)
    read_settings(writer.definitions, id)
    new = _company(data) if id == company.ID else _numbers(data)
    if stored is None:
        create_definition(writer, company.KIND, new, cause=cause, id=id)
    else:
        replace_definition(writer, stored, new, cause=cause, expected_version=None)
    if id == NUMBERS:
        for module, number in new.items():
            numbers.start_at(module, number)
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
    }
    if settings["sender"] and address.parse(settings["sender"]) is None:
        reader.wrong("sender", "email")
    if find_zone(settings["zone"]) is None:
        reader.wrong("zone", "zone")
    reader.done()
    return settings


def _numbers(data: Any) -> Json:
    """Module -> the next number; a number that is already past stays past."""
    reader = Reader(data)
    numbers = {key: reader.whole(key, low=1, high=10**9) for key in (*modules.MODULES, "segments") if reader.has(key)}
    reader.done()
    return numbers

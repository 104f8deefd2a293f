"""A cell as a value: numbers, dates and choices as people write them, before the module's own rules judge them.

What cannot be read is handed on as it stands, so that the rule of the field says what is wrong with it.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any, Literal

from gotero.domain import instant
from gotero.domain.exchange.formula import original
from gotero.domain.modules import Field

DateOrder = Literal["dmy", "mdy"]
DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")
DECIMALS = (",", ".")

_DATE = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_ISO_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_CLOCK = re.compile(r"[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2}|UTC)?$", re.IGNORECASE)
_MONEY = re.compile(r"[€$£%\s\u00a0\u202f']|EUR|USD", re.IGNORECASE)
_WORDS: dict[str, bool] = {
    **dict.fromkeys(("si", "s", "yes", "y", "true", "verdadero", "1", "x", "on"), True),
    **dict.fromkeys(("no", "n", "false", "falso", "0", "off"), False),
}
#: How other products say that somebody gets no mails, and that he does.
_OPTED_OUT: dict[str, bool] = {
    **dict.fromkeys(("unsubscribed", "blocklisted", "blacklisted", "disabled", "cleaned", "bounced", "baja"), True),
    **dict.fromkeys(("opted out", "dado de baja", "unsubscribe", "bloqueado"), True),
    **dict.fromkeys(("subscribed", "enabled", "active", "suscrito", "activo", "confirmed", "unconfirmed"), False),
}
_MANY = re.compile(r"\s*(?:\|##\||[|;,\n])\s*")


@dataclass(frozen=True, slots=True)
class Style:
    """How the file writes what depends on the country."""

    decimal: str = ","
    dates: DateOrder = "dmy"
    zone: tzinfo | None = None


def read_cell(field: Field, cell: str, style: Style) -> Any:
    """The value as the module's rules take it; None for a blank cell, which leaves the field as it is."""
    text = original(cell).strip()
    if not text:
        return None
    if field.type in ("integer", "decimal", "currency", "percent"):
        return _number(text, style.decimal)
    if field.type == "date":
        return _date(text, style.dates)
    if field.type == "datetime":
        return _datetime(text, style)
    if field.type == "boolean":
        return _boolean(field, text)
    if field.type == "picklist":
        return _choice(field, text)
    if field.type == "multipicklist":
        return [_choice(field, part) for part in split(text)]
    return text


def split(text: str) -> list[str]:
    """Several things in one cell (tags, choices), whatever stands between them."""
    return [part.strip().strip('"') for part in _MANY.split(text) if part.strip().strip('"')]


def names(whole: str) -> dict[str, str]:
    """First and last name of a whole name; a single word is the last name, which must be there."""
    first, _, last = whole.strip().partition(" ")
    return {"firstname": first, "lastname": last.strip()} if last.strip() else {"lastname": first}


def _number(text: str, decimal: str) -> str:
    bare = _MONEY.sub("", text)
    thousands = "." if decimal == "," else ","
    if decimal in bare or re.fullmatch(rf"[+-]?\d{{1,3}}(\{thousands}\d{{3}})+", bare):
        bare = bare.replace(thousands, "")
    return bare.replace(",", ".") if decimal == "," else bare


def _date(text: str, order: DateOrder) -> str:
    day = _day(text, order)
    return day.isoformat() if day else text


def _day(text: str, order: DateOrder) -> date | None:
    """The date in front of the text; what follows it may be a time of day only."""
    found = _ISO_DATE.match(text)
    if found:
        year, month, day = map(int, found.groups())
    elif found := _DATE.match(text):
        first, second, year = map(int, found.groups())
        day, month = (first, second) if order == "dmy" else (second, first)
        if len(found.group(3)) == 2:  # as Excel reads it: 30 and later is the last century
            year += 1900 if year >= 30 else 2000
    else:
        return None
    rest = text[found.end() :]
    if rest and not _CLOCK.fullmatch(rest):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _datetime(text: str, style: Style) -> str:
    day = _day(text, style.dates)
    if day is None:
        return text
    clock = _CLOCK.search(text)
    hour, minute, second, zone = clock.groups() if clock else ("0", "0", None, None)
    try:
        at = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0), tzinfo=style.zone)
        if zone:
            written = "+00:00" if zone.upper() in ("Z", "UTC") else zone
            at = datetime.fromisoformat(at.replace(tzinfo=None).isoformat() + written)
        return instant.write(at)
    except (ValueError, OverflowError):
        return text


def _boolean(field: Field, text: str) -> Any:
    word = _bare(text)
    if word in _WORDS:
        return _WORDS[word]
    if field.id == "do_not_email":
        # A column "unsubscribed at" says it by having a date.
        return _OPTED_OUT.get(word, True if _ISO_DATE.match(text) or _DATE.match(text) else text)
    return text


def _choice(field: Field, text: str) -> str:
    return _choices(field).get(_bare(text), text)


@lru_cache(maxsize=512)
def _choices(field: Field) -> dict[str, str]:
    """Label in either language, or value -> value; a value is never shadowed by another's label."""
    labels = {_bare(label): o.value for o in field.options for label in (o.label.en, o.label.es)}
    return {**labels, **{_bare(o.value): o.value for o in field.options}}


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))

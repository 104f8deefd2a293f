"""One value of one field type: its normal form, or the rule it breaks.

Normal forms are safe in JSON and DynamoDB alike, and compare as what they are:
integer -> int (exact in a double); decimal, percent -> str without needless zeros ("12.5"); currency -> str with two
decimals ("12.50"); boolean -> bool; date -> "YYYY-MM-DD"; datetime -> "…T…Z" in UTC with milliseconds; time -> "HH:MM";
email -> domain in lower case, NFC; phone -> E.164; url -> with its scheme; multipicklist -> list without repeats.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from gotero.domain import ids, instant
from gotero.domain.delay import find_zone
from gotero.domain.modules import Field
from gotero.domain.validation import address
from gotero.domain.validation.host import is_web_host

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(:[0-5]\d)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,16}", re.ASCII)
_ZONE = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", re.ASCII)
_HOST = re.compile(r"[^\s/?#@\\<>\"^`{|}]+")
#: The largest integer that a double and a JSON reader hold exactly.
_MAX_INTEGER = 2**53 - 1
#: Significant digits that survive a double, in which the lake keeps decimals.
_MAX_DIGITS = 15
_TRUE = frozenset({"true", "1", "on", "yes", "si", "sí"})
_FALSE = frozenset({"false", "0", "off", "no"})
_MAX_CHOICES = 100


class BrokenRuleError(Exception):
    """A value breaks `rule`; the caller knows the path. Never leaves this package."""

    def __init__(self, rule: str, **values: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.values = tuple(values.items())


def text(raw: Any, limit: int, *, lines: bool = False) -> str | None:
    """Trimmed and NFC; line breaks and tabs only where `lines` may stand. Nothing to see is None."""
    if not isinstance(raw, str):
        raise BrokenRuleError("text")
    if any("\ud800" <= character <= "\udfff" for character in raw):
        raise BrokenRuleError("unicode")
    value = unicodedata.normalize("NFC", raw.replace("\r\n", "\n") if lines else raw).strip(" \t\r\n\u00a0")
    if any(_is_control(character) and not (lines and character in "\n\t") for character in value):
        raise BrokenRuleError("control_characters")
    if len(value) > limit:
        raise BrokenRuleError("too_long", limit=str(limit))
    return value if any(_is_visible(character) for character in value) else None


def _is_visible(character: str) -> bool:
    """A name made of zero-width characters is no name."""
    return unicodedata.category(character) not in ("Cf", "Zs") and character not in "\n\t"


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Zl", "Zp")


def _text(field: Field, raw: Any) -> str | None:
    value = text(raw, field.length_limit)
    if value and field.zone and not _is_zone(value):
        raise BrokenRuleError("zone")
    return value


def _longtext(field: Field, raw: Any) -> str | None:
    return text(raw, field.length_limit, lines=True)


def _is_zone(value: str) -> bool:
    return _ZONE.fullmatch(value) is not None and find_zone(value) is not None


def _email(field: Field, raw: Any) -> str | None:
    value = text(raw, field.length_limit)
    if value is None:
        return None
    parsed = address.parse(value)
    if parsed is None:
        raise BrokenRuleError("email")
    return parsed.text


def _url(field: Field, raw: Any) -> str | None:
    value = text(raw, field.length_limit)
    if value is None:
        return None
    if "://" not in value and not value.lower().startswith(("mailto:", "javascript:", "data:")):
        value = f"https://{value}"
    try:
        parts = urlsplit(value)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        raise BrokenRuleError("url") from None
    host = parts.hostname or ""
    if parts.scheme.lower() not in ("http", "https") or parts.username is not None or not port_is_fine:
        raise BrokenRuleError("url")
    brackets = parts.netloc.count("[") + parts.netloc.count("]")
    if not _HOST.fullmatch(host) or " " in value or brackets not in (0, 2) or not is_web_host(host):
        raise BrokenRuleError("url")
    return value


def _integer(field: Field, raw: Any) -> int | None:
    if isinstance(raw, str):
        value = text(raw, 40)
        if value is None:
            return None
        if not _INTEGER.fullmatch(value):
            raise BrokenRuleError("integer")
        raw = int(value)
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, int) or abs(raw) > _MAX_INTEGER:
        raise BrokenRuleError("integer")
    return raw


def _number(raw: Any) -> Decimal | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise BrokenRuleError("number")
    written = text(raw, 40) if isinstance(raw, str) else repr(raw) if isinstance(raw, float) else str(raw)
    if written is None:
        return None
    try:
        value = Decimal(written)
    except InvalidOperation:
        raise BrokenRuleError("number") from None
    if not written.isascii() or "_" in written or not value.is_finite() or abs(value.adjusted()) > _MAX_DIGITS:
        raise BrokenRuleError("number")
    return value


def _plain(value: Decimal) -> str:
    """Without exponent, without needless zeros, without minus zero."""
    written = format(value, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


def _decimal(field: Field, raw: Any) -> str | None:
    value = _number(raw)
    if value is None:
        return None
    written = _plain(value)
    if len(written.lstrip("-").replace(".", "").lstrip("0")) > _MAX_DIGITS:
        raise BrokenRuleError("number")
    return written


def _currency(field: Field, raw: Any) -> str | None:
    value = _number(raw)
    if value is None:
        return None
    if value.adjusted() > _MAX_DIGITS - 3:
        raise BrokenRuleError("number")
    cents = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return format(cents if cents else abs(cents), "f")


def _percent(field: Field, raw: Any) -> str | None:
    written = _decimal(field, raw)
    if written is not None and not 0 <= Decimal(written) <= 100:
        raise BrokenRuleError("percent")
    return written


def _boolean(field: Field, raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else str(raw) if isinstance(raw, int) else None
    if word == "":
        return None
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise BrokenRuleError("boolean")


def _date(field: Field, raw: Any) -> str | None:
    value = text(raw, 40)
    if value is None:
        return None
    if not _DATE.fullmatch(value):
        raise BrokenRuleError("date")
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BrokenRuleError("date") from None


def _datetime(field: Field, raw: Any) -> str | None:
    value = text(raw, 40)
    if value is None:
        return None
    try:
        return instant.write(instant.read(value))
    except (ValueError, OverflowError):
        raise BrokenRuleError("datetime") from None


def _time(field: Field, raw: Any) -> str | None:
    value = text(raw, 40)
    if value is None:
        return None
    if not _TIME.fullmatch(value):
        raise BrokenRuleError("time")
    return value[:5]


def _picklist(field: Field, raw: Any) -> str | None:
    value = text(raw, field.length_limit)
    if value is not None and value not in field.option_values:
        raise BrokenRuleError("picklist", value=value[:60])
    return value


def _multipicklist(field: Field, raw: Any) -> list[str] | None:
    return choices(raw, field.option_values, field.length_limit) or None


def choices(raw: Any, options: frozenset[str], limit: int) -> list[str]:
    """A list of texts (or one text) without repeats, in the order given; of the options where there are any."""
    if isinstance(raw, str):
        raw = [raw]
    if not isinstance(raw, list | tuple):
        raise BrokenRuleError("list")
    if len(raw) > _MAX_CHOICES:
        raise BrokenRuleError("too_many", limit=str(_MAX_CHOICES))
    chosen = [value for value in (text(item, limit) for item in raw) if value is not None]
    for value in chosen:
        if options and value not in options:
            raise BrokenRuleError("picklist", value=value[:60])
    return list(dict.fromkeys(chosen))


def _id(field: Field, raw: Any) -> str | None:
    value = text(raw, 64)
    if value is not None and field.type == "relation" and not ids.is_id(value):
        raise BrokenRuleError("id")
    return value


#: Field type -> its normal form. Phones are not here: their rules are a table that the domain does not hold.
CLEANERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "text": _text,
    "longtext": _longtext,
    "email": _email,
    "url": _url,
    "integer": _integer,
    "decimal": _decimal,
    "currency": _currency,
    "percent": _percent,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "picklist": _picklist,
    "multipicklist": _multipicklist,
    "relation": _id,
    "user": _id,
}

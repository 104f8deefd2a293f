"""The filters that templates have: all of them bounded, none of them able to reach an attribute."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from jinja2 import pass_context
from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import do_title
from jinja2.runtime import Context, Undefined
from markupsafe import Markup, escape

from gotero.adapters.rendering.links import COUNTED_SCHEMES, PLAIN_SCHEMES, URL_LIMIT, as_browser_opens, scheme_of
from gotero.adapters.rendering.markup import unescape_attribute
from gotero.adapters.rendering.policy import LOOP_FILTER
from gotero.domain.mail_links import MailLinks

#: Names of what a render keeps beside the values; a template cannot spell them.
LINKS, BUDGET, LANGUAGE = "links of the mail", "budget of the loops", "language of the mail"
TEXT_LIMIT = 200_000
_MONTHS = {
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "en": "January February March April May June July August September October November December",
}


def _default(value: Any, fallback: Any = "", _boolean: bool = False) -> Any:
    """The fallback for what is missing *or empty*: a blank name greets nobody, as one never asked for."""
    return fallback if _missing(value) else value


def _bounded(text: str) -> str:
    if len(text) > TEXT_LIMIT:
        raise TemplateRuntimeError("a text grows too long")
    return text


def _replace(value: Any, old: str, new: str) -> str:
    text, old, new = str(value), str(old), str(new)
    if text.count(old) * max(len(new) - len(old), 0) + len(text) > TEXT_LIMIT:
        raise TemplateRuntimeError("a text grows too long")
    return text.replace(old, new)


def _join(value: Any, separator: str = "") -> str:
    parts = [str(part) for part in _sequence(value)]
    if len(parts) * len(separator) > TEXT_LIMIT:
        raise TemplateRuntimeError("a text grows too long")
    return _bounded(str(separator).join(parts))


def _truncate(value: Any, length: int = 100, _killwords: bool = False, end: str = "…") -> str:
    text = str(value)
    if len(text) <= length:
        return text
    cut = text[: max(int(length) - len(end), 0)]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + str(end)


def _round(value: Any, digits: int = 0) -> float:
    # Python works out 10 ** 1,000,000,000 for round(5, -1000000000).
    return round(_float(value), min(max(int(digits), -12), 12))


def _missing(value: Any) -> bool:
    return isinstance(value, Undefined) or value is None or value == ""


def _int(value: Any, fallback: int = 0) -> int:
    if _missing(value):
        return fallback
    try:
        return int(float(value)) if isinstance(value, str) and "." in value else int(value)
    except (TypeError, ValueError, OverflowError):
        return fallback


def _float(value: Any, fallback: float = 0.0) -> float:
    if _missing(value):
        return fallback
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return fallback


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | list | tuple | dict) else 0


def _sequence(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return list(value)
    return value if isinstance(value, list | tuple | str) else ()


def _first(value: Any) -> Any:
    return next(iter(_sequence(value)), None)


def _last(value: Any) -> Any:
    return next(iter(_sequence(value)[-1:]), None)


@pass_context
def _number(context: Context, value: Any, decimals: int = 2) -> str:
    """`1.234,50` in Spanish, `1,234.50` in English."""
    if _missing(value):
        return ""
    text = f"{_float(value):,.{min(max(int(decimals), 0), 12)}f}"
    return text.translate(str.maketrans(",.", ".,")) if context.get(LANGUAGE) == "es" else text


@pass_context
def _date(context: Context, value: Any, style: str = "long") -> str:
    """A date, or the day of an instant, in words or as dd/mm/yyyy; what is no date stays as it is."""
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value or "")
    if style == "short":
        return f"{day:%d/%m/%Y}"
    language = "es" if context.get(LANGUAGE) == "es" else "en"
    month = _MONTHS[language].split()[day.month - 1]
    return f"{day.day} de {month} de {day.year}" if language == "es" else f"{day.day} {month} {day.year}"


@pass_context
def _tracked(context: Context, value: Any) -> str:
    """The counted link for a target. In HTML the target comes and goes escaped, as an attribute's value."""
    links: MailLinks = context.get(LINKS)
    marked = isinstance(value, Markup)
    url = as_browser_opens(unescape_attribute(str(value)) if marked else str(value))
    scheme = scheme_of(url)
    if scheme in COUNTED_SCHEMES:
        if len(url) <= URL_LIMIT and url not in (links.unsubscribe, links.preferences, links.view):
            url = links.click(url)
    elif scheme and scheme not in PLAIN_SCHEMES:
        url = "#"  # `javascript:` in a visitor's "website"
    return escape(url) if marked else url


@pass_context
def _each(context: Context, value: Any, weight: int) -> Sequence[Any]:
    """What a loop goes through; pays for it beforehand from the budget of the whole mail."""
    items = _sequence(value)
    budget: list[int] = context.get(BUDGET)
    budget[0] -= len(items) * weight
    if budget[0] < 0:
        raise TemplateRuntimeError("the loops go on too long")
    return items


FILTERS: dict[str, Callable[..., Any]] = {
    "default": _default,
    "d": _default,
    "upper": lambda value: _bounded(str(value)).upper(),
    "lower": lambda value: _bounded(str(value)).lower(),
    "title": lambda value: do_title(str(value)),
    "capitalize": lambda value: str(value).capitalize(),
    "trim": lambda value: str(value).strip(),
    "length": _length,
    "count": _length,
    "first": _first,
    "last": _last,
    "join": _join,
    "replace": _replace,
    "truncate": _truncate,
    "round": _round,
    "abs": lambda value: abs(_float(value)),
    "int": _int,
    "float": _float,
    "escape": escape,
    "e": escape,
    "urlencode": lambda value: quote(_bounded(str(value)), safe=""),
    "number": _number,
    "date": _date,
    "tracked": _tracked,
    LOOP_FILTER: _each,
}

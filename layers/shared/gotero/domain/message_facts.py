"""When each thing happened to a message: what activity conditions count.

A counted event leaves a trace on the message: a short form of its id, its instant, and of a click which URL it was.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from gotero.domain import instant
from gotero.domain.ids import derived_id

if TYPE_CHECKING:
    from gotero.domain.message import Message

_ID, _URL = 12, 6
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
#: What happened -> under which name its traces stand (message_event.py).
_TRACED = {
    "opened": "opens",
    "clicked": "clicks",
    "bounced": "bounced",
    "dropped": "dropped",
    "spam": "spam",
    "unsubscribed": "unsubscribed",
}


@dataclass(frozen=True, slots=True)
class Trace:
    """`<id>@<milliseconds>/<url>`; of events counted before there were instants, the id alone."""

    id: str
    #: Milliseconds in base 36, nine digits until the year 5188, so that they sort.
    at: str = ""
    url: str = ""

    @classmethod
    def of(cls, event_id: str, at: str, url: str) -> "Trace":
        short, key = derived_id(event_id)[:_ID] if event_id else "", url_key(url) if url else ""
        try:
            since = (instant.read(at) - _EPOCH) // timedelta(milliseconds=1)
        except ValueError:
            return cls(short, url=key)  # whoever told it has no clock: it counts, and when is not known
        return cls(short, _base36(max(since, 0)), key)

    @classmethod
    def read(cls, text: str) -> "Trace":
        id, _, rest = text.partition("@")
        at, _, url = rest.partition("/")
        return cls(id, at, url)

    def __str__(self) -> str:
        return self.id + (f"@{self.at}" if self.at else "") + (f"/{self.url}" if self.url else "")


def url_key(url: str) -> str:
    return derived_id(url)[:_URL]


def _base36(number: int) -> str:
    digits = ""
    for _ in range(9):
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def facts(message: "Message") -> dict[str, list[str]]:
    """What happened -> the instants at which it did, in order; behind that of a click its URL."""
    back = message.feedback
    told: dict[str, list[str]] = {}
    if message.outcome == "accepted":
        told["sent"] = [message.sent_at or message.created_at]
    if back.delivered:
        told["delivered"] = [back.delivered_at or message.updated_at]
    urls = {url_key(url): url for url in back.urls}
    for kind, name in _TRACED.items():
        traces = [Trace.read(text) for text in back.seen.get(name, ())]
        if traces:
            told[kind] = sorted(_text(trace, urls, back.last_event_at or message.updated_at) for trace in traces)
    if "clicked" in told and "opened" not in told:
        # Whoever clicked has seen it (domain/message_event.py), by then at the latest.
        told["opened"] = [told["clicked"][0].partition(" ")[0]]
    return told


def _text(trace: Trace, urls: dict[str, str], unknown: str) -> str:
    at = _instant(trace.at) if trace.at else unknown
    url = urls.get(trace.url)
    return f"{at} {url}" if url else at


def _instant(digits: str) -> str:
    return instant.write(_EPOCH + timedelta(milliseconds=int(digits, 36)))


def happened(before: dict[str, list[str]], after: dict[str, list[str]]) -> set[str]:
    """The kinds of which something is new, or another one."""
    return {kind for kind in before | after if before.get(kind) != after.get(kind)}

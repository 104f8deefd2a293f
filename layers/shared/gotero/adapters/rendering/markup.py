"""HTML as a stream of tokens that keep their source: mails are edited in place, never parsed and written anew.

A parser that builds a tree would move merge tags out of tables and drop what only Outlook reads.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

_TOKEN = re.compile(
    r"""
      (?P<shown><!--\[if[^\]]*\]><!-->)                         # what follows is for everyone but Outlook
    | (?P<hidden><!--\[if[^\]]*\]>)                             # what follows is for Outlook alone
    | (?P<endif><!\[endif\]-->)
    | (?P<comment><!--.*?-->|<!\[(?:if|endif)[^>]*>|<[!?][^>]*>)
    | (?P<raw><(?:script|style)\b[^>]*>.*?</(?:script|style)\s*>)
    | (?P<close></[a-z][^>]*>)
    | (?P<open><(?P<name>[a-z][^\s/>]*)(?P<attributes>(?:[^>"']|"[^"]*"|'[^']*')*+)>)
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>=`]+))?""")
_REFERENCE = re.compile(r"&(#[0-9]+;?|#x[0-9a-f]+;?|[a-z][a-z0-9]*+(?:;|(?!=)))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    #: As a browser reads it.
    value: str
    #: Where it stands in the token's source, with its quotes.
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the source. `kind`: text, open, close, comment, raw, shown, hidden, endif."""

    kind: str
    source: str
    name: str = ""
    attributes: tuple[Attribute, ...] = ()

    def attribute(self, name: str) -> Attribute | None:
        return next((a for a in self.attributes if a.name == name), None)


def tokens(source: str) -> Iterator[Token]:
    """All of `source`, in order: joined, the tokens' sources are it again."""
    position = 0
    for match in _TOKEN.finditer(source):
        if match.start() > position:
            yield Token("text", source[position : match.start()])
        position = match.end()
        yield _token(match)
    if position < len(source):
        yield Token("text", source[position:])


def unescape_attribute(value: str) -> str:
    """An attribute's value as a browser reads it: `?a=1&copy=2` stays, for `&copy` is no reference before a `=`."""
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(match: re.Match[str]) -> str:
    name = match[1]
    if name.startswith("#"):
        return html.unescape(match[0])
    return html5.get(name, match[0])


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or ""
    if match["open"] is not None:
        offset = match.start("attributes") - match.start()
        return Token("open", match[0], match["name"].lower(), tuple(_attributes(match["attributes"], offset)))
    if kind == "close":
        return Token("close", match[0], match[0][2:-1].strip().lower())
    return Token(kind, match[0])


def _attributes(source: str, offset: int) -> Iterator[Attribute]:
    for match in _ATTRIBUTE.finditer(source):
        written = match[2] or ""
        start, end = match.span(2) if match[2] else (match.end(), match.end())
        value = written[1:-1] if written[:1] in ('"', "'") and len(written) > 1 else written
        yield Attribute(match[1].lower(), unescape_attribute(value), start + offset, end + offset)

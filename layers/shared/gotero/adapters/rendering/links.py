"""Links of a mail: which are counted, and how their targets reach the token byte for byte."""

import html
import re
from dataclasses import dataclass, field

from gotero.adapters.rendering.markup import Token, tokens
from gotero.adapters.rendering.merge_tags import MergeTags
from gotero.domain.errors import FieldError, InvalidError

#: Elements whose `href` a reader can follow; the last two are how Outlook draws buttons.
_LINKING = {"a", "area", "v:roundrect", "v:rect"}
_OWN = re.compile(r"\{\{-?\s*(?:unsubscribe_url|preferences_url|view_url)\s*-?\}\}")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_STRIPPED = re.compile(r"[\t\n\r]")
_PLAIN_URL = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?()\[\]]", re.IGNORECASE)

_BEFORE, _AFTER = "{% filter tracked %}", "{% endfilter %}"

COUNTED_SCHEMES = frozenset({"http", "https"})
PLAIN_SCHEMES = frozenset({"mailto", "tel", "sms"})
#: A longer target leaves no room for its token in a request line.
URL_LIMIT = 2000


@dataclass(slots=True)
class FoundLinks:
    """The distinct targets of a mail, in order, and what is odd about some."""

    targets: dict[str, None] = field(default_factory=dict)
    warnings: list[FieldError] = field(default_factory=list)


def scheme_of(url: str) -> str:
    """The scheme of an absolute URL in lower case; empty for a relative one."""
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""


def as_browser_opens(url: str) -> str:
    """What the URL standard strips from an attribute; everything else is the target, byte for byte."""
    return _STRIPPED.sub("", url.strip(" \t\n\r\f\v\0"))


def track(source: str, tags: MergeTags, path: str, found: FoundLinks) -> str:
    """Protected HTML with each counted `href` wrapped, so that it becomes a signed link when the mail is rendered."""
    return "".join(_tracked(token, tags, path, found) for token in tokens(source))


def track_text(source: str, found: FoundLinks, tags: MergeTags) -> str:
    """Protected plain text with its web addresses wrapped."""

    def wrap(match: re.Match[str]) -> str:
        found.targets.setdefault(tags.restore(match[0]))
        return wrapped(match[0])

    return _PLAIN_URL.sub(wrap, source)


def wrapped(value: str) -> str:
    return f"{_BEFORE}{value}{_AFTER}"


def unwrapped(value: str) -> str:
    return value.removeprefix(_BEFORE).removesuffix(_AFTER)


def _tracked(token: Token, tags: MergeTags, path: str, found: FoundLinks) -> str:
    href = token.attribute("href") if token.kind == "open" and token.name in _LINKING else None
    if href is None or token.attribute("data-no-track"):
        return token.source
    url = as_browser_opens(href.value)
    if not _counted(url, tags, path, found):
        return token.source
    found.targets.setdefault(tags.restore(url))
    before, after = token.source[: href.start], token.source[href.end :]
    written = token.source[href.start : href.end]
    value = written[1:-1] if written[:1] in ('"', "'") else html.escape(url)
    quote = written[0] if written[:1] in ('"', "'") else '"'
    return f"{before}{quote}{wrapped(value)}{quote}{after}"


def _counted(url: str, tags: MergeTags, path: str, found: FoundLinks) -> bool:
    scheme = scheme_of(url)
    if scheme in COUNTED_SCHEMES:
        return len(url) <= URL_LIMIT
    if scheme and scheme not in PLAIN_SCHEMES:
        raise InvalidError(FieldError(path, "link", (("url", url[:100]),)))
    if not url or url.startswith("#") or scheme:
        return False
    if tags.begins(url):
        return not _OWN.fullmatch(tags.within(url)[0])
    found.warnings.append(FieldError(path, "relative_link", (("url", tags.restore(url)[:100]),)))
    return False

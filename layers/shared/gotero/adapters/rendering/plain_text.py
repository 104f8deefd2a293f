"""The text part of a mail, derived from its HTML: for readers without HTML, and for filters that distrust its lack."""

import html
import re

from gotero.adapters.rendering.links import as_browser_opens, unwrapped
from gotero.adapters.rendering.markup import Token, tokens
from gotero.adapters.rendering.merge_tags import literal

_SPACED = frozenset({"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "ul"})
_BLOCKS = _SPACED | {
    *("address", "article", "aside", "center", "div", "dl", "dt", "dd", "fieldset", "figure", "footer", "form"),
    *("header", "hr", "li", "main", "nav", "pre", "section", "tbody", "tfoot", "thead", "tr"),
}
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_UNSEEN = frozenset({"head", "title", "template"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


class _Text:
    """Text being gathered, with white space as a browser would collapse it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._breaks = 0
        self._space = False

    def write(self, text: str) -> None:
        words = text.replace("\u00a0", " ").split()
        if not words:
            self._space = self._space or bool(text)
            return
        if self.parts:
            if self._breaks:
                self.parts.append("\n" * self._breaks)
            elif self._space or text[0].isspace():
                self.parts.append(" ")
        self._breaks, self._space = 0, text[-1].isspace()
        self.parts.append(" ".join(words))

    def break_line(self, lines: int) -> None:
        self._breaks = max(self._breaks, lines)

    def mark(self) -> int:
        return len(self.parts)

    def since(self, mark: int) -> str:
        return "".join(self.parts[mark:]).strip()


def derive(source: str) -> str:
    """The text of protected, tracked HTML. A link is its text and its address; an image is its alternative text."""
    out = _Text()
    hidden: list[str] = []  # the elements that are open around and within something unseen
    links: list[tuple[str, int]] = []
    outlook = False
    for token in tokens(source):
        if token.kind in ("hidden", "endif"):
            outlook = token.kind == "hidden"
        elif outlook:
            continue
        elif hidden:
            _walk_hidden(token, hidden)
        elif token.kind == "text":
            out.write(literal(html.unescape(token.source)))
        elif token.kind == "open" and _is_unseen(token):
            hidden.append(token.name)
        elif token.kind == "open":
            _open(token, out, links)
        elif token.kind == "close":
            _close(token, out, links)
    return "".join(out.parts).strip() + "\n"


def _is_unseen(token: Token) -> bool:
    style = token.attribute("style")
    return token.name not in _VOID and (
        token.name in _UNSEEN or bool(style and _HIDDEN.search(style.value)) or token.attribute("hidden") is not None
    )


def _walk_hidden(token: Token, hidden: list[str]) -> None:
    if token.kind == "open" and token.name == hidden[0]:
        hidden.append(token.name)
    elif token.kind == "close" and token.name == hidden[0]:
        hidden.pop()


def _open(token: Token, out: _Text, links: list[tuple[str, int]]) -> None:
    if token.name == "br":
        out.break_line(1)
    elif token.name == "a":
        href = token.attribute("href")
        links.append((as_browser_opens(href.value) if href else "", out.mark()))
    elif token.name == "img":
        alt = token.attribute("alt")
        if alt and alt.value.strip():
            out.write(literal(f" {alt.value} "))
    elif token.name == "td":
        out.write(" ")
    if token.name in _BLOCKS:
        out.break_line(2 if token.name in _SPACED else 1)
    if token.name == "li":
        out.write("- ")
    elif token.name == "hr":
        out.write("---")
        out.break_line(1)


def _close(token: Token, out: _Text, links: list[tuple[str, int]]) -> None:
    if token.name == "a" and links:
        url, mark = links.pop()
        label, target = out.since(mark), unwrapped(url).removeprefix("mailto:")
        if not label:
            out.write(url)
        elif target and not target.startswith("#") and label != target:
            out.write(f" ({url.removeprefix('mailto:')})")
    elif token.name in _BLOCKS:
        out.break_line(2 if token.name in _SPACED else 1)

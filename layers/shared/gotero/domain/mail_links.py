"""The public links that a mail carries, signed for its message."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from gotero.domain import token
from gotero.domain.utm import marked

Sign = Callable[[str, dict[str, Any]], str]


@dataclass(frozen=True, slots=True)
class MailLinks:
    """Where the links of one mail lead. `click` answers the counted link for a target."""

    unsubscribe: str
    preferences: str
    view: str
    #: The address of the open pixel; empty for a mail whose opening is not counted.
    open: str
    click: Callable[[str], str]
    #: Whether the mail program may offer its own unsubscribe button (RFC 8058).
    one_click: bool
    #: The same by mail, for programs that know no other way; empty where nobody receives it.
    unsubscribe_mail: str = ""

    def headers(self) -> tuple[tuple[str, str], ...]:
        if not self.one_click:
            return ()
        return (
            ("List-Unsubscribe", ", ".join(f"<{uri}>" for uri in (self.unsubscribe, self.unsubscribe_mail) if uri)),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        )


def message_links(
    public_url: str,
    sign: Sign,
    message_id: str,
    *,
    test: bool = False,
    mail_to: str = "",
    marks: Mapping[str, str] | None = None,
) -> MailLinks:
    """The links of a message that is sent. A test send has no list to leave, so it carries no headers that say so.

    `mail_to`: where a mail that wants to unsubscribe is received. `marks`: what is added to counted targets (utm.py).
    """
    base = public_url.rstrip("/")
    message = {"m": message_id}

    # The HTML and the text part have the same links.
    @cache
    def click(url: str) -> str:
        target = marked(url, marks) if marks else url
        return f"{base}/c/{sign(token.CLICK, {'m': message_id, 'u': target})}"

    leave = sign(token.UNSUBSCRIBE, message)
    return MailLinks(
        unsubscribe=f"{base}/u/{leave}",
        preferences=f"{base}/p/{sign(token.PREFERENCES, message)}",
        view=f"{base}/v/{sign(token.VIEW, message)}",
        open=f"{base}/o/{sign(token.OPEN, message)}",
        click=click,
        one_click=not test,
        # No local part has room for a token, so the subject carries it.
        unsubscribe_mail=f"mailto:{mail_to}?subject=unsubscribe%20{leave}" if mail_to else "",
    )


def preview_links(public_url: str) -> MailLinks:
    """The links of a mail that is only looked at: targets as they stand, nothing counted, nothing to unsubscribe."""
    base = public_url.rstrip("/")
    return MailLinks(
        unsubscribe=f"{base}/u/preview",
        preferences=f"{base}/p/preview",
        view=f"{base}/v/preview",
        open="",
        click=lambda url: url,
        one_click=False,
    )


def viewed_links(links: MailLinks) -> MailLinks:
    """The links of a mail read in the browser: the same, but reading it there is not opening the mail."""
    return MailLinks(links.unsubscribe, links.preferences, links.view, "", links.click, False)

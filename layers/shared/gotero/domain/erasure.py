"""What stays of a message, and of what happened to it, when the person it was sent to is erased: states and counts."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gotero.domain.message import Feedback, Message
from gotero.domain.message_facts import Trace

#: Stands where the name of a mail that was written for one person alone stood.
NAMELESS = "-"


def erased_message(message: Message) -> Message:
    """The message as proof that there was one; itself when nothing personal is left in it."""
    mailing = replace(
        message.mailing,
        address="",
        template_name=message.mailing.template_name if message.mailing.template_id else NAMELESS,
    )
    after = replace(
        message,
        mailing=mailing,
        subject_line="",
        # Our own reasons are keys of the catalogue; anything else are words of a server, which name the address.
        reason=message.reason if message.reason.isidentifier() else "",
        feedback=_erased_feedback(message.feedback),
    )
    return message if after == message else after


def is_erased(message: Message) -> bool:
    """Whether what comes back may no longer say more than that it came."""
    return not message.mailing.address


def _erased_feedback(back: Feedback) -> Feedback:
    seen = {kind: tuple(sorted(_without_url(text) for text in traces)) for kind, traces in back.seen.items()}
    return replace(back, urls={}, last_url="", seen=seen, verdict=(back.verdict[0], back.verdict[1], ""))


def _without_url(trace: str) -> str:
    return str(replace(Trace.read(trace), url=""))


def erased_activity(data: Mapping[str, Any]) -> dict[str, Any]:
    """A row of what happened, without the page that was visited and without what a server said."""
    detail = str(data.get("detail") or "")
    return {**data, "detail": detail if detail.isidentifier() or data.get("kind") == "form_posted" else ""}

"""What can come back about a message, and what each thing does to it.

`apply` is a pure join: any order and any repetition of the same events ends in the same message.
- The state takes the highest rank (message.py); flags are set once; times are the provider's, the latest wins.
- Counters count distinct event ids. A short form of each counted id stays on the message, at most MAX_COUNTED a kind;
  a counter that has reached it stays there, so that forgetting an id can never let it count again.
- Whatever comes back proves that the provider took the mail: our tag and our tokens are in nothing but that mail.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from gotero.domain.erasure import is_erased
from gotero.domain.message import MAX_URLS, Feedback, Message, State
from gotero.domain.message_facts import Trace

#: Distinct opens, clicks or bounces that one message counts; 29 characters each at most, so 29 KB an item.
MAX_COUNTED = 200


class EventKind(StrEnum):
    """The one vocabulary that every provider is translated to."""

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    #: The recipient's server asks to try again later; the provider does.
    DELAYED = "delayed"
    BOUNCED = "bounced"
    SPAM = "spam"
    DROPPED = "dropped"
    OPENED = "opened"
    CLICKED = "clicked"
    UNSUBSCRIBED = "unsubscribed"


#: The state that an event proves.
_PROVES: Mapping[EventKind, State] = {
    EventKind.DELIVERED: State.DELIVERED,
    EventKind.BOUNCED: State.BOUNCED,
    EventKind.DROPPED: State.DROPPED,
}
#: Done by a person: a workflow that reacts begins a chain of its own.
BY_A_PERSON = frozenset({EventKind.OPENED, EventKind.CLICKED, EventKind.SPAM, EventKind.UNSUBSCRIBED})


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """One thing that happened to a mail. `id` is the same for every copy of it."""

    id: str
    kind: EventKind
    message_id: str
    #: The provider's time, or the time of our own public endpoint.
    at: str
    provider_id: str = ""
    reason: str = ""
    #: A bounce for good, as against one that may pass.
    permanent: bool = False
    #: Nothing may be sent to the address any more.
    suppress: bool = False
    url: str = ""
    #: A scanner, a prefetcher, a HEAD request: counted apart.
    machine: bool = False
    #: Told by another provider than the account's own, whose suppression list does not know of it yet.
    elsewhere: bool = False


def apply(message: Message, event: MessageEvent) -> Message:
    """The message after `event`; the message itself when the event tells nothing new."""
    if is_erased(message):
        # It still counts; which page was visited and what a server said of the address is nobody's any more.
        event = replace(event, url="", reason="")
    feedback = _feedback(message.feedback, event)
    state = _PROVES.get(event.kind, State.ACCEPTED)
    raised = message.raised(state, event.at)
    sent_at = min(filter(None, (message.sent_at, event.at)))
    after = replace(
        raised,
        feedback=feedback,
        provider_id=message.provider_id or event.provider_id,
        sent_at=sent_at,
        updated_at=max(raised.updated_at, event.at),
    )
    return message if _same(message, after) else after


def _same(before: Message, after: Message) -> bool:
    return replace(after, updated_at=before.updated_at) == before


def _feedback(back: Feedback, event: MessageEvent) -> Feedback:
    if event.kind is EventKind.ACCEPTED:
        return back  # our own call said so already, as a rule: not worth a write
    back = replace(back, last_event_at=max(back.last_event_at, event.at))
    match event.kind:
        case EventKind.DELIVERED:
            return replace(back, delivered=True, delivered_at=min(filter(None, (back.delivered_at, event.at))))
        case EventKind.DROPPED:
            back = _counted(back, "dropped", event, once=True)
            return replace(back, dropped=True, verdict=max(back.verdict, (True, event.at, event.reason)))
        case EventKind.SPAM:
            return replace(_counted(back, "spam", event, once=True), spam=True)
        case EventKind.UNSUBSCRIBED:
            return replace(_counted(back, "unsubscribed", event, once=True), unsubscribed=True)
        case EventKind.BOUNCED:
            back = _counted(back, "bounced", event)
            verdict = max(back.verdict, (event.permanent, event.at, event.reason))
            hard = event.permanent or back.bounce_type == "hard"
            return replace(
                back, bounced=_count(back, "bounced"), bounce_type="hard" if hard else "soft", verdict=verdict
            )
        case EventKind.OPENED:
            return _engaged(_counted(back, "opens_robots" if event.machine else "opens", event))
        case EventKind.CLICKED:
            back = _engaged(_counted(back, "clicks_robots" if event.machine else "clicks", event))
            return back if event.machine else _visited(back, event)
        case _:
            return back


def _counted(back: Feedback, kind: str, event: MessageEvent, *, once: bool = False) -> Feedback:
    """The event among those counted, with its instant; `once`: a flag that keeps the earliest of its events."""
    new = Trace.of("" if once else event.id, event.at, event.url)
    known = [Trace.read(text) for text in back.seen.get(kind, ())]
    same = next((trace for trace in known if trace.id == new.id), None)
    if same is None and len(known) >= MAX_COUNTED:
        return back
    # Sorted, and the earliest of what is told twice, so that the order of arrival leaves no trace.
    kept = [trace for trace in known if trace is not same]
    latest = min(same, new, key=lambda trace: (trace.at, trace.url)) if same and same.at else new
    traces = tuple(sorted(str(trace) for trace in (*kept, latest)))
    return back if traces == tuple(back.seen.get(kind, ())) else replace(back, seen={**back.seen, kind: traces})


def _engaged(back: Feedback) -> Feedback:
    """Its opens and clicks. Whoever clicks has seen the mail, though without images nothing told of it: one open."""
    clicked = _count(back, "clicks")
    opened = _count(back, "opens") or min(clicked, 1)
    return replace(
        back,
        opened=opened,
        opens_all=opened + _count(back, "opens_robots"),
        clicked=clicked,
        clicks_all=clicked + _count(back, "clicks_robots"),
    )


def _count(back: Feedback, kind: str) -> int:
    return len(back.seen.get(kind, ()))


def _visited(back: Feedback, event: MessageEvent) -> Feedback:
    """The URL among those visited, and the last of them by the time of the click."""
    if not event.url:
        return back
    urls = {**back.urls, event.url: min(filter(None, (back.urls.get(event.url), event.at)))}
    if len(urls) > MAX_URLS:
        urls = dict(sorted(urls.items(), key=lambda item: (item[1], item[0]))[:MAX_URLS])
    if (event.at, event.url) > (back.last_click_at, back.last_url):
        back = replace(back, last_url=event.url, last_click_at=event.at)
    return replace(back, urls=urls)

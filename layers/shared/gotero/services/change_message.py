"""Every later write of a message: read, change by a pure rule, write over the version read; again if that has moved."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from gotero.domain.errors import ConflictError, TransientError
from gotero.domain.message import Message, MessageKey, State, notice
from gotero.domain.record import Cause
from gotero.ports import Jobs, Messages

#: Events of one message come in small bursts; more rivals than this means that something else is wrong.
ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Ledger:
    """Messages, and the jobs whose counts move with them."""

    messages: Messages
    jobs: Jobs


def change_message(
    ledger: Ledger,
    known: Message | MessageKey,
    change: Callable[[Message], Message],
    happened: str,
    cause: Cause,
) -> Message | None:
    """The message after `change`; workflows see `happened`. None when there is no such message.

    `known` saves the first read when the caller holds the message. A change that changes nothing writes nothing.
    """
    before = known if isinstance(known, Message) else ledger.messages.get(known)
    for _ in range(ATTEMPTS):
        if before is None:
            return None
        after = change(before)
        if after is before:
            return before
        try:
            return _write(ledger, before, after, happened, cause)
        except ConflictError:
            # Also what a lost answer of our own write looks like: the change then finds nothing left to do.
            before = ledger.messages.get(before.key)
    raise TransientError("a message is being written by many at once")


def _write(ledger: Ledger, before: Message, after: Message, happened: str, cause: Cause) -> Message:
    after = replace(after, version=before.version + 1)
    # A robot's open is no news, but what it proves may be: whoever follows outcomes hears of every change of them.
    told = happened or (str(after.state) if before.outcome != after.outcome else "")
    note = notice(after, told, cause) if told else None
    if before.counted and before.outcome != after.outcome:
        ledger.jobs.recount(after, note, before.outcome)
    else:
        ledger.messages.save(after, note)
    return after


def raise_message(ledger: Ledger, known: Message | MessageKey, state: State, at: str, reason: str) -> Message | None:
    """The message in `state` for `reason`, unless it stands as high already."""
    key = known.key if isinstance(known, Message) else known

    def change(message: Message) -> Message:
        return message.raised(state, at, reason)

    return change_message(ledger, known, change, str(state), Cause("message", str(key), event=f"{state}:{reason}"))

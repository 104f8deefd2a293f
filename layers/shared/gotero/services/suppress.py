"""Never send to an address again, and say so on everybody who has it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gotero.domain.ids import derived_id
from gotero.domain.record import Cause, Ref
from gotero.domain.suppression import HISTORY, Suppression
from gotero.ports import Clock, Due, Json, Queue, Records, Suppressions, Timeline, TimelineEntry

#: Sets «No enviar email» on a record with its source (domain/modules/people.py), by the service that writes records.
SetDoNotEmail = Callable[[Ref, str, Cause], None]
#: As many records with one address are marked at once; what is beyond goes through the queue.
AT_ONCE = 100
OPT_OUT = "optout"
MIRROR = "mirror"


@dataclass(frozen=True, slots=True)
class Protector:
    """What protecting a person from mails needs. `queue` is the one of what is due."""

    suppressions: Suppressions
    records: Records
    set_do_not_email: SetDoNotEmail
    timeline: Timeline
    queue: Queue
    clock: Clock


def suppress(protector: Protector, suppression: Suppression, *, mirror: bool) -> bool:
    """No path sends to this address any more; whether it was not so before. `mirror` tells the provider too."""
    key = suppression.address_key
    if not key:
        return False
    added = protector.suppressions.add(suppression)
    if not added and protector.suppressions.get_many([key]).get(key) != suppression:
        return False
    # The same once more: whoever wrote it may have died before the rest, which is harmless twice.
    cause = Cause("user", suppression.by) if suppression.by else Cause("message", suppression.message)
    tell_history(
        protector.timeline, suppression.address_key, "suppressed", suppression.at, cause, suppression.to_json()
    )
    if mirror:
        mirror_soon(protector, [suppression.address_key])
    return added


def release(protector: Protector, address_key: str, at: str, cause: Cause, note: str) -> bool:
    """The address gets mails again; whether it did not before. What happened up to `at` cannot bring it back."""
    if not protector.suppressions.remove(address_key, at):
        return False
    tell_history(protector.timeline, address_key, "unsuppressed", at, cause, {"note": note})
    mirror_soon(protector, [address_key])
    return True


def mirror_soon(protector: Protector, address_keys: Sequence[str]) -> None:
    """A hint that the provider's own list is to follow: what it then finds here is what it writes there."""
    due = Due(protector.clock.now(), f"{MIRROR}#{derived_id(*address_keys)}", {"addresses": list(address_keys)})
    protector.queue.put([due.to_json()])


def history_of(address_key: str) -> Ref:
    """Where the timeline keeps what happened to an address."""
    return Ref(HISTORY, derived_id(HISTORY, address_key))


def tell_history(timeline: Timeline, address_key: str, kind: str, at: str, cause: Cause, data: dict[str, Any]) -> None:
    told = {key: value for key, value in data.items() if value and key != "address"}
    ref = history_of(address_key)
    timeline.add([TimelineEntry(ref, at, kind, cause, derived_id(kind, ref.id, at), told)])


def opt_out(protector: Protector, address_key: str, recipient: Ref, source: str, cause: Cause) -> None:
    """«No enviar email» on the recipient and on every account, contact and lead with that address."""
    _mark(protector, [recipient], source, cause)
    if address_key:
        _opt_out_from(protector, address_key, source, cause, None)


def opt_out_on(protector: Protector, payload: Json) -> None:
    """The next records with that address. Twice is harmless: a record that is marked stays so."""
    cause = Cause.from_json(payload["cause"])
    _opt_out_from(protector, payload["address"], payload["source"], cause, payload["after"])


def _opt_out_from(protector: Protector, address_key: str, source: str, cause: Cause, after: str | None) -> None:
    refs, following = protector.records.with_address(address_key, AT_ONCE, after)
    if following:
        # Before the work of this step: a step that dies in the middle comes again with its message.
        payload = {"address": address_key, "source": source, "cause": cause.to_json(), "after": following}
        due = Due(protector.clock.now(), f"{OPT_OUT}#{derived_id(address_key, following)}", payload)
        protector.queue.put([due.to_json()])
    _mark(protector, refs, source, cause)


def _mark(protector: Protector, refs: Sequence[Ref], source: str, cause: Cause) -> None:
    for ref in refs:
        if ref.module in ("contacts", "accounts", "leads"):
            protector.set_do_not_email(ref, source, cause)

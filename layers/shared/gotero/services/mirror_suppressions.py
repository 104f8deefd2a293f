"""Our suppression list and the provider's own, in step: what changes here is written there, what it found comes here.

The truth is ours. What the provider drops from its list stays on ours, until a person takes it off with a reason.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

from gotero.domain import instant
from gotero.domain.errors import TransientError
from gotero.domain.ids import derived_id
from gotero.domain.suppression import Suppression
from gotero.ports import Due, DueIndex, Json, Marks, ProviderSuppressions
from gotero.services.suppress import MIRROR, Protector, suppress

SYNC = "sync_suppressions"
#: The provider is asked too fast: the rest a little later.
_LATER = timedelta(seconds=30)
#: What it lists may be written a while after its instant: the next round begins that much earlier.
_OVERLAP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Mirror:
    """What keeping in step needs."""

    protector: Protector
    provider: ProviderSuppressions
    due: DueIndex
    #: Until when the provider's list has been read.
    marks: Marks


def mirror(desk: Mirror, payload: Json) -> None:
    """Write what stands here to the provider's list. Twice is harmless: the truth is read, not the payload."""
    addresses: list[str] = payload["addresses"]
    stored = desk.protector.suppressions.get_many(addresses)
    for index, address in enumerate(addresses):
        try:
            if address in stored:
                desk.provider.put(address, stored[address].reason)
            else:
                desk.provider.delete(address)
        except TransientError:
            rest = addresses[index:]
            at = desk.protector.clock.now() + _LATER
            desk.due.put(at, f"{MIRROR}#{derived_id(*rest)}", {"addresses": rest})
            return


def sync(desk: Mirror, payload: Json) -> None:
    """One page of what the provider put on its list; the next page is a step of its own."""
    now = desk.protector.clock.now()
    began = str(payload.get("began") or instant.write(now))
    mark = desk.marks.get(SYNC)
    since = instant.read(mark) - _OVERLAP if mark else None
    try:
        found, token = desk.provider.page(since, str(payload.get("token") or ""))
    except TransientError:
        desk.due.put(now + _LATER, SYNC, {**payload, "began": began})
        return
    _take_in(desk, found)
    if token:
        desk.protector.queue.put([Due(now, SYNC, {"began": began, "token": token}).to_json()])
    else:
        desk.marks.put(SYNC, began)


def _take_in(desk: Mirror, found: list[Suppression]) -> None:
    keys = [suppression.address_key for suppression in found]
    known = desk.protector.suppressions.get_many(keys)
    released = desk.protector.suppressions.released(keys)
    undone = []
    for suppression in found:
        key = suppression.address_key
        if key in known:
            continue
        if released.get(key, "") >= suppression.at:
            undone.append(key)  # taken off here after that: the provider has not heard of it yet
        else:
            suppress(desk.protector, replace(suppression, note="ses"), mirror=False)
    if undone:
        mirror(desk, {"addresses": undone})

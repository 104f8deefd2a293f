"""What a provider's webhook brought: each event on its message, and kept there as it came."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Cause, Ref
from gotero.domain.webhook import Confirmation, Ignored
from gotero.ports import HookProvider, Json, Queue, Timeline, TimelineEntry
from gotero.services.record_event import EventIntake, record_event

#: How long the provider's own words are kept; what they mean stays on the message.
KEEP_DAYS = 90
_RAW_LIMIT = 8_000


@dataclass(frozen=True, slots=True)
class ProviderIntake:
    """What taking in a provider's events needs."""

    providers: Mapping[str, HookProvider]
    intake: EventIntake
    timeline: Timeline
    queue: Queue
    #: Says yes to an SNS topic.
    confirm: Callable[[str], None]


def record_provider_events(intake: ProviderIntake, body: Json) -> Counter[str]:
    """How many events were recorded, and ignored for which reason.

    One that raises goes back to the queue alone, so that it ends in the dead letters without the others.
    """
    provider = intake.providers[body["provider"]]
    results: Counter[str] = Counter()
    alone = len(body["events"]) == 1
    for raw in body["events"]:
        try:
            results[_record(intake, provider, body, raw)] += 1
        except Exception:
            if alone:
                raise
            intake.queue.put([{**body, "events": [raw]}])
            results["put_back"] += 1
    return results


def _record(intake: ProviderIntake, provider: HookProvider, body: Json, raw: Json) -> str:
    event = provider.read(raw, body["at"])
    if isinstance(event, Ignored):
        return event.reason
    if isinstance(event, Confirmation):
        intake.confirm(event.url)
        return "confirmed"
    if event.kind in (EventKind.OPENED, EventKind.CLICKED):
        # Our mails carry our own links and pixel: what the provider's tracking saw, ours has counted.
        return "counted_by_us"
    if not record_event(intake.intake, event):
        return "foreign"
    intake.timeline.add([_as_it_came(body["provider"], event, raw)])
    return "recorded"


def _as_it_came(provider: str, event: MessageEvent, raw: Json) -> TimelineEntry:
    return TimelineEntry(
        ref=Ref("messages", event.message_id),
        at=event.at,
        kind="provider_event",
        cause=Cause("message", event.message_id, event=event.id),
        id=event.id,
        data={
            "provider": provider,
            "event": str(event.kind),
            "raw": json.dumps(raw, ensure_ascii=False)[:_RAW_LIMIT],
        },
        keep_days=KEEP_DAYS,
    )

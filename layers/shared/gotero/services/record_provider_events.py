"""What a provider's webhook brought: each event on its message, and kept there as it came."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from gotero.domain.erasure import is_erased
from gotero.domain.message_event import EventKind
from gotero.domain.webhook import Confirmation, Ignored
from gotero.ports import HookProvider, Json, Queue, Timeline
from gotero.services.keep_raw_event import keep_raw_event
from gotero.services.record_event import EventIntake, record_event


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
    # What comes by SNS over HTTPS is SES's too: its own list knows.
    event = replace(event, elsewhere=body["provider"] != "sns")
    recorded = record_event(intake.intake, event)
    if recorded is None:
        return "foreign"
    if is_erased(recorded.after):
        return "recorded"
    keep_raw_event(intake.timeline, body["provider"], event, raw)
    return "recorded"

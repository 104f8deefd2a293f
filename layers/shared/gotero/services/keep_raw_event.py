"""What a provider said about a mail, word for word, in the message's timeline: for whoever asks why."""

import json

from gotero.domain.message_event import MessageEvent
from gotero.domain.record import Cause, Ref
from gotero.domain.webhook import bounded
from gotero.ports import Json, Timeline, TimelineEntry

#: How long the provider's own words are kept; what they mean stays on the message.
KEEP_DAYS = 90
_LIMIT = 8_000


def keep_raw_event(timeline: Timeline, provider: str, event: MessageEvent, raw: Json) -> None:
    """Once an event, however often it comes."""
    data = {
        "provider": provider,
        "event": str(event.kind),
        "raw": json.dumps(bounded(raw), ensure_ascii=False)[:_LIMIT],
    }
    ref = Ref("messages", event.message_id)
    cause = Cause("message", event.message_id, event=event.id)
    timeline.add([TimelineEntry(ref, event.at, "provider_event", cause, event.id, data, KEEP_DAYS)])

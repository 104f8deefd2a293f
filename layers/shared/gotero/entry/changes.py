"""Stream records of our tables as changes of records, memberships and messages; keys and other small items are none."""

import json
from collections.abc import Mapping
from typing import Any

from gotero.adapters.dynamodb.memberships import membership_of
from gotero.adapters.dynamodb.messages import message_of
from gotero.adapters.dynamodb.records import record_of
from gotero.domain.record import Cause, RecordEvent
from gotero.entry.batch import StreamRecord
from gotero.services.project_change import Change, MembershipChange, MessageChange, RecordChange, Transition

Image = Mapping[str, Any]


def change_of(record: StreamRecord) -> Change | None:
    """What changed; None for an item that is neither of the three, or was swept away (what we delete, we mark)."""
    new, old = record.new, record.old
    if new is None:
        return None
    if "ledger" in new:
        return MessageChange(message_of(new), message_of(old) if old else None)
    if "values" in new:
        return RecordChange(record_of(new), record_of(old) if old else None, _event(old, new))
    if "segment" in new:
        return MembershipChange(membership_of(new), int(new["version"]), _transition(old, new))
    return None


def _news(old: Image | None, new: Image) -> Any:
    """The event that this write tells: later writes of an item carry the last event on."""
    text = new.get("event")
    if not text or (old and old.get("event") == text):
        return None
    return json.loads(text)


def _event(old: Image | None, new: Image) -> RecordEvent | None:
    news = _news(old, new)
    return RecordEvent.from_json(news) if news else None


def _transition(old: Image | None, new: Image) -> Transition | None:
    news = _news(old, new)
    return Transition(news["id"], news["kind"], Cause.from_json(news["cause"]), news["at"]) if news else None

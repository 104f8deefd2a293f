"""Stream records of our tables as changes of records, links, memberships and messages; other small items are none."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from gotero.adapters.dynamodb.memberships import membership_of
from gotero.adapters.dynamodb.messages import message_of
from gotero.adapters.dynamodb.record_links import link_of
from gotero.adapters.dynamodb.records import record_of
from gotero.domain.membership import Membership
from gotero.domain.message_facts import facts
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.domain.record import Change as HeardChange
from gotero.domain.record_link import heard_at_both_ends
from gotero.entry.batch import StreamRecord
from gotero.services.project_change import Change, MembershipChange, MessageChange, RecordChange, Transition
from gotero.services.project_link import LinkChange

Image = Mapping[str, Any]


def change_of(record: StreamRecord) -> Change | None:
    """What changed; None for an item that is none of these, or was swept away (what we delete, we mark)."""
    new, old = record.new, record.old
    if new is None:
        return None
    if "ledger" in new:
        return MessageChange(message_of(new), message_of(old) if old else None)
    if "values" in new:
        return RecordChange(record_of(new), record_of(old) if old else None, _event(old, new))
    if "linked" in new:
        return LinkChange(link_of(new), _event(old, new))
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


def heard_changes(
    record: StreamRecord,
    read: Callable[[Ref], Record | None],
    asked_for: Callable[[Membership, Transition], bool] = lambda membership, transition: True,
) -> list[HeardChange]:
    """The change as workflows hear it; none when this write tells them nothing.

    A membership's change is one of its record, and a link's one of both its ends, which are read as they stand; one
    that is gone by then is not heard. A record is not read for a transition that nobody asks for.
    """
    change = change_of(record)
    news = _news(record.old, record.new) if change and record.new else None
    if change is None or news is None:
        return []
    match change:
        case RecordChange():
            return [HeardChange(RecordEvent.from_json(news), change.after, change.before)]
        case LinkChange():
            return heard_at_both_ends(change.after, RecordEvent.from_json(news), read)
        case MessageChange():
            before = change.before.to_record() if change.before else None
            known = facts(change.before) if change.before else {}
            extra = {"message_event": news.get("message_event"), "facts": (known, facts(change.after))}
            return [HeardChange(RecordEvent.from_json(news), change.after.to_record(), before, extra)]
        case MembershipChange():
            told = change.transition
            member = read(change.after.ref) if told and asked_for(change.after, told) else None
            event = RecordEvent(news["id"], "modify", Cause.from_json(news["cause"]), news["at"])
            extra = {"transition": news["kind"], "segment": change.after.segment}
            return [HeardChange(event, member, member, extra)] if member else []

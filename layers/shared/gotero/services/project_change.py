"""Changes of records, links, memberships and messages become rows of the lake and entries of timelines.

Everything written here is named after the change that it tells: a batch that comes twice, or late, changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from gotero.domain import activity, instant
from gotero.domain.condition.activity import FORM_POSTED
from gotero.domain.ids import derived_id
from gotero.domain.message import Message
from gotero.domain.message_facts import facts
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.ports import Clock, Definitions, Lake, LakeRow, Membership, Timeline, TimelineEntry
from gotero.services.project_link import LINKS, LinkChange, link_entries, link_row

#: Texts longer than this are cut in a timeline: it tells that a description changed, it does not keep both.
LONGEST = 500

_CUT = "…"

MEMBERS = "members"
TRANSITIONS = "transitions"
ACTIVITY = "activity"


@dataclass(frozen=True, slots=True)
class RecordChange:
    after: Record
    before: Record | None = None
    #: None when this write told nobody anything new.
    event: RecordEvent | None = None

    @property
    def at(self) -> str:
        return self.after.updated_at


@dataclass(frozen=True, slots=True)
class Transition:
    """A record has entered or left a segment."""

    id: str
    kind: Literal["segment_entered", "segment_left"]
    cause: Cause
    at: str


@dataclass(frozen=True, slots=True)
class MembershipChange:
    after: Membership
    version: int
    #: None when only its sources changed.
    transition: Transition | None = None

    @property
    def at(self) -> str:
        return self.transition.at if self.transition else self.after.since


@dataclass(frozen=True, slots=True)
class MessageChange:
    after: Message
    before: Message | None = None

    @property
    def at(self) -> str:
        return self.after.updated_at


Change = RecordChange | LinkChange | MembershipChange | MessageChange


@dataclass(frozen=True, slots=True)
class Projection:
    lake: Lake
    timeline: Timeline
    definitions: Definitions
    clock: Clock


def project_changes(projection: Projection, changes: Sequence[Change], newest: datetime) -> None:
    """Lay the changes over the lake, one append a dataset, then tell them in the timelines.

    `newest` is when the latest of them was written by the stream's clock, in whole seconds. What they say themselves
    is exact, but may be the time of something that was only reported late: neither is after the write, so the later
    of the two is nearer to it, and what lies between it and now is how far the lake trails.
    """
    rows: dict[str, list[LakeRow]] = {}
    entries: list[TimelineEntry] = []
    names = _Names(projection.definitions)
    for change in changes:
        match change:
            case RecordChange():
                rows.setdefault(change.after.module, []).append(record_row(change.after))
                if change.event and change.event.form:
                    post = post_row(change.after.ref, change.event.id, change.event.form, change.event.at)
                    rows.setdefault(ACTIVITY, []).append(post)
                entries += _record_entries(names, change)
            case LinkChange():
                rows.setdefault(LINKS, []).append(link_row(change.after))
                entries += link_entries(change)
            case MembershipChange():
                rows.setdefault(MEMBERS, []).append(member_row(change))
                rows.setdefault(TRANSITIONS, []).extend(transition_rows(change))
                entries += _membership_entries(names, change)
            case MessageChange():
                rows.setdefault("messages", []).append(message_row(change.after))
                happened = activity.between(change.before, change.after)
                rows.setdefault(ACTIVITY, []).extend(activity_row(change.after, one) for one in happened)
                entries += [_message_entry(change.after, one) for one in happened]
    now = projection.clock.now()
    written = max([newest, *(instant.read(change.at) for change in changes)])
    lag = max(0.0, (now - written).total_seconds())
    for dataset, batch in rows.items():
        if batch:
            projection.lake.append(dataset, batch, instant.write(now), lag)
    if entries:
        projection.timeline.add(entries)


class _Names:
    """Names of definitions, each read once a batch. A name may have changed since: a timeline tells the present one."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._known: dict[tuple[str, str], str] = {}

    def of(self, kind: str, id: str) -> str:
        if (kind, id) not in self._known:
            definition = self._definitions.seen_one(kind, id)
            self._known[kind, id] = str(definition.data.get("name", "")) if definition else ""
        return self._known[kind, id]


# --- records -----------------------------------------------------------------------------------------------------


def record_row(record: Record) -> LakeRow:
    deleted = record.deleted_at is not None
    # What the bin has been emptied of has no values left: nothing of it stays in the lake either.
    return LakeRow(record.id, record.version, record.to_json(), deleted=deleted, binned=deleted and bool(record.values))


def message_row(message: Message) -> LakeRow:
    """A message as a row of the lake: beside its record what happened to it, for activity conditions."""
    row = record_row(message.to_record())
    return replace(row, data={**row.data, "facts": facts(message)})


def post_row(ref: Ref, event: str, form: str, at: str) -> LakeRow:
    data = {"module": ref.module, "record": ref.id, "kind": FORM_POSTED, "at": at, "count": 1, "detail": form}
    return LakeRow(f"{ref}#{FORM_POSTED}#{event}", 1, data)


def _record_entries(names: "_Names", change: RecordChange) -> list[TimelineEntry]:
    event = change.event
    if event is None:
        return []
    told: list[tuple[str, dict[str, Any]]] = []
    if event.kind == "create":
        told.append(("created", {}))
    elif event.kind == "delete":
        told.append(("deleted", {}))
    elif event.kind == "merge":
        told.append(("merged_away", {"into": change.after.merged_into}))
    elif event.kind == "restore":
        told.append(("restored", {}))
    elif event.kind == "purge":
        return []
    elif change.before is not None and change.before.absorbed != change.after.absorbed:
        told.append(("merged", {"absorbed": list(change.after.absorbed)}))
        told += [("changed", differences)] if (differences := _differences(change.before, change.after)) else []
    elif change.before is not None and (differences := _differences(change.before, change.after)):
        told.append(("changed", differences))
    if event.form:
        told.append((FORM_POSTED, {"form": event.form, "name": names.of("forms", event.form)}))
    return [
        TimelineEntry(change.after.ref, event.at, kind, event.cause, derived_id("event", event.id, kind), data)
        for kind, data in told
    ]


def _differences(before: Record, after: Record) -> dict[str, Any]:
    """Field -> [old, new] of every value that is another one."""
    old = {**before.values, "owner": before.owner, "tags": list(before.tags)}
    new = {**after.values, "owner": after.owner, "tags": list(after.tags)}
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return {name: [_short(old.get(name)), _short(new.get(name))] for name in names}


def _short(value: Any) -> Any:
    return value[:LONGEST] + _CUT if isinstance(value, str) and len(value) > LONGEST else value


def was_cut(value: Any) -> bool:
    """Whether a value in a timeline may be the beginning of a longer one."""
    return isinstance(value, str) and len(value) == LONGEST + len(_CUT) and value.endswith(_CUT)


# --- memberships -------------------------------------------------------------------------------------------------


def member_row(change: MembershipChange) -> LakeRow:
    """A membership as a row of the lake."""
    member = change.after
    sources = [source.to_json() for source in member.sources]
    data = {
        "segment": member.segment,
        "module": member.ref.module,
        "record": member.ref.id,
        "since": member.since,
        "source": member.sources[0].kind if member.sources else None,
        "sources": sources,
        "source_ids": [s.id for s in member.sources],
        "blocked": member.blocked.to_json() if member.blocked else None,
    }
    # A membership without a source has ended; its item stays for its history, and its data where a block is kept.
    blocked = bool(member.blocked and not sources)
    return LakeRow(f"{member.segment}#{member.ref}", change.version, data, deleted=not sources, binned=blocked)


def transition_rows(change: MembershipChange) -> list[LakeRow]:
    """That a record has entered or left, for the curve of the segment's size."""
    told, member = change.transition, change.after
    if told is None:
        return []
    return [move_row(_told_as(told), member.ref, member.segment, told.kind, told.at)]


def _told_as(told: Transition) -> str:
    """The id under which timeline and lake tell it."""
    return derived_id("event", told.id, told.kind)


def move_row(id: str, ref: Ref, segment: str, kind: str, at: str) -> LakeRow:
    return LakeRow(id, 1, {"segment": segment, "module": ref.module, "record": ref.id, "kind": kind, "at": at})


def _membership_entries(names: "_Names", change: MembershipChange) -> list[TimelineEntry]:
    transition = change.transition
    if transition is None:
        return []
    sources = [{"kind": source.kind, "id": source.id} for source in change.after.sources]
    data = {"segment": change.after.segment, "name": names.of("segments", change.after.segment), "sources": sources}
    id = _told_as(transition)
    return [TimelineEntry(change.after.ref, transition.at, transition.kind, transition.cause, id, data)]


# --- messages ----------------------------------------------------------------------------------------------------


def _message_entry(message: Message, happened: activity.Activity) -> TimelineEntry:
    data = {
        "message": message.id,
        "number": message.number,
        "name": message.mailing.template_name,
        "campaign": message.mailing.campaign,
        "count": happened.count,
        "detail": happened.detail,
    }
    told = {name: value for name, value in data.items() if value not in (None, "")}
    id = derived_id("message", message.id, happened.kind, str(happened.number))
    return TimelineEntry(message.key.recipient, happened.at, happened.kind, message.cause, id, told)


def activity_row(message: Message, happened: activity.Activity) -> LakeRow:
    data = {
        "message": message.id,
        "campaign": message.mailing.campaign,
        "module": message.key.recipient.module,
        "record": message.key.recipient.id,
        "kind": happened.kind.removeprefix("message_"),
        "at": happened.at,
        "count": happened.count,
        "detail": happened.detail,
    }
    return LakeRow(f"{message.id}#{happened.kind}#{happened.number}", 1, data)

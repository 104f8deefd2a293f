"""A record as conditions see it, with what they look at around it: all of it read strongly consistent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from gotero.domain import condition as conditions
from gotero.domain import modules
from gotero.domain.condition import POSTS, Condition, Link, View
from gotero.domain.condition.related import as_told
from gotero.domain.message import Message
from gotero.domain.message_facts import facts
from gotero.domain.record import Record, Ref
from gotero.ports import Memberships, Messages, Records

#: Records that point to one, or are linked with it, are read in pages of this many.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the things stand that a condition can look at beside the record."""

    records: Records
    messages: Messages
    memberships: Memberships


def view_record(
    around: Surroundings,
    record: Record,
    asked: Iterable[Condition],
    *,
    now: datetime,
    zone: tzinfo,
    previous: Record | None = None,
    segments: frozenset[str] | None = None,
) -> View:
    """What the conditions need of the world, and no more. `segments`: those the record is in, where it is known."""
    asked = tuple(asked)
    relations = {name for condition in asked for name in conditions.relations_read(condition)}
    links = {link for condition in asked for link in conditions.links_read(condition)}
    if segments is None:
        wanted = {segment for condition in asked for segment in conditions.segments_read(condition)}
        segments = frozenset(m.segment for m in around.memberships.of(record.ref)) & wanted if wanted else frozenset()
    return View(
        conditions.columns(record),
        now,
        zone,
        previous=conditions.columns(previous) if previous else None,
        related={name: _pointed(around, record, name) for name in sorted(relations)},
        many={link.key: tuple(_pointing(around, record.ref, link)) for link in sorted(links, key=lambda k: k.key)},
        segments=segments,
    )


def _pointed(around: Surroundings, record: Record, name: str) -> Mapping[str, Any] | None:
    field, id = modules.module(record.module).field(name), record.values.get(name)
    if not field or not field.relation or not id:
        return None
    found = around.records.get(Ref(field.relation, str(id)))
    return conditions.columns(found) if found and not found.deleted_at else None


def _pointing(around: Surroundings, ref: Ref, link: Link) -> Iterator[Mapping[str, Any]]:
    if link.module == POSTS:
        yield from ({"form": post.form, "at": post.at} for post in around.records.posts(ref))
    elif link.field is None:
        yield from (message_columns(message) for message in around.messages.of(ref))
    else:
        after: str | None = None
        while True:
            refs, after = around.records.pointing(ref, link.module, link.field, PAGE, after)
            for found in around.records.get_many(refs).values():
                # Read after its pointer was: it may have been turned to somebody else meanwhile.
                if not found.deleted_at and (link.linked or found.values.get(link.field) == ref.id):
                    yield conditions.columns(found)
            if after is None:
                return


def message_columns(message: Message) -> dict[str, Any]:
    """A message as conditions on its recipient see it."""
    return {**as_told(conditions.columns(message.to_record())), "facts": facts(message)}

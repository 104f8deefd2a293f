"""Links of records, many to many: what finds either from the other, and the state of the pair.

Access patterns: the state of a pair by both records, in the partition of the one that comes first; whom a record is
linked with is found as what points to it is (records.py). All three items are written in one transaction over the
version of the state, which stays when the link is gone: the lake follows it by version, and the stream carries `event`.
"""

import json
from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FAILED, PASSING, FromEnv, Item, codes_of, connection, plain
from gotero.domain.errors import TransientError
from gotero.domain.modules import LINK
from gotero.domain.record import Cause, Ref
from gotero.domain.record_link import RecordLink

#: Two who link and unlink the same pair meet now and then.
_ATTEMPTS = 5
_MET = PASSING | {FAILED}


class _Table:
    table_name = FromEnv("RECORDS_TABLE")


class LinkItem(Item):
    """The state of a pair."""

    class Meta(_Table):
        pass

    one = UnicodeAttribute()
    other = UnicodeAttribute()
    linked = BooleanAttribute()
    at = UnicodeAttribute()
    version = NumberAttribute()
    event = UnicodeAttribute(null=True)


class EndItem(Item):
    """By which one of them is found from the other, as if it pointed to it through no field; `holder` linked them."""

    class Meta(_Table):
        pass

    holder = UnicodeAttribute(null=True)


def link_of(image: Mapping[str, Any]) -> RecordLink:
    """The link in an item, or in the image of a stream."""
    one, other = Ref.parse(image["one"]), Ref.parse(image["other"])
    return RecordLink(one, other, bool(image["linked"]), int(image["version"]), image["at"])


def turn(pair: RecordLink, linked: bool, cause: Cause | None, at: str) -> bool:
    """Link the pair, or unlink it; whether it was not so already. TransientError when many are at it."""
    for _ in range(_ATTEMPTS):
        before, told = _state(pair)
        if before.linked == linked:
            return False
        try:
            _write(before, before.turned(at), cause, told)
        except TransactWriteError as refused:
            if not _MET.intersection(codes_of(refused)):
                raise
            continue
        return True
    raise TransientError("a link is being written by many at once")


def _state(pair: RecordLink) -> tuple[RecordLink, str | None]:
    """The pair as it is stored, and the last event that was told of it."""
    try:
        item = LinkItem.get(keys.record(pair.one), keys.link(pair.other), consistent_read=True)
    except LinkItem.DoesNotExist:
        return pair, None
    return link_of(plain(item.attribute_values)), item.event


def _write(before: RecordLink, after: RecordLink, cause: Cause | None, told: str | None) -> None:
    # An event that is told already stays as it is: nobody hears it again.
    event = json.dumps(after.event(cause).to_json(), ensure_ascii=False) if cause else told
    state = LinkItem(
        keys.record(after.one),
        keys.link(after.other),
        one=str(after.one),
        other=str(after.other),
        linked=after.linked,
        at=after.at,
        version=after.version,
        event=event,
    )
    over = LinkItem.version == before.version if before.version else LinkItem.pk.does_not_exist()
    with TransactWrite(connection=connection()) as write:
        for ref, other in after.ends:
            end = EndItem(keys.record(ref), keys.relation(other.module, LINK, other.id))
            if after.linked:
                end.holder = cause.id if cause else None
                write.save(end)
            else:
                write.delete(end)
        write.save(state, condition=over)

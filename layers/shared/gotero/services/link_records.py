"""Link records many to many (a campaign's contacts, a product's accounts), and list those that are linked."""

from collections.abc import Iterator, Sequence
from typing import Any

from gotero.domain import instant, modules
from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.ids import is_id
from gotero.domain.modules import LINK
from gotero.domain.record import Cause, Record, Ref
from gotero.ports import Clock, Json, Records
from gotero.services.list_records import RecordPage
from gotero.services.save_record import get_record
from gotero.services.show_records import with_titles

#: All links of a record are read in pages of this many.
_PAGE = 200


def link_records(
    records: Records, clock: Clock, one: Ref, other: str, ids: Sequence[str], *, cause: Cause
) -> list[Ref]:
    """Link these; the whole list is refused when one of them is not there. NotFoundError, InvalidError."""
    _linkable(records, one, other)
    refs = [Ref(other, id) for id in dict.fromkeys(ids)]
    found = _living(records, [ref for ref in refs if is_id(ref.id)])
    missing = [FieldError(f"ids[{index}]", "relation") for index, ref in enumerate(refs) if ref not in found]
    if missing:
        raise InvalidError(*missing)
    at = instant.write(clock.now())
    for ref in refs:
        records.link(one, ref, cause, at)
    return refs


def unlink_records(records: Records, clock: Clock, one: Ref, other: str, ids: Sequence[str], *, cause: Cause) -> None:
    """Take the links away, of records that are gone too; of those that the user does not see, none."""
    _linkable(records, one, other)
    at = instant.write(clock.now())
    for ref in records.get_many([Ref(other, id) for id in ids if is_id(id)]):
        records.unlink(one, ref, cause, at)


def linked_with(records: Records, ref: Ref) -> Iterator[Ref]:
    """Every record that it is linked with, those in the bin too."""
    for related in modules.module(ref.module).related:
        after: str | None = None
        while related.linked:
            found, after = records.pointing(ref, related.module, LINK, _PAGE, after)
            yield from found
            if after is None:
                break


def forget_links(records: Records, ref: Ref, at: str) -> None:
    """All links of a record that is gone for ever: nobody is told, it was seen from nowhere any more."""
    for other in linked_with(records, ref):
        records.unlink(ref, other, None, at)


def list_linked(
    records: Records, clock: Clock, one: Ref, other: str, limit: int, after: list[Any] | None
) -> RecordPage:
    """Those that are linked and live, from the records themselves: exact at every instant."""
    _linkable(records, one, other)
    refs, following = records.pointing(one, other, LINK, limit, after[0] if after else None)
    found = _living(records, refs)
    rows = [found[ref].to_json() for ref in refs if ref in found]
    body: Json = {"items": with_titles(rows, modules.module(other), records)}
    body |= {"as_of": instant.write(clock.now()), "exact": True}
    return RecordPage(body, [following] if following else None)


def _living(records: Records, refs: Sequence[Ref]) -> dict[Ref, Record]:
    stored = records.get_many(refs) if refs else {}
    return {ref: record for ref, record in stored.items() if not record.deleted_at}


def _linkable(records: Records, one: Ref, other: str) -> None:
    if not modules.module(one.module).linked_with(other):
        raise NotFoundError(other)
    get_record(records, one)

"""Who exactly? The audience of a send, page by page, each with what the send would decide about them."""

from collections.abc import Iterable
from typing import Any

from gotero.domain.modules import module, title
from gotero.domain.record import Ref
from gotero.domain.shape import Reader
from gotero.domain.visibility import Sight
from gotero.ports import Json
from gotero.services.judge_audience import WILL_SEND, Previewer, Verdict, judge
from gotero.services.preview_campaign import Question, read_question
from gotero.services.see_audience import SeenBy, as_asked

MOST = 200
_PAGE = 100
#: Looked at in one call when only one verdict is wanted; the position goes on from there.
_LOOKED_AT = 2000


def list_audience(
    previewer: Previewer, body: Any, after: Ref | None, seen_by: SeenBy = as_asked, sight: Sight | None = None
) -> tuple[list[Json], Ref | None]:
    """A page of the audience in `body` ({"audience", "template_id"?, "search"?, "verdict"?, "limit"?}), and where it
    goes on. With a verdict a page may hold fewer than asked for, and still go on. Who searches finds whom his `sight`
    lets him see: from the number of the hidden he would learn what they are called.
    """
    reader = Reader(body)
    search = reader.text("search")
    wanted = reader.text("verdict")
    limit = reader.whole("limit", default=50, low=1, high=MOST)
    asked = read_question(previewer, reader, seen_by)
    items: list[Json] = []
    looked_at = 0
    for refs in previewer.lake.audience(asked.audience, _PAGE, after, search=search):
        for verdict in _complete(previewer, asked, refs):
            if search and sight and not _seen(verdict, sight):
                continue
            if not wanted or wanted == (verdict.reason or WILL_SEND):
                items.append(_item(verdict, asked))
            if len(items) == limit:
                return items, verdict.ref
        looked_at += len(refs)
        if looked_at >= _LOOKED_AT:
            return items, refs[-1]
    return items, None


def _seen(verdict: Verdict, sight: Sight) -> bool:
    return sight.sees(verdict.ref, verdict.record.owner if verdict.record else "")


def _complete(previewer: Previewer, asked: Question, refs: list[Ref]) -> Iterable[Verdict]:
    """Verdicts that also know of whoever comes before with the same address: the first one gets the mail."""
    verdicts = judge(previewer, asked.audience, refs, asked.message_class)
    before = {v.ref: _before(previewer, v) for v in verdicts if not v.reason}
    rivals = sorted({ref for others in before.values() for ref in others}, key=str)
    present: set[Ref] = set()
    if rivals:
        present = {ref for page in previewer.lake.audience(asked.audience, _PAGE, among=rivals) for ref in page}
    judged = {v.ref: v for v in judge(previewer, asked.audience, sorted(present, key=str), asked.message_class)}
    for verdict in verdicts:
        rivals_here = (judged[ref] for ref in before.get(verdict.ref, ()) if ref in judged)
        if any(not rival.reason and rival.address_key == verdict.address_key for rival in rivals_here):
            yield Verdict(verdict.ref, verdict.record, verdict.address_key, "same_address")
        else:
            yield verdict


def _before(previewer: Previewer, verdict: Verdict) -> list[Ref]:
    """Records with this address that a send comes to earlier: it goes by module and id."""
    others, _ = previewer.records.with_address(verdict.address_key, _PAGE)
    place = (verdict.ref.module, verdict.ref.id)
    return [ref for ref in others if (ref.module, ref.id) < place]


def _item(verdict: Verdict, asked: Question) -> Json:
    record, ref = verdict.record, verdict.ref
    values = record.values if record else {}
    return {
        "module": ref.module,
        "id": ref.id,
        "number": record.number if record else None,
        "title": title(module(ref.module), values) if record else "",
        "email": values.get(asked.audience.email_field(ref.module)),
        "zone": values.get("time_zone"),
        "verdict": verdict.reason or WILL_SEND,
    }

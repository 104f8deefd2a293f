"""Who would get a campaign, and who would not and why: the rule of the send itself, asked of everybody."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gotero.domain.eligibility import mail_address, refusal
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.job import refuse_without_recipients
from gotero.domain.message import MessageClass
from gotero.domain.record import Ref
from gotero.domain.shape import Reader
from gotero.ports import Definitions, Json, Lake, Records, Suppressions
from gotero.services.freeze_audience import audience_after
from gotero.services.plan_message import TEMPLATES
from gotero.services.start_campaign import audience_errors, read_audience

_PAGE = 100
#: Beyond this the preview says so instead of making somebody wait.
LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Previewer:
    """What a preview needs."""

    records: Records
    definitions: Definitions
    suppressions: Suppressions
    lake: Lake


def preview_campaign(previewer: Previewer, body: Any) -> Json:
    """Counts of the audience in `body`: {"audience", "template_id"?}. InvalidError names every broken rule."""
    reader = Reader(body)
    audience = read_audience(reader)
    template_id = reader.text("template_id")
    for ignored in ("start", "sender"):  # the body of a send may be asked as it is
        reader.text(ignored)
    reader.done()
    refuse_without_recipients(audience)
    template = previewer.definitions.get(TEMPLATES, template_id) if template_id else None
    errors = audience_errors(previewer.definitions, audience)
    if template_id and template is None:
        errors.append(FieldError("template_id", "not_found"))
    if errors:
        raise InvalidError(*errors)
    message_class: MessageClass = template.data.get("class", "marketing") if template else "marketing"
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for refs in _pages(audience_after(previewer.lake, audience, None)):
        _count(previewer, refs, message_class, counts, seen)
        if counts["recipients"] >= LIMIT:
            break
    names = ("no_email", "invalid_email", "suppressed", "unsubscribed", "do_not_email", "same_address", "will_send")
    exact = counts["recipients"] < LIMIT
    return {"recipients": counts["recipients"], **{name: counts[name] for name in names}, "exact": exact}


def _count(
    previewer: Previewer, refs: list[Ref], message_class: MessageClass, counts: Counter[str], seen: set[str]
) -> None:
    records = previewer.records.get_many(refs)
    keys = {ref: to.key for ref, record in records.items() if (to := mail_address(record.values))}
    suppressed = previewer.suppressions.get_many(set(keys.values()))
    for ref in refs:
        counts["recipients"] += 1
        record, key = records.get(ref), keys.get(ref, "")
        reason = "deleted" if record is None else refusal(record, message_class, suppressed=key in suppressed)
        if not reason and key in seen:
            reason = "same_address"
        if not reason:
            seen.add(key)
        counts[reason or "will_send"] += 1


def _pages(refs: Iterator[Ref]) -> Iterator[list[Ref]]:
    page: list[Ref] = []
    for ref in refs:
        page.append(ref)
        if len(page) == _PAGE:
            yield page
            page = []
    if page:
        yield page

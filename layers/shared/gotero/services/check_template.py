"""A dry run of a template: which merge tags nobody can fill, which have no fallback, and whom that leaves a gap."""

from collections import Counter
from collections.abc import Sequence

from gotero.domain.errors import PermanentError
from gotero.domain.mail_context import empty_fields, may_be_empty, unknown_fields
from gotero.domain.mail_links import preview_links
from gotero.domain.modules import RECIPIENTS
from gotero.domain.record import Record, Ref
from gotero.ports import Definitions, Json, Lists, Records, Renderer
from gotero.services.enclose import brought_by
from gotero.services.list_enclosed import enclosed_json
from gotero.services.load_mail_context import load_mail_context
from gotero.services.save_template import KIND, compiled_template
from gotero.services.write_definition import get_definition

#: As many records of each module are tried: the newest ones.
SAMPLE = 20
_NAMED = 3


def check_template(
    template_id: str,
    refs: Sequence[Ref],
    *,
    definitions: Definitions,
    records: Records,
    lake: Lists | None,
    renderer: Renderer,
) -> Json:
    """The report; on the records named, or on the newest of each module of recipients when none is.

    `unknown`: always empty. `no_fallback`: printed as they are, and some record may lack them. `empty`: how many of the
    sample do, with a few of them. `failed`: those for whom no mail can be made at all.
    `attachments`: what the template itself brings along.
    """
    template = get_definition(definitions, KIND, template_id)
    compiled = compiled_template(template)
    unknown = unknown_fields(compiled.fields)
    sample = _sample(refs, records, lake)
    gaps: Counter[str] = Counter()
    lacking: dict[str, list[Json]] = {}
    failed: list[Json] = []
    for record in sample:
        context = load_mail_context(records, definitions, record, compiled.fields)
        try:
            renderer.render(compiled, context, preview_links(""))
        except PermanentError:
            failed.append(record.ref.to_json())
        for field in empty_fields(compiled.bare, context):
            gaps[field] += 1
            lacking.setdefault(field, []).append(record.ref.to_json())
    return {
        "sample": len(sample),
        "unknown": unknown,
        "no_fallback": [field for field in compiled.bare if field not in unknown and may_be_empty(field)],
        "empty": [{"field": field, "count": n, "records": lacking[field][:_NAMED]} for field, n in gaps.most_common()],
        "failed": failed[:_NAMED],
        "attachments": enclosed_json(definitions, brought_by(template)),
    }


def _sample(refs: Sequence[Ref], records: Records, lake: Lists | None) -> list[Record]:
    wanted = list(refs)
    if not wanted and lake:
        pages = [(module, lake.page(module, sort=[("created_at", True)], limit=SAMPLE)) for module in RECIPIENTS]
        wanted = [Ref(module, row["id"]) for module, page in pages for row in page.items]
    found = records.get_many(wanted) if wanted else {}
    # In the order in which they were asked for: the same sample gives the same report.
    return [found[ref] for ref in wanted if ref in found and not found[ref].deleted_at]

"""Which records the rows of an import mean in words: those that relation cells point to, and those named by number."""

from collections.abc import Iterator, Sequence

from gotero.domain import modules
from gotero.domain.errors import FieldError
from gotero.domain.modules import Module
from gotero.ports import Json, Lake, Lists
from gotero.services.import_row import Draft, Import
from gotero.services.sighted import SightedLake

#: Conditions take two hundred leaves at most.
_ASKED = 150


def find_related(lake: Lake, here: Import, drafts: Sequence[Draft]) -> None:
    """Relation cells hold a number or a name; the lake knows both. What it does not find is refused by the rule."""
    for declared in here.declared.fields:
        texts = {draft.pointed[declared.id] for draft in drafts if declared.id in draft.pointed}
        if not texts or not declared.relation:
            continue
        found = _by_words(SightedLake(lake, here.sight), modules.module(declared.relation), sorted(texts))
        for draft in drafts:
            text = draft.pointed.get(declared.id)
            if text is not None and text.casefold() in found:
                draft.values[declared.id] = found[text.casefold()]
            elif text is not None:
                draft.errors.append(FieldError(f"values.{declared.id}", "relation"))


def _by_words(lake: Lists, module: Module, texts: Sequence[str]) -> dict[str, str]:
    """Number or title, in lower case -> id; of several records of one title the first made."""
    named = ("number", *module.title_fields[:1])
    found: dict[str, str] = {}
    for item in _asked(lake, module, named, [text[:255] for text in texts]):
        for word in (item["number"], *(item["values"].get(field) for field in named[1:])):
            found.setdefault(str(word).casefold(), item["id"])
    return found


def _asked(lake: Lists, module: Module, fields: Sequence[str], texts: Sequence[str]) -> Iterator[Json]:
    each = _ASKED // len(fields)
    for start in range(0, len(texts), each):
        leaves = [{"field": f, "op": "is", "value": text} for text in texts[start : start + each] for f in fields]
        page = lake.page(module.id, condition={"any": leaves}, sort=[("created_at", False)], limit=1000)
        yield from page.items


def find_numbered(lake: Lake, here: Import, drafts: Sequence[Draft]) -> dict[str, str]:
    """Number -> id of the records that the rows name, where they are recognised by it."""
    if here.plan.match != "number":
        return {}
    wanted = sorted({draft.named[:255] for draft in drafts if draft.named})
    return {
        item["number"]: item["id"] for item in _asked(SightedLake(lake, here.sight), here.declared, ["number"], wanted)
    }

"""What goes along with one mail: what its template brings, and what was chosen for that send. Whether it may.

The same document named in both places goes along once. All that is wrong is told by the path of who named it: what was
chosen under `documents` and `document_templates`, what the template brings under `template_id`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gotero.domain.document import ENCLOSED, MAIL_BYTES, MOST, NOTHING, Enclosed
from gotero.domain.document_template import KIND as GENERATED
from gotero.domain.document_template import is_about
from gotero.domain.errors import FieldError

Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the rule asks of one thing: `module` is whose values a generated one is written for."""

    name: str
    size: int
    module: str = ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the mail is about beside its recipient (a module, or None), where that is known."""

    about: str | None = None
    open: bool = False


#: Nobody knows yet what the mails will be about: a template, an action.
ANYTHING = Purpose(open=True)


def joined(brought: Enclosed, chosen: Enclosed) -> Enclosed:
    """What goes along altogether: what the template brings comes first."""
    if not brought or not chosen:
        return brought or chosen
    return Enclosed(
        tuple(dict.fromkeys((*brought.documents, *chosen.documents))),
        tuple(dict.fromkeys((*brought.document_templates, *chosen.document_templates))),
    )


def enclosed_things(enclosed: Enclosed) -> Iterator[Named]:
    """Each by its kind and id, in the order in which they are attached."""
    yield from ((ENCLOSED[0], id) for id in enclosed.documents)
    yield from ((ENCLOSED[1], id) for id in enclosed.document_templates)


def enclosure_errors(
    chosen: Enclosed, known: Mapping[Named, Known], purpose: Purpose, brought: Enclosed = NOTHING
) -> list[FieldError]:
    """One error for all that is not there, cannot be filled in, or is more than one mail takes.

    `known` lacks what is not there.
    """
    errors = []
    for kind in ENCLOSED:
        errors += [
            FieldError(f"{kind}[{index}]", rule)
            for index, id in enumerate(_ids(chosen, kind))
            if (rule := _wrong(known.get((kind, id)), purpose))
        ]
    for named in enclosed_things(brought):
        if rule := _wrong(known.get(named), purpose):
            name = known[named].name if named in known else ""
            errors.append(FieldError("template_id", f"template_{rule}", (("name", name),)))
    return errors + _too_much(chosen, brought, known)


def _wrong(thing: Known | None, purpose: Purpose) -> str:
    if thing is None:
        return "not_found"
    fits = not thing.module or purpose.open or is_about(thing.module, purpose.about)
    return "" if fits else "document_module"


def _too_much(chosen: Enclosed, brought: Enclosed, known: Mapping[Named, Known]) -> list[FieldError]:
    """Too many of a kind, or too many bytes: of all that goes along together, each of it once."""
    together = joined(brought, chosen)
    errors = [
        FieldError(kind if _ids(chosen, kind) else "template_id", "mail_files_too_many", (("limit", str(MOST)),))
        for kind in ENCLOSED
        if len(_ids(together, kind)) > MOST
    ]
    if sum(thing.size for named in enclosed_things(together) if (thing := known.get(named))) > MAIL_BYTES:
        path = next((kind for kind in ENCLOSED if _ids(chosen, kind)), "template_id")
        rule = "mail_files_too_large_together" if brought else "mail_files_too_large"
        errors.append(FieldError(path, rule, (("limit", str(MAIL_BYTES // 1_000_000)),)))
    return errors


def _ids(enclosed: Enclosed, kind: str) -> tuple[str, ...]:
    return enclosed.document_templates if kind == GENERATED else enclosed.documents

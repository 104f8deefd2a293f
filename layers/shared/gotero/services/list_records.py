"""A page of records of one module, from the lake: filtered, searched, sorted, with the names that it points to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gotero.domain import condition as conditions
from gotero.domain import modules
from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.ids import is_id
from gotero.domain.modules import Module
from gotero.domain.record import Ref
from gotero.ports import Json, Lists, Records
from gotero.services.show_records import with_titles

#: Newest change first, where nothing else is asked for.
DEFAULT_SORT = [("updated_at", True)]
#: The letters of the index as Spanish has them, each with the forms that are sorted with it.
LETTERS: Mapping[str, str] = {
    **{letter: letter for letter in "ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"},
    **{forms[0]: forms for forms in ("AÁÀÂÄÃÅ", "CÇ", "EÉÈÊË", "IÍÌÎÏ", "OÓÒÔÖÕ", "UÚÙÛÜ", "YÝ")},
}
#: What a list can be grouped by: what many records have in common.
GROUPED = frozenset({"picklist", "multipicklist", "boolean", "relation", "user", "text"})
MOST_GROUPS = 200
#: More first letters than one finds, those of other alphabets and signs among them.
_MOST_INITIALS = 1_000


@dataclass(frozen=True, slots=True)
class RecordQuery:
    module: str
    condition: Json | None = None
    search: str | None = None
    sort: Sequence[tuple[str, bool]] = field(default_factory=list)
    #: Only records that point to this one.
    related_to: Ref | None = None
    #: Those in the bin instead.
    binned: bool = False
    #: Only those whose name begins with this letter; Ñ is one of its own.
    letter: str | None = None

    def to_json(self) -> Json:
        related = str(self.related_to) if self.related_to else None
        return {
            "m": self.module,
            "c": self.condition,
            "q": self.search,
            "s": list(self.sort),
            "r": related,
            "b": self.binned,
            "l": self.letter,
        }


@dataclass(frozen=True, slots=True)
class RecordPage:
    body: Json
    after: list[Any] | None


def list_records(
    lake: Lists, records: Records, query: RecordQuery, limit: int, after: list[Any] | None = None
) -> RecordPage:
    """InvalidError for a condition or a column that the module does not have."""
    module = modules.module(query.module)
    sort = list(query.sort) or DEFAULT_SORT
    wrong = [name for name, _ in sort if module.column(name) is None]
    if wrong:
        raise InvalidError(*(FieldError("sort", "sort", (("value", name[:60]),)) for name in wrong))
    condition = _condition(module, query, records)
    page = lake.page(
        module.id,
        condition=condition,
        search=query.search,
        sort=sort,
        limit=limit,
        after=after,
        binned=query.binned,
    )
    body = {"items": with_titles(page.items, module, records), "as_of": page.as_of, "exact": page.exact}
    return RecordPage(body, page.after)


def group_records(lake: Lists, records: Records, query: RecordQuery, by: str) -> Json:
    """How many there are of each value of a field, most first: {"groups": [{"value", "title", "count"}], …}."""
    module = modules.module(query.module)
    field = module.column(by)
    if field is None or field.type not in GROUPED or by == "number":
        raise InvalidError(FieldError("group", "group", (("value", by[:60]),)))
    groups, as_of, exact = lake.group(
        module.id, by, condition=_condition(module, query, records), search=query.search, limit=MOST_GROUPS
    )
    pointed = [Ref(field.relation, value) for value, _ in groups if field.relation and value and is_id(value)]
    found = records.get_many(pointed) if pointed else {}
    titles = {ref.id: modules.title(modules.module(ref.module), record.values) for ref, record in found.items()}
    shown = [{"value": value, "title": titles.get(value or ""), "count": count} for value, count in groups]
    return {"groups": shown, "as_of": as_of, "exact": exact}


def count_letters(lake: Lists, records: Records, query: RecordQuery) -> Json:
    """How many records each letter of the index has: {"letters": {"A": 12, …}, …}; what begins otherwise has none."""
    module = modules.module(query.module)
    condition, by = _condition(module, query, records), module.title_fields[-1]
    found, as_of, exact = lake.group(
        module.id, by, condition=condition, search=query.search, limit=_MOST_INITIALS, initial=True
    )
    counts = dict(found)
    letters = {letter: sum(counts.get(form, 0) for form in forms) for letter, forms in LETTERS.items()}
    return {"letters": letters, "as_of": as_of, "exact": exact}


def _condition(module: Module, query: RecordQuery, records: Records) -> Json | None:
    if query.condition is not None:
        conditions.parse(query.condition, module, modules.MODULES, context="filter")
    parts = (query.condition, _related(query, records), _beginning(module, query.letter))
    asked = [part for part in parts if part]
    return {"all": asked} if len(asked) > 1 else asked[0] if asked else None


def _beginning(module: Module, letter: str | None) -> Json | None:
    """Records of a letter of the index, by what they are called last (people: the last name), accents or not."""
    if letter is None:
        return None
    if letter not in LETTERS:
        raise InvalidError(FieldError("letter", "choice", (("choices", "".join(LETTERS)),)))
    begins = [{"field": module.title_fields[-1], "op": "starts_with", "value": form} for form in LETTERS[letter]]
    return {"any": begins}


def _related(query: RecordQuery, records: Records) -> Json | None:
    if query.related_to is None:
        return None
    related = modules.module(query.related_to.module).related
    pointing = [r.field for r in related if r.module == query.module and not r.linked]
    if not pointing:
        raise NotFoundError(query.module)
    found = records.get(query.related_to)
    # What points to those that were merged into it (its messages stay where they are) is its own.
    ids = [query.related_to.id, *(found.absorbed if found else ())]
    return {"any": [{"field": name, "op": "is", "value": id} for name in pointing for id in ids]}

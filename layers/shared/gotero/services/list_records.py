"""A page of records of one module, from the lake: filtered, searched, sorted, with the names that it points to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gotero.domain import condition as conditions
from gotero.domain import modules
from gotero.domain.errors import FieldError, InvalidError, NotFoundError
from gotero.domain.record import Ref
from gotero.ports import Json, Lake, Records
from gotero.services.show_records import with_titles

#: Newest change first, where nothing else is asked for.
DEFAULT_SORT = [("updated_at", True)]


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

    def to_json(self) -> Json:
        related = str(self.related_to) if self.related_to else None
        return {
            "m": self.module,
            "c": self.condition,
            "q": self.search,
            "s": list(self.sort),
            "r": related,
            "b": self.binned,
        }


@dataclass(frozen=True, slots=True)
class RecordPage:
    body: Json
    after: list[Any] | None


def list_records(
    lake: Lake, records: Records, query: RecordQuery, limit: int, after: list[Any] | None = None
) -> RecordPage:
    """InvalidError for a condition or a column that the module does not have."""
    module = modules.module(query.module)
    sort = list(query.sort) or DEFAULT_SORT
    wrong = [name for name, _ in sort if module.column(name) is None]
    if wrong:
        raise InvalidError(*(FieldError("sort", "sort", (("value", name[:60]),)) for name in wrong))
    condition = _related(query)
    if query.condition is not None:
        conditions.parse(query.condition, module, modules.MODULES, context="filter")
        condition = {"all": [query.condition, condition]} if condition else query.condition
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


def _related(query: RecordQuery) -> Json | None:
    if query.related_to is None:
        return None
    related = modules.module(query.related_to.module).related
    pointing = [r.field for r in related if r.module == query.module and not r.linked]
    if not pointing:
        raise NotFoundError(query.module)
    return {"any": [{"field": name, "op": "is", "value": query.related_to.id} for name in pointing]}

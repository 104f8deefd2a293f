"""A filter by its id, shipped or saved, and what somebody means who names one or writes a condition."""

from dataclasses import dataclass
from typing import Any

from gotero.domain import filter as rules
from gotero.domain import modules
from gotero.domain.errors import FieldError, InvalidError
from gotero.ports import Definitions, Json, Records
from gotero.services.segment_links import missing, refuse
from gotero.services.write_definition import LONGEST_ID

KIND = "filters"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A condition on a module, and the filter that it comes from, if any."""

    module: str
    condition: Json
    filter_id: str | None = None


def find_filter(definitions: Definitions, id: str) -> Chosen | None:
    """The filter, as it is now."""
    shipped = rules.SHIPPED.get(id)
    if shipped:
        return Chosen(shipped.module, shipped.condition, id)
    found = definitions.get(KIND, id) if 0 < len(id) <= LONGEST_ID else None
    return Chosen(found.data["module"], found.data["condition"], id) if found else None


def chosen_filter(
    definitions: Definitions, records: Records, filter_id: str | None, module: str | None, condition: Any = None
) -> Chosen:
    """What is chosen now: everything that a condition names is there. InvalidError as `named_filter`, or if it is not.

    A saved filter may name a campaign that has been deleted since: its mails still count.
    """
    chosen = named_filter(definitions, filter_id, module, condition)
    if filter_id is None:
        refuse(missing(definitions, records, chosen.condition))
    return chosen


def named_filter(definitions: Definitions, filter_id: str | None, module: str | None, condition: Any = None) -> Chosen:
    """Either a filter by its id, or a module with a condition. InvalidError for neither, both, or a broken one."""
    if filter_id is not None:
        found = find_filter(definitions, filter_id)
        if condition is not None or module not in (None, found.module if found else None):
            raise InvalidError(FieldError("filter_id", "one_of", (("keys", "filter_id, module + condition"),)))
        if found is None:
            raise InvalidError(FieldError("filter_id", "not_found"))
        return found
    if module is None:
        raise InvalidError(FieldError("module", "required"))
    declared = modules.module(module)
    try:
        return Chosen(declared.id, rules.checked_condition(declared.id, condition))
    except InvalidError as error:
        raise InvalidError(*(e.under("condition") for e in error.errors)) from error


def filtered(definitions: Definitions, module: str, filter_id: str | None, condition: Json | None) -> Json | None:
    """The condition of a list: what a filter of its module says, and what was asked beside it."""
    if filter_id is None:
        return condition
    found = find_filter(definitions, filter_id)
    if found is None or found.module != module:
        raise InvalidError(FieldError("filter_id", "not_found"))
    return {"all": [found.condition, condition]} if condition else found.condition

"""How many records of a module meet a condition, with a few of them."""

from gotero.domain import condition as conditions
from gotero.domain import modules
from gotero.ports import Json, Lists


def count_matches(lake: Lists, module_id: str, condition: Json | None) -> Json:
    """{count, sample, as_of, exact}. InvalidError for a condition that does not fit the module."""
    module = modules.module(module_id)
    if condition is not None:
        conditions.parse(condition, module, modules.MODULES, context="filter")
    found = lake.count(module.id, condition)
    return {"count": found.count, "sample": found.sample, "as_of": found.as_of, "exact": found.exact}

"""Words looked for in every module at once: how many records each has, and the newest of them."""

from gotero.domain import modules
from gotero.domain.errors import FieldError, InvalidError
from gotero.ports import Json, Lists

#: Fewer characters find nearly everything.
SHORTEST = 2


def search_everywhere(lake: Lists, text: str | None, limit: int) -> Json:
    """{items: [{module, id, number, title}], counts, count, as_of, exact}; `limit` items of a module at most."""
    words = (text or "").strip()
    if len(words) < SHORTEST:
        raise InvalidError(FieldError("q", "required"))
    found = {module: lake.count(module.id, None, limit, words) for module in modules.MODULES.values()}
    items = [
        {"module": module.id, "id": row["id"], "number": row["number"], "title": modules.title(module, row["values"])}
        for module, count in found.items()
        for row in count.sample
    ]
    counts = {module.id: count.count for module, count in found.items() if count.count}
    return {
        "items": items,
        "counts": counts,
        "count": sum(counts.values()),
        # As fresh as the least fresh of the modules.
        "as_of": min(count.as_of for count in found.values()),
        "exact": all(count.exact for count in found.values()),
    }

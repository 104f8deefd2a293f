"""Records as the API shows them: with the names of the records that they point to."""

from collections.abc import Sequence
from typing import Any

from gotero.domain import modules
from gotero.domain.ids import is_id
from gotero.domain.modules import Module
from gotero.domain.record import Ref
from gotero.ports import Records


def with_titles(items: Sequence[dict[str, Any]], module: Module, records: Records) -> list[dict[str, Any]]:
    """Each item with `titles`: relation field -> what the record it points to is called."""
    relations = [f for f in module.fields if f.relation and f.relation != "messages"]
    pointed = {
        (index, field.id): Ref(str(field.relation), item["values"][field.id])
        for index, item in enumerate(items)
        for field in relations
        if is_id(str(item["values"].get(field.id) or ""))
    }
    found = records.get_many(list(dict.fromkeys(pointed.values()))) if pointed else {}
    titles: list[dict[str, str]] = [{} for _ in items]
    for (index, field_id), ref in pointed.items():
        if ref in found and not found[ref].deleted_at:
            titles[index][field_id] = modules.title(modules.module(ref.module), found[ref].values)
    return [{**item, "titles": titles[index]} for index, item in enumerate(items)]

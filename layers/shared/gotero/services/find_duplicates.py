"""Records of a module that may be the same as one of it, by exact rules only: never by an IP address or a cookie."""

from gotero.domain import modules, validation
from gotero.domain.modules import Module
from gotero.domain.record import Record, Ref
from gotero.ports import Json, Lists, Records
from gotero.services.save_record import get_record

#: More candidates than these say nothing about anybody (a switchboard's number).
MOST = 20


def find_duplicates(lake: Lists, records: Records, ref: Ref) -> list[Json]:
    """Each with the rules that it was found by: `email` (an address in common, as the standard compares addresses),
    `phone` (a number in common), `name` (the whole title, of accounts).
    """
    module = modules.module(ref.module)
    record = get_record(records, ref)
    found: dict[str, list[str]] = {}
    for address in sorted(validation.addresses(module, record.values)):
        for other in records.with_address(address, MOST + 1)[0]:
            if other.module == ref.module and other.id != ref.id:
                found.setdefault(other.id, []).append("email")
    for rule, condition in _conditions(module, record):
        for item in lake.page(module.id, condition=condition, limit=MOST + 1).items:
            if item["id"] != ref.id and rule not in found.setdefault(item["id"], []):
                found[item["id"]].append(rule)
    alive = records.get_many([Ref(module.id, id) for id in list(found)[:MOST]])
    shown = [(alive[ref], found[ref.id]) for ref in alive if found[ref.id] and not alive[ref].deleted_at]
    return [
        {**record.to_json(), "title": modules.title(module, record.values), "rules": rules} for record, rules in shown
    ]


def _conditions(module: Module, record: Record) -> list[tuple[str, Json]]:
    phones = [field.id for field in module.fields if field.type == "phone"]
    numbers = {str(record.values[name]) for name in phones if record.values.get(name)}
    asked: list[tuple[str, Json]] = []
    if numbers:
        same = [{"field": name, "op": "is", "value": number} for name in phones for number in sorted(numbers)]
        asked.append(("phone", {"any": same}))
    names = [field for field in module.title_fields if record.values.get(field)]
    if module.id == "accounts" and names:
        same = [{"field": name, "op": "is", "value": record.values[name]} for name in names]
        asked.append(("name", {"all": same}))
    return asked

"""Filters: saved conditions on one module. Some come with the product: they are data here and nobody changes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gotero.domain import condition as conditions
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.modules import MODULES, Label, Module
from gotero.domain.shape import Json, Reader


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    module: str
    condition: Json

    def to_json(self) -> Json:
        return {"name": self.name, "module": self.module, "condition": self.condition}


@dataclass(frozen=True, slots=True)
class ShippedFilter:
    """A filter of the product. Its id says what it is, so that no id of a person's filter can be the same."""

    id: str
    label: Label
    module: str
    condition: Json

    def to_json(self, language: str) -> Json:
        """As the API shows it: like a person's, and not to be changed."""
        return {
            "id": self.id,
            "name": self.label.to_json()[language],
            "label": self.label.to_json(),
            "module": self.module,
            "condition": self.condition,
            "readonly": True,
        }


def parse(data: Any) -> Filter:
    """A filter from its JSON. InvalidError with every broken rule, those of the condition under `condition`."""
    reader = Reader(data)
    name = reader.text("name", required=True)
    module = reader.choice("module", tuple(MODULES))
    condition = reader.parsed("condition", lambda raw: checked_condition(module, raw))
    reader.done()
    return Filter(name, module, condition)


def checked_condition(module: str, data: Any) -> Json:
    """The condition in its normal form; InvalidError where it does not fit the module or looks at the past."""
    if module not in MODULES:
        raise InvalidError(FieldError("module", "unknown_module"))
    return conditions.parse(data, MODULES[module], context="filter").to_json()


def _shipped(module: Module) -> Iterator[ShippedFilter]:
    def one(name: str, es: str, en: str, *leaves: Json) -> ShippedFilter:
        return ShippedFilter(f"{module.id}-{name}", Label(es, en), module.id, {"all": list(leaves)})

    def leaf(field: str, op: str, value: Any = None) -> Json:
        return {"field": field, "op": op} | ({} if value is None else {"value": value})

    yield one("all", "Todos", "All")
    birthday = next((f.id for f in module.fields if f.anniversary), None)
    if birthday:
        yield one("birthday", "Cumpleaños hoy", "Today's birthday", leaf(birthday, "is_today"))
    addresses = [f.id for f in module.fields if f.type == "email"]
    if module.recipient and addresses:
        yield one("no-email", "Sin email", "No e-mail", *(leaf(id, "is_empty") for id in addresses))
    if module.kind == "message":
        yield one("bounced", "Rebotado (Bounce)", "Bounce", leaf("bounced", "greater_than", 0))
        yield one("clicked", "Se ha hecho clic", "Clicked", leaf("clicked", "greater_than", 0))
        yield one("delivered", "Entregado", "Delivered", leaf("delivered", "is", value=True))
        yield one("dropped", "Descartado (Dropped)", "Dropped", leaf("dropped", "is", value=True))
        yield one("opened", "Abierto", "Open", leaf("opened", "greater_than", 0))
        yield one("unsubscribed", "Dado de baja", "Unsubscribed", leaf("unsubscribed", "is", value=True))
        yield one("not-sent", "No enviado", "Not sent", leaf("status", "is", "skipped"))


#: By id.
SHIPPED: Mapping[str, ShippedFilter] = {
    shipped.id: shipped for module in MODULES.values() for shipped in _shipped(module)
}

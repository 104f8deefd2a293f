"""What an import is told to do: which column is what, by what a record is recognised, whose the new ones are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.exchange.cells import DATE_ORDERS, DECIMALS, DateOrder
from gotero.domain.exchange.presets import targets
from gotero.domain.exchange.rows import MAX_COLUMNS
from gotero.domain.exchange.sniff import ENCODINGS, SEPARATORS, Dialect
from gotero.domain.modules import Module

Mode = Literal["upsert", "create", "update"]
MODES: tuple[Mode, ...] = ("upsert", "create", "update")
#: Nothing recognises a record: every row is a new one.
NO_MATCH = "none"


@dataclass(frozen=True, slots=True)
class Plan:
    """`columns` holds a target for each column of the file, None for those that are left out."""

    dialect: Dialect
    columns: tuple[str | None, ...]
    match: str
    mode: Mode = "upsert"
    decimal: str = ","
    dates: DateOrder = "dmy"
    owner: str | None = None
    tags: tuple[str, ...] = ()
    segment: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            **self.dialect.to_json(),
            "columns": list(self.columns),
            "match": self.match,
            "mode": self.mode,
            "decimal": self.decimal,
            "dates": self.dates,
            "owner": self.owner,
            "tags": list(self.tags),
            "segment": self.segment,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Plan":
        return cls(
            Dialect.from_json(dict(data)),
            tuple(data["columns"]),
            data["match"],
            data["mode"],
            data["decimal"],
            data["dates"],
            data["owner"],
            tuple(data["tags"]),
            data["segment"],
        )


def matches(module: Module) -> tuple[str, ...]:
    """By what a record of this module can be recognised, the best first."""
    return (*(f.id for f in module.fields if f.unique and not f.readonly), "number", "id", NO_MATCH)


def proposed_match(module: Module, columns: Sequence[str | None]) -> str:
    return next((match for match in matches(module) if match in columns), NO_MATCH)


def check(plan: Plan, module: Module, width: int) -> None:
    """InvalidError with every broken rule; `width` is how many columns the file has."""
    errors = list(_column_errors(plan, module, width))
    choices = {
        "encoding": (plan.dialect.encoding, ENCODINGS),
        "separator": (plan.dialect.separator, SEPARATORS),
        "decimal": (plan.decimal, DECIMALS),
        "dates": (plan.dates, DATE_ORDERS),
        "mode": (plan.mode, MODES),
        "match": (plan.match, matches(module)),
    }
    for name, (value, allowed) in choices.items():
        if value not in allowed:
            errors.append(FieldError(name, "choice", (("choices", ", ".join(allowed)),)))
    if plan.match != NO_MATCH and plan.match not in plan.columns:
        errors.append(FieldError("match", "column_missing"))
    if plan.match == NO_MATCH and plan.mode == "update":
        errors.append(FieldError("mode", "column_missing"))
    if plan.segment is not None and not module.recipient:
        errors.append(FieldError("segment", "choice", (("choices", "accounts, contacts, leads"),)))
    if errors:
        raise InvalidError(*errors)


def _column_errors(plan: Plan, module: Module, width: int) -> list[FieldError]:
    if width > MAX_COLUMNS:
        return [FieldError("columns", "too_many_columns", (("limit", str(MAX_COLUMNS)),))]
    if len(plan.columns) != width:
        return [FieldError("columns", "columns", (("limit", str(width)),))]
    known, errors = targets(module), []
    if not any(plan.columns):
        errors.append(FieldError("columns", "required"))
    for index, target in enumerate(plan.columns):
        if target is not None and target not in known:
            declared = module.field(target)
            errors.append(FieldError(f"columns[{index}]", "readonly" if declared else "unknown_field"))
        elif target is not None and target in plan.columns[:index]:
            errors.append(FieldError(f"columns[{index}]", "twice"))
    return errors

"""The shapes of request bodies: unknown keys are refused, every broken rule is told with its path."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Ref

#: What pydantic calls a broken rule -> the key of its message in the catalogue.
_RULES = {
    "missing": "required",
    "extra_forbidden": "unknown_key",
    "string_type": "text",
    "string_too_long": "too_long",
    "string_too_short": "required",
    "int_type": "integer",
    "int_parsing": "integer",
    "int_from_float": "integer",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
    "list_type": "list",
    "tuple_type": "list",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "too_short": "required",
    "too_long": "limit",
    "literal_error": "choice",
}


class Body(BaseModel):
    """Base of every request body: unknown keys are refused, nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RecordRef(Body):
    """Which record a body means."""

    module: Annotated[str, Field(min_length=1, max_length=50)]
    id: Annotated[str, Field(min_length=1, max_length=50)]

    def ref(self) -> Ref:
        return Ref(self.module, self.id)


Shape = TypeVar("Shape", bound=Body)


def read(shape: type[Shape], data: Any) -> Shape:
    """`data` as `shape`, else InvalidError with every broken rule and its path."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        raise InvalidError(*(_field_error(e) for e in error.errors(include_url=False))) from error


def _field_error(error: Any) -> FieldError:
    path = ""
    for part in error["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    rule = _RULES.get(error["type"], "choice" if "literal" in error["type"] else "object")
    values: tuple[tuple[str, str], ...] = ()
    if rule == "choice":
        values = (("choices", str(error.get("ctx", {}).get("expected", ""))),)
    elif rule in ("too_long", "limit"):
        values = (("limit", str(error.get("ctx", {}).get("max_length", ""))),)
    return FieldError(path, rule, values)

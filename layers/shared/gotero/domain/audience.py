"""Whom a send addresses: what people ask for, and what stays the same until everybody is taken in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gotero.domain.eligibility import EMAIL
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.modules import MODULES, RECIPIENTS
from gotero.domain.record import Ref
from gotero.domain.shape import Reader

Json = dict[str, Any]
#: Records picked one by one. More of them are a segment: no job carries a list of its recipients.
MAX_PICKED = 500
MAX_FILTERS = 20


@dataclass(frozen=True, slots=True)
class FilterPart:
    """Everybody of one module who matches, by the condition as it was when the send was ordered."""

    module: str
    condition: Json
    #: The saved filter that it comes from, if any.
    filter_id: str | None = None

    def to_json(self) -> Json:
        return {"module": self.module, "condition": self.condition, "filter_id": self.filter_id}


@dataclass(frozen=True, slots=True)
class Audience:
    """Segments, filters and picked records together, without the segments excepted; each recipient counts once."""

    segments: tuple[str, ...] = ()
    except_segments: tuple[str, ...] = ()
    everyone: bool = False
    filters: tuple[FilterPart, ...] = ()
    records: tuple[Ref, ...] = ()
    #: A job: whoever it reached and who has not opened its mail, as far as a person's opening can be told.
    not_opened: str = ""
    #: Module -> the field whose address is written to, where that is not `email`.
    email_fields: Mapping[str, str] = field(default_factory=dict)

    def email_field(self, module: str) -> str:
        return self.email_fields.get(module, EMAIL)

    def to_json(self) -> Json:
        return {
            "segments": list(self.segments),
            "except": list(self.except_segments),
            "everyone": self.everyone,
            "filters": [part.to_json() for part in self.filters],
            "records": [ref.to_json() for ref in self.records],
            "not_opened": self.not_opened or None,
            "email_fields": dict(self.email_fields),
        }

    @classmethod
    def from_json(cls, data: Json) -> "Audience":
        return cls(
            tuple(data["segments"]),
            tuple(data["except"]),
            data["everyone"],
            tuple(FilterPart(**part) for part in data.get("filters", ())),
            tuple(Ref(**ref) for ref in data.get("records", ())),
            data.get("not_opened") or "",
            data.get("email_fields", {}),
        )


def refuse_without_recipients(audience: Audience) -> None:
    """An audience names somebody; everybody, and who has not opened a mail, stand alone."""
    named = bool(audience.segments or audience.filters or audience.records)
    if not (named or audience.everyone or audience.not_opened):
        raise InvalidError(FieldError("audience.segments", "required"))
    if audience.everyone and (named or audience.not_opened):
        raise InvalidError(FieldError("audience.everyone", "choice", (("choices", "segments, everyone"),)))
    if audience.not_opened and named:
        raise InvalidError(FieldError("audience.not_opened", "choice", (("choices", "segments, not_opened"),)))


def read_records(reader: Reader) -> tuple[Ref, ...]:
    """The records picked one by one, each once."""
    refs: dict[Ref, None] = {}
    for index in range(len(reader.items("records", limit=MAX_PICKED))):
        inner = reader.child("records", index)
        ref = Ref(inner.choice("module", RECIPIENTS), inner.text("id", required=True, limit=50))
        inner.close()
        refs[ref] = None
    return tuple(refs)


def read_email_fields(reader: Reader) -> dict[str, str]:
    """Which address of each module is written to."""
    if not reader.has("email_fields"):
        return {}
    inner = reader.child("email_fields")
    chosen = {module: inner.choice(module, addresses_of(module), default=EMAIL) for module in RECIPIENTS}
    inner.close()
    return {module: id for module, id in chosen.items() if id != EMAIL}


def addresses_of(module: str) -> tuple[str, ...]:
    """The fields of a module that hold e-mail addresses."""
    return tuple(field.id for field in MODULES[module].fields if field.type == "email")

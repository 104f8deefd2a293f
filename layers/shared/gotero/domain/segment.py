"""Segments (Listas de Segmentación): named sets of accounts, contacts and leads."""

from dataclasses import dataclass
from typing import Any

from gotero.domain.shape import Reader

#: What can be a member.
MODULES = ("contacts", "accounts", "leads")

TYPES = {
    "Marketing": {"es": "Marketing", "en": "Marketing"},
    "Newsletter": {"es": "Newsletter", "en": "Newsletter"},
    "Evento": {"es": "Evento", "en": "Event"},
    "Otro": {"es": "Otro", "en": "Other"},
}
STATUSES = {
    "Activo": {"es": "Activo", "en": "Active"},
    "Inactivo": {"es": "Inactivo", "en": "Inactive"},
}


@dataclass(frozen=True, slots=True)
class Segment:
    name: str
    type: str
    status: str
    owner: str
    number: str = ""

    @property
    def active(self) -> bool:
        return self.status == "Activo"

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "number": self.number,
            "type": self.type,
            "status": self.status,
            "owner": self.owner,
        }


def parse(data: Any, *, owner: str, number: str = "") -> Segment:
    """A segment from its JSON; `owner` is who asks, where none is named. InvalidError with every broken rule."""
    reader = Reader(data)
    segment = Segment(
        name=reader.text("name", required=True),
        type=reader.choice("type", tuple(TYPES), default="Marketing"),
        status=reader.choice("status", tuple(STATUSES), default="Activo"),
        owner=reader.text("owner", default=owner),
        number=number,
    )
    reader.raw("number")  # shown, never taken: numbers are given by the system
    reader.done()
    return segment

"""Segments (Listas de Segmentación): named sets of accounts, contacts and leads."""

from dataclasses import dataclass
from typing import Any

from gotero.domain.shape import Json, Reader

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


ACTIVE = "Activo"


@dataclass(frozen=True, slots=True)
class Segment:
    """A named set of accounts, contacts and leads: what is defined of it. Who is in it stands with the memberships."""

    name: str
    type: str
    status: str
    owner: str
    number: str = ""
    #: Who was taken out by name stays out of what workflows, forms and dashboards give too; a person's hand lets in.
    keeps_out: bool = False
    #: The generations of its AutoSyncs (domain/autosync.py), and those that are being taken away.
    autosync: tuple[Json, ...] = ()
    retired: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        return self.status == ACTIVE

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "number": self.number,
            "type": self.type,
            "status": self.status,
            "owner": self.owner,
            "keeps_out": self.keeps_out,
            "autosync": list(self.autosync),
            "retired": list(self.retired),
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
        keeps_out=reader.flag("keeps_out", default=False),
    )
    for shown in ("number", "autosync", "retired"):
        reader.raw(shown)  # never taken: the system gives numbers, and AutoSync has a route of its own
    reader.done()
    return segment

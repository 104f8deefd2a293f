"""The office with the workflow of the second source document: whoever comes from Twitter enters the list."""

from typing import Any

from gotero.domain.record import Ref
from gotero.ports import Definition
from gotero.services.save_record import create_record
from gotero.services.save_segment import create_segment
from gotero.services.save_workflow import create_workflow
from tests.unit.services.office import BY_MARC, MARC, Office


class Twitter(Office):
    """The list `twitter`, and a contact or two."""

    def __post_init__(self) -> None:
        super().__post_init__()
        data = {"name": "twitter", "type": "Newsletter"}
        self.segment = create_segment(self.definer, self.writer.numbers, data, owner=MARC, cause=BY_MARC)
        self.template = self.define("templates", {"name": "Hola"})

    def workflow(self, **changes: Any) -> Definition:
        data = {
            "name": "Añadir contacto a la lista twitter",
            "module": "contacts",
            "trigger": {"on": "save"},
            "condition": {"all": [{"field": "leadsource", "op": "is", "value": "Twitter"}]},
            "tasks": [{"type": "add_to_segment", "params": {"segment_id": self.segment.id}}],
            **changes,
        }
        return create_workflow(self.definer, self.records, self.writer.phones, data, cause=BY_MARC)

    def contact(self, **values: Any) -> Ref:
        given = {"lastname": "Núñez", **values}
        return create_record(self.writer, "contacts", given, cause=BY_MARC, owner=MARC).ref

    def is_member(self, ref: Ref) -> bool:
        return self.memberships.get(self.segment.id, ref) is not None

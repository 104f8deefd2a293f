"""A timeline as people read it."""

from gotero.domain.ids import derived_id
from gotero.domain.record import Ref
from gotero.ports import TimelineEntry
from gotero.services.read_timeline import read_timeline
from tests.unit.services.office import BY_MARC, Office


def test_a_change_names_its_fields_whatever_they_are_called() -> None:
    office, ref = Office(), Ref("contacts", derived_id("lia"))
    data = {"language": ["es", "en"], "city": [None, "Gandia"]}
    office.timeline.add([TimelineEntry(ref, "2026-11-21T10:00:00.000Z", "changed", BY_MARC, "e1", data)])
    (entry,), following = read_timeline(office.timeline, office.definitions, ref, 50, None)
    assert entry["text"]["es"] == "Cambios de Marc Soler: Idioma, Población"
    assert entry["text"]["en"].startswith("Changed by Marc Soler: Language, ")
    assert (entry["cause"], following) == ({"user": "marc", "name": "Marc Soler"}, None)

"""A timeline as people read it."""

from gotero.adapters.memory.lake import MemoryLake
from gotero.adapters.memory.records import MemoryRecords
from gotero.domain.ids import derived_id
from gotero.domain.record import Ref
from gotero.domain.record_link import RecordLink
from gotero.ports import TimelineEntry
from gotero.services.project_change import Projection, project_changes
from gotero.services.project_link import LinkChange
from gotero.services.read_timeline import read_timeline
from gotero.services.save_record import create_record
from tests.unit.services.office import BY_MARC, MARC, Office


def test_a_change_names_its_fields_whatever_they_are_called() -> None:
    office, ref = Office(), Ref("contacts", derived_id("lia"))
    data = {"language": ["es", "en"], "city": [None, "Gandia"]}
    office.timeline.add([TimelineEntry(ref, "2026-11-21T10:00:00.000Z", "changed", BY_MARC, "e1", data)])
    (entry,), following = read_timeline(office.timeline, office.definitions, ref, 50, None)
    assert entry["text"]["es"] == "Cambios de Marc Soler: Idioma, Población"
    assert entry["text"]["en"].startswith("Changed by Marc Soler: Language, ")
    assert (entry["cause"], following) == ({"user": "marc", "name": "Marc Soler"}, None)


def test_a_link_is_told_at_both_ends_by_the_name_of_the_other_where_it_is_seen() -> None:
    office = Office()
    fair = create_record(office.writer, "campaigns", {"name": "Feria"}, cause=BY_MARC, owner=MARC).ref
    lia = create_record(office.writer, "contacts", {"lastname": "Núñez"}, cause=BY_MARC, owner=MARC).ref
    linked = RecordLink.between(lia, fair).turned("2026-11-21T10:00:00.000Z")
    gone = linked.turned("2026-11-21T10:00:01.000Z")
    projection = Projection(MemoryLake(office.clock), office.timeline, office.definitions, office.clock)
    changes = [LinkChange(linked, linked.event(BY_MARC)), LinkChange(gone, gone.event(BY_MARC))]
    for _ in range(2):
        project_changes(projection, [*changes, LinkChange(gone.turned(gone.at))], office.clock.now())

    def texts(ref: Ref, records: MemoryRecords | None) -> list[tuple[str, str]]:
        entries, _ = read_timeline(office.timeline, office.definitions, ref, 50, None, records=records)
        return [(entry["text"]["es"], entry["text"]["en"]) for entry in entries]

    assert texts(lia, office.records) == [
        ("Se desvincula de Campaña «Feria» por Marc Soler", "Unlinked from Campaign “Feria” by Marc Soler"),
        ("Se vincula con Campaña «Feria» por Marc Soler", "Linked with Campaign “Feria” by Marc Soler"),
    ]
    assert texts(fair, office.records)[1][0] == "Se vincula con Contacto «Núñez» por Marc Soler"
    assert texts(fair, None)[1][0] == "Se vincula con Contacto por Marc Soler"

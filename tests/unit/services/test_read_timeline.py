"""A timeline as people read it."""

from dataclasses import replace

from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.lake import MemoryLake
from gotero.adapters.memory.records import MemoryRecords
from gotero.domain.ids import derived_id
from gotero.domain.message_event import EventKind, apply
from gotero.domain.record import Cause, Ref
from gotero.domain.record_link import RecordLink
from gotero.ports import TimelineEntry
from gotero.services.keep_raw_event import keep_raw_event
from gotero.services.project_change import Projection, project_changes
from gotero.services.project_link import LinkChange
from gotero.services.read_timeline import read_timeline
from gotero.services.save_record import create_record
from gotero.services.told_elsewhere import campaign_entries, message_entries
from tests.unit.domain.test_activity import SENT, an_event
from tests.unit.services.office import BY_MARC, MARC, Office
from tests.unit.services.post_office import PostOffice
from tests.unit.services.test_project_change import World


def test_a_change_names_its_fields_whatever_they_are_called() -> None:
    office, ref = Office(), Ref("contacts", derived_id("lia"))
    data = {"language": ["es", "en"], "city": [None, "Gandia"]}
    office.timeline.add([TimelineEntry(ref, "2026-11-21T10:00:00.000Z", "changed", BY_MARC, "e1", data)])
    (entry,), following = read_timeline(office.timeline, office.definitions, ref, 50, None)
    assert entry["text"]["es"] == "Cambios de Marc Soler: Idioma, Población"
    assert entry["text"]["en"].startswith("Changed by Marc Soler: Language, ")
    assert (entry["cause"], following) == ({"user": "marc", "name": "Marc Soler"}, None)


def test_a_change_by_a_form_contracts_as_spanish_does() -> None:
    office, ref = Office(), Ref("contacts", derived_id("lia"))
    data = {"city": [None, "Gandia"]}
    office.timeline.add([TimelineEntry(ref, "2026-11-21T10:00:00.000Z", "changed", Cause("form", "f-1"), "e1", data)])
    (entry,), _ = read_timeline(office.timeline, office.definitions, ref, 50, None)
    assert entry["text"]["es"].startswith("Cambios del formulario «f-1»")


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


def test_a_message_tells_its_life_and_in_words_why_it_came_back() -> None:
    world = World()
    bounce = replace(an_event(EventKind.BOUNCED), permanent=True, reason="smtp; 550 5.1.1 no such user")
    returned = replace(apply(SENT, bounce), version=3)
    keep_raw_event(world.timeline, "ses", bounce, {"eventType": "Bounce"})
    ref = Ref("messages", SENT.id)
    told = message_entries(returned)
    entries, _ = read_timeline(world.timeline, MemoryDefinitions(), ref, 50, None, elsewhere=told)
    assert sorted(entry["kind"] for entry in entries) == [
        "message_bounced",
        "message_planned",
        "message_sent",
        "provider_event",
    ]
    words = {entry["kind"]: entry["text"]["es"] for entry in entries}
    assert words["message_bounced"].endswith("La dirección o el dominio no existen (permanente)")
    assert words["provider_event"] == "Aviso del proveedor (Amazon SES): devuelto"
    pages = [read_timeline(world.timeline, MemoryDefinitions(), ref, 3, None, elsewhere=told)]
    pages.append(read_timeline(world.timeline, MemoryDefinitions(), ref, 3, pages[0][1], elsewhere=told))
    assert [entry for page, _ in pages for entry in page] == entries
    assert pages[1][1] is None


def test_a_campaign_tells_who_ordered_its_sends_and_how_they_ended() -> None:
    office = PostOffice()
    people = [office.contact("lia@example.com"), office.contact(None)]
    job = office.run(office.send(office.campaign(), office.order(office.segment(people))))
    ref = Ref("campaigns", job.params["campaign"])
    told = campaign_entries(office.jobs, ref.id)
    entries, _ = read_timeline(office.timeline, office.definitions, ref, 50, None, elsewhere=told)
    assert {entry["kind"] for entry in entries} == {"send_ordered", "send_started", "send_finished"}
    words = {entry["kind"]: entry["text"]["en"] for entry in entries}
    assert words["send_finished"].endswith(": 1 sent, 1 not sent, 0 to decide")
    assert {entry["data"]["job"] for entry in entries} == {job.id}

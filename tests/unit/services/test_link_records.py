"""What becomes of links, many to many, when one of the two records goes, or becomes a part of another."""

import json
from dataclasses import replace
from typing import Any

from gotero.domain import instant
from gotero.domain.modules import LINK
from gotero.domain.record import Ref
from gotero.domain.visibility import Sight
from gotero.ports import Records
from gotero.services.bin_record import restore_record
from gotero.services.export_person import file_key, start_export
from gotero.services.link_records import list_linked, unlink_records
from gotero.services.merge_records import preview_merge
from gotero.services.project_link import LINKS, link_row
from gotero.services.save_record import create_record
from gotero.services.sighted import SightedRecords
from tests.unit.services.mass_office import MassOffice
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.person_house import House
from tests.unit.services.post_office import PostOffice
from tests.unit.services.synced_office import SyncedOffice
from tests.unit.services.test_bin_record import delete, purge
from tests.unit.services.test_merge_records import merge


def test_its_links_rest_and_go_after_thirty_days_from_both_ends() -> None:
    office = SyncedOffice()
    lia, fair = (
        office.contact(),
        create_record(office.writer, "campaigns", {"name": "F"}, cause=BY_MARC, owner=MARC).ref,
    )
    office.records.link(fair, lia, BY_MARC, instant.write(office.clock.now()))

    def linked() -> tuple[list[str], int]:
        office.project()
        page = list_linked(office.records, office.clock, fair, "contacts", 10, None)
        return [item["id"] for item in page.body["items"]], office.lake.count(
            "campaigns", {"related": "contacts"}
        ).count

    assert linked() == ([lia.id], 1)
    delete(office, lia)
    assert linked() == ([], 0)
    restore_record(office.writer, lia, cause=BY_MARC)
    assert linked() == ([lia.id], 1)
    delete(office, lia)
    office.changes.clear()
    office.clock.move(days=31)
    purge(office, lia)
    assert office.records.pointing(fair, "contacts", LINK, 10) == ([], None)
    assert linked() == ([], 0)
    assert [change.event.kind for change in office.changes] == ["purge"]


def test_whom_she_was_linked_with_does_not_know_her_any_more() -> None:
    house = House(PostOffice())
    ref, at = house.zoe(), "2026-11-21T09:00:00.000Z"
    fair = create_record(house.post.writer, "campaigns", {"name": "F"}, cause=BY_MARC, owner=MARC).ref
    records = house.post.records
    records.link(ref, fair, BY_MARC, at)
    house.project()
    house.lake.append(LINKS, [link_row(link) for link in records.links.values()], at)
    assert house.lake.count("campaigns", {"related": "contacts"}).count == 1
    house.erase(ref)
    assert records.pointing(fair, "contacts", LINK, 10) == ([], None)
    assert house.lake.count("campaigns", {"related": "contacts"}).count == 0
    assert all(row.deleted and not row.data for row in house.lake.rows(LINKS, ref.id))


AT = "2026-11-21T09:00:00.000Z"


def a_record(office: SyncedOffice, module: str, **values: str) -> Ref:
    return create_record(office.writer, module, values, cause=BY_MARC, owner=MARC).ref


def linked(records: Records, ref: Ref, module: str) -> set[str]:
    return {other.id for other in records.pointing(ref, module, LINK, 500)[0]}


def test_a_merge_links_the_kept_one_once_and_undoing_it_takes_back_what_it_made() -> None:
    office = MassOffice()
    records, segment = office.records, office.segment({"related": "campaigns", "times": {"at_least": 121}})
    kept, other = office.contact(), office.contact()
    fairs = [a_record(office, "campaigns", name=f"F{n}") for n in range(123)]
    for fair in fairs[1:121]:
        records.link(other, fair, BY_MARC, AT)
    for fair in (*fairs[:3], fairs[60], fairs[121]):
        records.link(kept, fair, BY_MARC, AT)
    before = linked(records, kept, "campaigns")
    product = a_record(office, "products", name="Naranja")
    records.link(other, product, BY_MARC, AT)
    office.sync()
    moving = preview_merge(office.mass, "contacts", kept.id, [other.id], {})["moving"]
    assert moving[other.id]["related"] == {"campaigns": 120, "products": 1}

    job = merge(office, kept, other)
    office.sync()
    assert job.state == "finished"
    assert linked(records, kept, "campaigns") == {fair.id for fair in fairs[:122]}
    assert linked(records, kept, "products") == {product.id}
    assert office.members(segment) == {kept}
    page = list_linked(records, office.clock, fairs[5], "contacts", 10, None)
    assert [item["id"] for item in page.body["items"]] == [kept.id], "the other lies in the bin"

    undone = office.undo(job)
    office.sync()
    assert undone.outcome["failed"] == 0
    assert (linked(records, kept, "campaigns"), linked(records, kept, "products")) == (before, set())
    assert linked(records, other, "campaigns") == {fair.id for fair in fairs[1:121]}
    assert office.members(segment) == set()


class Counted:
    """The log of a job, and how often it is read."""

    def __init__(self, log: object) -> None:
        self.log, self.reads = log, 0

    def __getattr__(self, name: str) -> object:
        self.reads += name == "read"
        return getattr(self.log, name)


def test_a_merge_reads_as_much_as_it_moves() -> None:
    """Twice as many records are twice as many reads; of modules that only the lake finds too."""
    reads = []
    for many in (100, 200):
        office = MassOffice()
        kept, other = (a_record(office, "campaigns", name=name) for name in ("A", "B"))
        deals = [a_record(office, "opportunities", name="O", campaign=other.id) for _ in range(many)]
        office.project()
        log = Counted(office.log)
        office.mass = replace(office.mass, log=log)  # type: ignore[arg-type]  # it hands everything on
        assert merge(office, kept, other).state == "finished"
        assert {office.record(ref).values["campaign"] for ref in deals} == {kept.id}
        reads.append(log.reads)
    assert reads[1] - reads[0] == 2, "a step of fifty reads its own note and no other"


def test_what_somebody_does_not_see_they_do_not_unlink() -> None:
    office = SyncedOffice()
    lia, fair = office.contact(), a_record(office, "campaigns", name="Feria")
    office.records.link(fair, lia, BY_MARC, AT)
    for owners, left in (({"somebody"}, {lia.id}), ({MARC}, set())):
        seen: Any = SightedRecords(office.records, Sight({"contacts": frozenset(owners)}))
        unlink_records(seen, office.clock, fair, "contacts", [lia.id, "nobody"], cause=BY_MARC)
        assert linked(office.records, fair, "contacts") == left


def test_the_export_of_a_person_names_what_they_are_linked_with() -> None:
    house = House(PostOffice())
    ref, post = house.zoe(), house.post
    fair = create_record(post.writer, "campaigns", {"name": "Feria"}, cause=BY_MARC, owner=MARC)
    post.records.link(ref, fair.ref, BY_MARC, AT)
    job = start_export(house.file, ref, user_id=MARC, key="linked")
    told = {**fair.ref.to_json(), "number": fair.number, "title": "Feria"}
    assert json.loads(house.files.stored[file_key(job.id)])["linked"] == [told]

"""What becomes of links, many to many, when one of the two records goes."""

from gotero.domain import instant
from gotero.domain.modules import LINK
from gotero.services.bin_record import restore_record
from gotero.services.link_records import list_linked
from gotero.services.project_link import LINKS, link_row
from gotero.services.save_record import create_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice
from tests.unit.services.test_bin_record import delete, purge
from tests.unit.services.test_erase_person import House


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
    house = House()
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

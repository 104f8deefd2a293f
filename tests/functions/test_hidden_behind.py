"""A contact that is seen, and around it what is not: accounts and invoices are private, and nothing tells of them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions.records_api.app import api as records
from functions.segments_api.app import api as segments
from gotero.domain import company
from gotero.domain.mass_edit import Chosen, Edit
from gotero.domain.user import User
from gotero.domain.visibility import parse
from gotero.entry import wiring_sight
from gotero.services.export_person import file_key, start_export
from gotero.services.find_sight import ID
from gotero.services.save_record import create_record, update_record
from tests.functions.admin_request import LUCIA, call
from tests.functions.private_house import House, build_house
from tests.unit.services.office import BY_MARC, MARC

SECRET = "Turia Hidrofoil"
VISIBILITY = parse({"private": ["accounts", "invoices", "opportunities"]})
OF_AN_ACCOUNT = {"field": "account.accountname", "op": "is", "value": SECRET}
UNPAID = {"related": "invoices.contact", "where": {"field": "status", "op": "is_not", "value": "Paid"}}


class Behind:
    """Lucía's contact, of Marc's account and with Marc's invoice."""

    def __init__(self, house: House) -> None:
        self.house, office = house, house.office
        self.office = office
        self.account = office.account(accountname=SECRET)
        self.contact = office.contact(lastname="Núñez", account=self.account.id, email="lia@example.org")
        self.other = office.contact(lastname="Núñez", account=self.account.id)
        values = {"subject": "Factura de Marc", "contact": self.other.id, "status": "Created"}
        self.invoice = create_record(office.writer, "invoices", values, cause=BY_MARC, owner=MARC).ref
        for ref in (self.contact, self.other):
            update_record(office.writer, ref, {}, owner="lucia", cause=BY_MARC)
        self.segment = office.segment(OF_AN_ACCOUNT, UNPAID)
        office.sync()


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Behind]:
    yield Behind(build_house(monkeypatch, "lucia", "records_api"))


@pytest.fixture
def as_a(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    def sign_in(role: Any) -> None:
        monkeypatch.setattr(wiring_sight, "sight", VISIBILITY.of)
        for api in (records, segments):
            monkeypatch.setattr(api, "_find_user", lambda sub: User("lucia", LUCIA.name, LUCIA.email, role))

    return sign_in


@pytest.mark.parametrize(("role", "seen"), [("marketer", False), ("admin", True)])
def test_the_preview_of_a_merge_names_and_counts_what_is_seen(behind: Behind, as_a: Any, role: str, seen: bool) -> None:
    as_a(role)
    body = {"others": [behind.other.id], "preview": True}
    answer = call(records, "POST", f"/v1/records/contacts/{behind.contact.id}/merge", body)
    assert answer.status == 200
    assert (SECRET in str(answer.body)) is seen
    assert answer.body["moving"][behind.other.id]["related"] == ({"invoices.contact": 1} if seen else {})


@pytest.mark.parametrize(("role", "seen"), [("marketer", False), ("admin", True)])
def test_why_tells_no_value_of_what_is_hidden(behind: Behind, as_a: Any, role: str, seen: bool) -> None:
    as_a(role)
    made, number = behind.segment.id, behind.office.record(behind.invoice).number
    for ref in (behind.contact, behind.other):
        answer = call(segments, "GET", f"/v1/segments/{made}/why/contacts/{ref.id}")
        assert answer.status == 200
        found = [rule["tree"].get("found") for rule in answer.body["rules"]]
        told = str(found) + str([rule["tree"].get("examples") for rule in answer.body["rules"]])
        assert (SECRET in told) is seen
        assert (number in told) is (seen and ref == behind.other)


def test_nobody_undoes_anothers_job_by_the_name_of_another_module(behind: Behind, as_a: Any) -> None:
    office = behind.office
    job = office.start(Chosen("accounts", (behind.account.id,)), Edit({"industry": "Banking"}))
    as_a("marketer")
    for module in ("accounts", "contacts", "products"):
        answer = call(records, "POST", f"/v1/records/{module}/undo/{job.id}")
        assert answer.status == 404, module
    assert office.record(behind.account).values["industry"] == "Banking"


def test_who_undoes_is_not_told_who_has_taken_the_address_meanwhile(behind: Behind, as_a: Any) -> None:
    office = behind.office
    as_a("marketer")
    office.define(company.KIND, parse({"private": ["contacts"]}).to_json(), ID)
    done = call(records, "POST", "/v1/records/contacts/mass-delete", {"ids": [behind.contact.id]})
    assert done.body["outcome"]["changed"] == 1
    holder = office.contact(lastname="Otra", email="lia@example.org")
    answer = call(records, "POST", f"/v1/records/contacts/undo/{done.body['job_id']}")
    (left,) = answer.body["outcome"]["errors"]
    assert (left["path"], left["rule"]) == ("values.email", "unique_hidden")
    assert holder.id not in str(answer.body)


def test_many_are_not_pointed_to_what_is_hidden(behind: Behind, as_a: Any) -> None:
    as_a("marketer")
    hidden, nowhere = behind.account.id, "01m805xtgf0h0twcn7cd7e6wcx"
    for id in (nowhere, hidden):
        body = {"ids": [behind.contact.id], "values": {"account": id}}
        answer = call(records, "POST", "/v1/records/contacts/mass-edit", body)
        assert (answer.status, answer.broken()) == (422, [("values.account", "relation")])


def test_what_is_known_of_a_person_names_what_its_author_sees_and_is_fetched_by_nobody_else(
    behind: Behind, as_a: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, setting = behind.office, parse({"private": ["campaigns"]})
    file = behind.house.file
    office.define(company.KIND, setting.to_json(), ID)
    fair = create_record(office.writer, "campaigns", {"name": "Feria oculta"}, cause=BY_MARC, owner=MARC).ref
    office.records.link(behind.contact, fair, BY_MARC, "2026-11-21T09:00:00.000Z")
    as_a("marketer")
    monkeypatch.setattr(wiring_sight, "sight", setting.of)
    for by, named in ((MARC, True), ("lucia", False)):
        job = start_export(file, behind.contact, user_id=by, key=None)
        assert (b"Feria oculta" in file.files.read(file_key(job.id), 0, 10**6)) is named
        answer = call(records, "GET", f"/v1/records/contacts/{behind.contact.id}/export/{job.id}")
        assert answer.status == (404 if named else 200)

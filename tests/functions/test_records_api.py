"""/v1/records as a client meets it: the bin, and many at once."""

import pytest

from functions.jobs_api.app import api as jobs_api
from functions.records_api.app import api
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.signer import MemorySigner
from gotero.domain.user import User
from gotero.entry import wiring, wiring_jobs, wiring_records
from gotero.services.read_record import Reading
from tests.functions.admin_request import call
from tests.unit.services.mass_office import MassOffice
from tests.unit.services.office import MARC

CONTACTS = "/v1/records/contacts"
PERSON = User(MARC, "Marc Soler", "marc@huertaturia.example", "marketer")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> MassOffice:
    office = MassOffice()
    for served in (api, jobs_api):
        monkeypatch.setattr(served, "_find_user", lambda sub: PERSON)
    for name, made in {
        "definitions": office.definitions,
        "record_writer": office.writer,
        "records": office.records,
        "lake": office.lake,
        "signer": MemorySigner(),
        "timeline": office.timeline,
        "reading": Reading(office.records, MemoryMessages()),
    }.items():
        monkeypatch.setattr(wiring, name, lambda made=made: made)
    monkeypatch.setattr(wiring_records, "record_bin", lambda: office.mass.bin)
    monkeypatch.setattr(wiring_records, "mass", lambda: office.mass)
    monkeypatch.setattr(wiring_jobs, "job_log", lambda: office.log)
    return office


def test_a_record_goes_into_the_bin_and_comes_back(office: MassOffice) -> None:
    (lia,) = office.people(1, email="lia@example.org")
    assert call(api, "DELETE", f"{CONTACTS}/{lia.id}").status == 204
    assert call(api, "GET", f"{CONTACTS}/{lia.id}").status == 404
    other = office.contact(email="lia@example.org")
    refused = call(api, "POST", f"{CONTACTS}/{lia.id}/restore")
    assert (refused.status, refused.broken()) == (409, [("values.email", "unique")])
    assert other.id in refused.body["errors"][0]["message"]
    call(api, "DELETE", f"{CONTACTS}/{other.id}")
    assert call(api, "POST", f"{CONTACTS}/{lia.id}/restore").body["id"] == lia.id
    assert call(api, "POST", f"{CONTACTS}/{lia.id}/restore").status == 404
    assert call(api, "GET", CONTACTS, query={"bin": "perhaps"}).broken() == [("bin", "choice")]


def test_many_are_counted_changed_and_laid_back(office: MassOffice) -> None:
    people = office.people(3, leadsource="Twitter")
    body = {"search": "N00", "values": {"leadsource": "Other"}}
    counted = call(api, "POST", f"{CONTACTS}/mass-edit", {**body, "preview": True})
    assert (counted.status, counted.body["count"], office.record(people[0]).version) == (200, 3, 1)
    key = {"Idempotency-Key": "k1"}
    done = call(api, "POST", f"{CONTACTS}/mass-edit", body, headers=key)
    assert (done.status, done.body["state"], done.body["outcome"]["changed"]) == (200, "finished", 3)
    assert call(api, "POST", f"{CONTACTS}/mass-edit", body, headers=key).body["id"] == done.body["id"]
    undone = call(api, "POST", f"{CONTACTS}/undo/{done.body['job_id']}")
    assert (undone.status, undone.body["outcome"]["changed"]) == (200, 3)
    assert office.record(people[0]).values["leadsource"] == "Twitter"


def test_what_failed_is_listed_row_by_row(office: MassOffice) -> None:
    (lia,) = office.people(1)
    gone = ["0" * 26, "1" * 26]
    done = call(api, "POST", f"{CONTACTS}/mass-delete", {"ids": [lia.id, *gone]})
    assert (done.body["failed"], done.body["outcome"]["changed"]) == (2, 1)
    rows = call(jobs_api, "GET", f"/v1/jobs/{done.body['id']}/errors").body
    assert ([(row["id"], row["rule"]) for row in rows["items"]], rows["next"]) == ([(g, "gone") for g in gone], None)


@pytest.mark.parametrize(
    ("module", "body", "status", "broken"),
    [
        ("contacts", {}, 422, [("ids", "one_of")]),
        ("contacts", {"ids": ["a"], "everything": True}, 422, [("ids", "one_of")]),
        ("contacts", {"ids": ["a"] * 1001}, 422, [("ids", "limit")]),
        ("contacts", {"condition": {"field": "nothing", "op": "is", "value": "x"}}, 422, None),
        ("contacts", {"segment_id": "nothing"}, 404, None),
        ("nothing", {"everything": True}, 404, None),
        ("messages", {"everything": True}, 403, None),
    ],
)
def test_what_does_not_say_which_is_refused(
    office: MassOffice, module: str, body: dict[str, object], status: int, broken: list[tuple[str, str]] | None
) -> None:
    refused = call(api, "POST", f"/v1/records/{module}/mass-delete", body)
    assert refused.status == status
    assert broken is None or refused.broken() == broken

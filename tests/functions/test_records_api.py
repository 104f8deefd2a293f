"""/v1/records as a client meets it: the bin, and many at once."""

import json

import pytest

from functions.jobs_api.app import api as jobs_api
from functions.records_api.app import api
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.signer import MemorySigner
from gotero.domain.suppression import Suppression
from gotero.domain.user import User
from gotero.entry import wiring, wiring_jobs, wiring_records, wiring_sending
from gotero.ports import Source, TimelineEntry
from gotero.services.export_person import PersonFile
from gotero.services.read_record import Reading
from tests.functions.admin_request import call
from tests.unit.services.mass_office import MassOffice
from tests.unit.services.office import BY_MARC, MARC

CONTACTS = "/v1/records/contacts"
PERSON = User(MARC, "Marc Soler", "marc@huertaturia.example", "marketer")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> MassOffice:
    office = MassOffice()
    for served in (api, jobs_api):
        monkeypatch.setattr(served, "_find_user", lambda sub: PERSON)
    for name, made in {
        "definitions": office.definitions,
        "definition_writer": office.definer,
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
    file = PersonFile(
        office.records,
        office.memberships,
        office.drips,
        MemoryMessages(),
        office.suppressions,
        office.timeline,
        office.log,
        office.job_line,
        office.files,
        office.definitions,
    )
    monkeypatch.setattr(wiring_records, "person_file", lambda: file)
    monkeypatch.setattr(wiring_jobs, "job_log", lambda: office.log)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
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
    shown = call(jobs_api, "GET", f"/v1/jobs/{done.body['id']}", headers={"accept-language": "es"}).body
    told = {"Ya no existe, o está en la papelera."}
    assert {failure["message"] for failure in shown["outcome"]["errors"]} == told


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


def test_a_list_by_letter_by_group_and_in_ones_own_columns(office: MassOffice) -> None:
    for name in ("Núñez", "Ñíguez", "Álvarez", "abad", "Zafra"):
        office.contact(lastname=name, leadsource="Twitter" if name[0] in "ÑN" else "Other")
    office.project()

    def beginning(letter: str) -> list[str]:
        page = call(api, "GET", CONTACTS, query={"letter": letter, "sort": "lastname"})
        return [item["values"]["lastname"] for item in page.body["items"]]

    assert (beginning("A"), beginning("N"), beginning("Ñ")) == (["abad", "Álvarez"], ["Núñez"], ["Ñíguez"])
    assert call(api, "GET", CONTACTS, query={"letter": "1"}).broken() == [("letter", "choice")]
    letters = call(api, "GET", CONTACTS, query={"letters": "true"}).body["letters"]
    assert {letter: count for letter, count in letters.items() if count} == {"A": 2, "N": 1, "Ñ": 1, "Z": 1}
    assert len(letters) == 27
    narrowed = call(api, "GET", CONTACTS, query={"letters": "true", "search": "nunez"}).body["letters"]
    assert (narrowed["N"], sum(narrowed.values())) == (1, 1)
    groups = call(api, "GET", CONTACTS, query={"group": "leadsource"}).body["groups"]
    assert [(group["value"], group["count"]) for group in groups] == [("Other", 3), ("Twitter", 2)]
    assert call(api, "GET", CONTACTS, query={"group": "birthday"}).broken() == [("group", "group")]
    declared = call(api, "GET", f"{CONTACTS}/columns").body["columns"]
    wanted = ["lastname", "owner"]
    assert call(api, "POST", f"{CONTACTS}/columns", {"columns": wanted}).body == {"columns": wanted}
    assert call(api, "GET", f"{CONTACTS}/columns").body == {"columns": wanted}
    assert call(api, "POST", f"{CONTACTS}/columns", {"columns": []}).body == {"columns": declared}
    refused = call(api, "POST", f"{CONTACTS}/columns", {"columns": ["lastname", "nothing"]})
    assert refused.broken() == [("columns[1]", "unknown_field")]


def test_a_merged_record_says_where_it_went(office: MassOffice) -> None:
    kept, other = office.people(2)
    shown = call(api, "POST", f"{CONTACTS}/{kept.id}/merge", {"others": [other.id], "preview": True})
    assert (shown.status, shown.body["moving"][other.id]["memberships"]) == (200, 0)
    done = call(api, "POST", f"{CONTACTS}/{kept.id}/merge", {"others": [other.id]})
    assert (done.status, done.body["state"]) == (200, "finished")
    gone = call(api, "GET", f"{CONTACTS}/{other.id}")
    assert (gone.status, gone.broken()) == (410, [("id", "merged")])
    assert kept.id in gone.body["errors"][0]["message"]
    assert call(api, "POST", f"{CONTACTS}/{other.id}/restore").status == 409
    assert call(api, "POST", f"{CONTACTS}/undo/{done.body['id']}").body["failed"] == 0
    assert call(api, "GET", f"{CONTACTS}/{other.id}").status == 200


def test_everything_about_one_person_as_one_document(office: MassOffice) -> None:
    (lia,) = office.people(1, email="lia@example.org", firstname="Lía")
    twin = office.contact(lastname="Gil", email="lia2@example.org")
    segment = office.segment()
    since = "2026-11-21T09:00:00.000Z"
    office.memberships.add(segment.id, lia, Source("form", "f1", since, BY_MARC))
    office.memberships.remove(segment.id, lia, None, BY_MARC, since)
    office.suppressions.add(Suppression("lia@example.org", "manual", since, by=MARC))
    for number in range(250):
        at = f"2026-11-20T09:00:00.{number:03}Z"
        office.timeline.add([TimelineEntry(lia, at, "changed", BY_MARC, f"e{number}")])
    call(api, "POST", f"{CONTACTS}/{lia.id}/merge", {"others": [twin.id]})
    asked = call(api, "POST", f"{CONTACTS}/{lia.id}/export")
    assert (asked.status, asked.body["state"], asked.body["created_by"]) == (200, "finished", MARC)
    path = f"{CONTACTS}/{lia.id}/export/{asked.body['id']}"
    assert call(api, "GET", path).body["url"].startswith("https://files.example/people/")
    told = json.loads(office.files.stored[f"people/{asked.body['id']}.json"])
    assert [record["values"]["lastname"] for record in told["record"]] == ["N000", "Gil"]
    assert [(member["sources"], member["blocked"]["at"]) for member in told["memberships"]] == [([], since)]
    assert [suppressed["address"] for suppressed in told["suppressions"]] == ["lia@example.org"]
    assert len(told["timeline"]) == 251
    assert told["timeline"][0]["kind"] == "exported"
    assert call(api, "GET", f"{CONTACTS}/{twin.id}/export/{asked.body['id']}").status == 404
    assert call(api, "POST", "/v1/records/invoices/x/export").status == 403
    office.clock.move(days=7)
    assert call(api, "GET", path).status == 404

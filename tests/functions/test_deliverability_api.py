"""`/v1/suppressions` and `/v1/deliverability`, as the console calls them."""

from dataclasses import replace
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from functions.deliverability_api import app
from gotero.adapters.memory.signer import MemorySigner
from gotero.domain.deliverability import Tally
from gotero.domain.doctor import CHECKS
from gotero.domain.doctor.account_checks import NEEDED_EVENTS
from gotero.domain.doctor.facts import AccountFacts, EventFacts, IdentityFacts, UnansweredError, Visit
from gotero.domain.user import User
from gotero.entry import wiring, wiring_sending
from gotero.services.examine_mail import Doctor
from gotero.services.write_definition import replace_definition
from tests.functions.admin_request import LUCIA, call
from tests.unit.services.office import BY_MARC
from tests.unit.services.post_office import PostOffice


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    office = PostOffice()
    users: dict[str, User] = {"sub-of-lucia": LUCIA}
    monkeypatch.setattr(app.api, "_find_user", users.get)
    for name, value in (("definitions", office.definitions), ("timeline", office.timeline)):
        monkeypatch.setattr(wiring, name, lambda value=value: value)
    signer = MemorySigner()
    monkeypatch.setattr(wiring, "signer", lambda: signer)
    monkeypatch.setattr(wiring, "due_index", lambda: office.due_index)
    monkeypatch.setattr(wiring_sending, "suppressions", lambda: office.suppressions)
    monkeypatch.setattr(wiring_sending, "protector", lambda: office.protector)
    monkeypatch.setattr(wiring_sending, "brake_desk", lambda: office.desk)
    quota = {"rate": 14.0, "per_day": 50_000.0, "sent": 3.0}
    monkeypatch.setattr(wiring_sending, "ses_account", lambda: SimpleNamespace(quota=lambda: quota))
    return office


def test_an_address_is_added_found_taken_off_and_remembered(office: PostOffice) -> None:
    added = call(app.api, "POST", "/v1/suppressions", {"address": "Ana@Example.com", "note": "lo pidió"})
    assert (added.status, added.body["address"], added.body["reason"]) == (201, "ana@example.com", "manual")
    more = call(app.api, "POST", "/v1/suppressions/import", {"text": "luis@example.com\nanton@example.com\nmal"})
    assert (more.status, more.body) == (200, {"added": 2, "known": 0, "invalid": [3]})
    first = call(app.api, "GET", "/v1/suppressions", query={"search": "An", "limit": "1"})
    assert [item["address"] for item in first.body["items"]] == ["ana@example.com"]
    query = {"search": "An", "limit": "1", "cursor": first.body["next"]}
    second = call(app.api, "GET", "/v1/suppressions", query=query)
    assert ([i["address"] for i in second.body["items"]], second.body["next"]) == (["anton@example.com"], None)
    assert call(app.api, "GET", "/v1/suppressions", query={**query, "search": "lu"}).broken() == [("cursor", "cursor")]
    office.clock.move(minutes=1)
    removed = call(app.api, "POST", "/v1/suppressions/remove", {"address": "ana@example.com", "note": "se equivocó"})
    assert removed.status == 204
    told = call(app.api, "GET", "/v1/suppressions/history", query={"address": "ana@example.com"}).body
    assert told["suppression"] is None
    assert [item["kind"] for item in told["items"]] == ["unsuppressed", "suppressed"]
    assert "se equivocó" in told["items"][0]["text"]["es"]


def test_what_is_wrong_is_told_with_its_path(office: PostOffice) -> None:
    assert call(app.api, "POST", "/v1/suppressions", {"address": "nadie"}).broken() == [("address", "email")]
    assert call(app.api, "POST", "/v1/suppressions/import", {}).broken() == [("text", "required")]
    assert call(app.api, "POST", "/v1/suppressions/import", {"text": 3}).broken() == [("text", "text")]
    longer_than_a_cell = {"text": "dirección\n" + "a" * 140_000 + "@example.com\nluis@example.com"}
    mixed = call(app.api, "POST", "/v1/suppressions/import", longer_than_a_cell)
    assert (mixed.status, mixed.body) == (200, {"added": 1, "known": 0, "invalid": [2]})
    assert call(app.api, "POST", "/v1/suppressions/remove", {"address": "a@b.es"}).broken() == [("note", "required")]
    gone = call(app.api, "POST", "/v1/suppressions/remove", {"address": "a@b.es", "note": "n"})
    assert gone.status == 404
    assert call(app.api, "GET", "/v1/suppressions/history").broken() == [("address", "email")]
    assert call(app.api, "POST", "/v1/deliverability/resume", {"note": "n"}).status == 409
    assert call(app.api, "POST", "/v1/deliverability/resume", {}).broken() == [("note", "required")]


def test_how_the_account_stands_and_its_brake(office: PostOffice) -> None:
    office.tallies.add("account#1", "2026-11-21T08", Tally(delivered=950, bounced=50))
    office.brakes.put(office.brakes.get().put_on("bounces", Tally(950, 50), "2026-11-21T08:30:00.000Z"))
    shown = call(app.api, "GET", "/v1/deliverability").body
    assert (shown["account"]["bounce_rate"], shown["warning"], shown["quota"]["per_day"]) == (0.05, "bounces", 50_000)
    assert (shown["brake"]["brake"], shown["brake"]["figures"]["known"]) == ("bounces", 1000)
    assert [hour["at"] for hour in shown["hours"]] == ["2026-11-21T08:00:00.000Z"]
    freed = call(app.api, "POST", "/v1/deliverability/resume", {"note": "lista vieja"}).body
    assert (freed["brake"], freed["released_by"], freed["note"]) == (None, "lucia", "lista vieja")
    assert call(app.api, "GET", "/v1/deliverability").body["account"]["known"] == 0


class _Provider:
    """An account in good health, but for what a test says."""

    def account(self) -> AccountFacts:
        return AccountFacts(True, True, "HEALTHY", 14, 50_000, 3, "ESSENTIALS")

    def identity(self, domain: str) -> IdentityFacts | None:
        return IdentityFacts(True, "SUCCESS", (), f"rebotes.{domain}", "SUCCESS", "eu-west-1")

    def events(self) -> EventFacts:
        return EventFacts(NEEDED_EVENTS, 1)

    def concurrency(self) -> int:
        raise UnansweredError("denied")


def _settle(office: PostOffice, company: dict[str, Any]) -> None:
    stored = office.definitions.get("settings", "company")
    assert stored is not None
    replace_definition(office.definer, stored, company, cause=BY_MARC, expected_version=None)


def _texts(name: str) -> tuple[str, ...]:
    known = {"rebotes.huerta.es": ("v=spf1 include:amazonses.com ~all",), "_dmarc.huerta.es": ("v=DMARC1; p=none",)}
    return known.get(name, ())


@pytest.fixture
def doctor(office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> Doctor:
    data = {"name": "Huerta", "sender": "hola@huerta.es", "landing_page": "https://www.huerta.es/baja"}
    _settle(office, data)
    marks = SimpleNamespace(get=lambda name: "2026-11-21T08:30:00.000Z")
    doctor = Doctor(office.desk, _Provider(), _texts, lambda url: Visit(200), marks, "https://go.huerta.es")
    monkeypatch.setattr(wiring_sending, "doctor", lambda: doctor)
    return doctor


def test_the_doctor_names_every_check_with_its_words_and_the_next_step(doctor: Doctor) -> None:
    told = call(app.api, "GET", "/v1/doctor")
    checks = {check["id"]: check for check in told.body["checks"]}
    assert (told.status, tuple(checks), told.body["state"]) == (200, CHECKS, "warning")
    assert {id for id, check in checks.items() if check["state"] == "warning"} >= {"dmarc", "pricing_plan"}
    assert (checks["dmarc"]["subject"], "_dmarc.huerta.es" in checks["dmarc"]["step"]["es"]) == ("huerta.es", True)
    assert "put-account-pricing-attributes --plan NONE" in checks["pricing_plan"]["step"]["en"]
    assert (checks["spf"]["state"], checks["spf"]["step"]) == ("ok", None)
    assert (checks["concurrency"]["state"], checks["concurrency"]["text"]["en"]) == (
        "unknown",
        "AWS does not let us ask.",
    )
    assert sum(told.body["counts"].values()) == len(told.body["checks"])


def test_who_does_not_answer_holds_nobody_up(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    never = Event()

    def silent(name: str) -> Any:
        never.wait(20)
        return ()

    monkeypatch.setattr(wiring_sending, "doctor", lambda: replace(doctor, texts=silent, patience=0.05))
    checks = {check["id"]: check for check in call(app.api, "GET", "/v1/doctor").body["checks"]}
    never.set()
    assert (checks["dmarc"]["state"], checks["dmarc"]["text"]["en"]) == ("unknown", "It did not answer in time.")
    assert (checks["identity"]["state"], checks["spf"]["state"]) == ("ok", "unknown")


def test_names_for_examples_are_not_looked_for(doctor: Doctor, office: PostOffice, monkeypatch: Any) -> None:
    asked: list[str] = []
    _settle(office, {"name": "Huerta", "sender": "hola@huertaturia.example"})

    def texts(name: str) -> tuple[str, ...]:
        asked.append(name)
        return ()

    monkeypatch.setattr(wiring_sending, "doctor", lambda: replace(doctor, texts=texts))
    checks = {check["id"]: check for check in call(app.api, "GET", "/v1/doctor").body["checks"]}
    assert (asked, checks["dmarc"]["state"], checks["spf"]["state"]) == ([], "unknown", "unknown")

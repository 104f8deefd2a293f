"""`/v1/suppressions` and `/v1/deliverability`, as the console calls them."""

from types import SimpleNamespace

import pytest

from functions.deliverability_api import app
from gotero.adapters.memory.signer import MemorySigner
from gotero.domain.deliverability import Tally
from gotero.domain.user import User
from gotero.entry import wiring, wiring_sending
from tests.functions.admin_request import LUCIA, call
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

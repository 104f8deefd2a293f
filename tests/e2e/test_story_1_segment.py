"""Story step 1: an origin puts a contact into a segment, and the timeline says which workflow did."""

import re
import time

import pytest

from infra.local.demo.company import LUCIA, MARC
from infra.local.demo.desk import Desk
from infra.local.stack import wait_until
from tests.e2e.evidence import Json, is_listed

pytestmark = pytest.mark.e2e


def test_the_segment_has_type_status_number_and_owner(desk: Desk, twitter: str) -> None:
    segment = desk.stack.api("GET", f"/v1/segments/{twitter}")

    assert (segment["name"], segment["type"], segment["status"]) == ("twitter", "Newsletter", "Activo")
    assert re.fullmatch(r"SEGL-\d{7}", segment["number"])
    assert segment["owner"] == desk.user(LUCIA)
    numbers = {item["name"]: int(item["number"][5:]) for item in desk.stack.api("GET", "/v1/segments")["items"]}
    assert numbers["twitter"] == numbers["lista de prueba"] + 1


def test_a_contact_typed_in_with_that_origin_is_a_member_within_five_seconds(
    desk: Desk, twitter: str, iker: Json
) -> None:
    wait_until(lambda: desk.sources(twitter, "contacts", iker["id"]), 300, "the first member: functions start cold")
    begun = time.monotonic()
    values = {"firstname": "Amaia", "lastname": "Olano", "email": "amaia.olano@correo.example", "leadsource": "Twitter"}
    amaia = desk.typed_in("contacts", values)

    (source,) = wait_until(lambda: desk.sources(twitter, "contacts", amaia["id"]), 300, "Amaia in the segment")

    assert time.monotonic() - begun < 5
    workflow = next(w for w in desk.stack.api("GET", "/v1/workflows")["items"] if w["name"].startswith("Añadir"))
    assert (source["kind"], source["id"]) == ("workflow", workflow["id"])
    wait_until(lambda: is_listed(desk, twitter, amaia), 300, "the list of members")


def test_the_timeline_says_which_workflow_put_it_there(desk: Desk, twitter: str, iker: Json) -> None:
    def entered() -> Json | None:
        told = desk.timeline("contacts", iker["id"])
        return next((item for item in told if item["kind"] == "segment_entered"), None)

    entry = wait_until(entered, 300, "the entry")

    assert entry["data"]["segment"] == twitter
    assert entry["cause"]["name"] == "Añadir contacto a la lista twitter"
    assert "Añadir contacto a la lista twitter" in entry["text"]["es"]


def test_every_save_counts_and_other_origins_do_not(desk: Desk, twitter: str) -> None:
    values = {"firstname": "Uxue", "lastname": "Lasa", "email": "uxue.lasa@correo.example", "leadsource": "Web Site"}
    uxue = desk.typed_in("contacts", values, owner=desk.user(MARC))
    wait_until(lambda: desk.timeline("contacts", uxue["id"]), 300, "her timeline")
    assert not desk.sources(twitter, "contacts", uxue["id"])

    desk.stack.api("PATCH", f"/v1/records/contacts/{uxue['id']}", {"values": {"leadsource": "Twitter"}}, expect=200)

    wait_until(lambda: desk.sources(twitter, "contacts", uxue["id"]), 300, "Uxue in the segment")

"""With campaigns and contacts set to private: role × owner × what is done with a campaign, and who shows in it."""

from collections.abc import Callable
from typing import Any

import pytest

from functions.campaigns_api.app import api as campaigns
from functions.fields_api.app import api as fields
from functions.records_api.app import api as records
from functions.templates_api.app import api as templates
from gotero.adapters.memory.lake import MemoryLake
from gotero.domain.record import Ref
from gotero.domain.user import ROLES, User
from gotero.domain.visibility import parse
from gotero.entry import wiring, wiring_sending, wiring_sight
from gotero.ports import LakeRow
from gotero.services.judge_audience import Previewer
from gotero.services.save_record import create_record
from tests.functions.admin_request import LUCIA, call
from tests.unit.services.office import BY_MARC
from tests.unit.services.post_office import PostOffice

GROUP = "comerciales"
PRIVATE = ("campaigns", "contacts")
VISIBILITY = parse({"private": list(PRIVATE), "shares": [{"module": m, "owner": "ines", "to": GROUP} for m in PRIVATE]})
#: Whose a campaign or a contact is -> whether Lucía, who is in the group, sees it.
OWNERS = {"lucia": True, GROUP: True, "ines": True, "marc": False}
#: Every route of the campaigns -> whether it writes, and what it answers where the campaign is seen.
ROUTES = {
    "POST /v1/campaigns/<campaign_id>/send": (True, 202),
    "POST /v1/campaigns/<campaign_id>/send/preview": (False, 200),
    "POST /v1/campaigns/<campaign_id>/audience": (False, 200),
    "GET /v1/campaigns/<campaign_id>/results": (False, 200),
}
Made = dict[str, Ref]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    office = PostOffice()
    for id in ("lucia", "ines"):
        office.define("users", {"name": id, "email": f"{id}@huertaturia.example", "role": "marketer"}, id)
    office.define("groups", {"name": "Comerciales"}, GROUP)
    audience: Any = office.lake
    previewer = Previewer(office.records, office.definitions, office.suppressions, audience, lambda: 5.0)
    lake = MemoryLake(office.clock)
    monkeypatch.setattr(wiring, "records", lambda: office.records)
    monkeypatch.setattr(wiring, "definitions", lambda: office.definitions)
    monkeypatch.setattr(wiring, "signer", lambda: office.signer)
    monkeypatch.setattr(wiring, "clock", office.clock)
    monkeypatch.setattr(wiring, "lake", lambda: lake)
    monkeypatch.setattr(wiring_sending, "campaign_starter", lambda: office.starter)
    monkeypatch.setattr(wiring_sending, "campaign_previewer", lambda: previewer)
    monkeypatch.setattr(wiring_sight, "sight", VISIBILITY.of)
    return office


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    def as_a(role: Any) -> None:
        user = User("lucia", LUCIA.name, LUCIA.email, role, groups=(GROUP,))
        for api in (campaigns, records, fields, templates):
            monkeypatch.setattr(api, "_find_user", lambda sub: user)

    return as_a


def one_of_each(office: PostOffice, module: str) -> Made:
    """A record of each owner."""
    made = {}
    for owner in OWNERS:
        values = {"name": owner} if module == "campaigns" else {"lastname": owner, "email": f"{owner}@example.com"}
        made[owner] = create_record(office.writer, module, values, cause=BY_MARC, owner=owner).ref
    return made


def project(office: PostOffice, refs: list[Ref]) -> None:
    """What the streams bring to the lake: these records and all messages."""
    at = "2026-11-21T12:00:00.000Z"
    for ref, record in office.records.get_many(refs).items():
        wiring.lake().append(ref.module, [LakeRow(ref.id, record.version, record.to_json())], at)
    messages = [message.to_record() for ref in refs for message in office.messages.of(ref)]
    wiring.lake().append("messages", [LakeRow(m.id, m.version, m.to_json()) for m in messages], at)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ROUTES)
def test_a_hidden_campaign_is_not_there(
    route: str, role: Any, office: PostOffice, sign_in: Callable[[Any], None]
) -> None:
    sign_in(role)
    order = office.order(office.segment([office.contact()]))
    method, path = route.split(" ")
    writes, ok = ROUTES[route]
    body = {"audience": order["audience"]} if path.endswith("audience") else order
    for owner, campaign in one_of_each(office, "campaigns").items():
        jobs = len(office.jobs.page(10, None)[0])
        answer = call(campaigns, method, path.replace("<campaign_id>", campaign.id), body if method == "POST" else None)
        seen = OWNERS[owner] or role == "admin"
        refused = 403 if writes and role == "viewer" else 404
        assert answer.status == (ok if seen and refused == 404 else refused), (owner, answer.body)
        assert len(office.jobs.page(10, None)[0]) == jobs + (answer.status == 202)


@pytest.mark.parametrize("role", ROLES)
def test_totals_count_everybody_and_lists_name_those_who_are_seen(
    role: Any, office: PostOffice, sign_in: Callable[[Any], None]
) -> None:
    people = one_of_each(office, "contacts")
    campaign = create_record(office.writer, "campaigns", {"name": "Twitter"}, cause=BY_MARC, owner="lucia").ref
    order = office.order(office.segment(list(people.values())))
    office.run(office.send(campaign, order))
    project(office, [campaign, *people.values()])
    seen = {ref.id for owner, ref in people.items() if OWNERS[owner] or role == "admin"}

    sign_in(role)
    results = call(campaigns, "GET", f"/v1/campaigns/{campaign.id}/results").body
    assert (results["total"], results["sent"]) == (len(people), len(people))
    drill = {"filter": f'{{"field": "campaign", "op": "is", "value": "{campaign.id}"}}'}
    listed = call(records, "GET", "/v1/records/messages", query=drill).body["items"]
    assert {item["values"]["contact"] for item in listed} == seen
    preview = call(campaigns, "POST", f"/v1/campaigns/{campaign.id}/send/preview", order).body
    assert preview["recipients"] == len(people)
    page = call(campaigns, "POST", f"/v1/campaigns/{campaign.id}/audience", {"audience": order["audience"]}).body
    assert {item["id"] for item in page["items"]} == seen
    assert page["hidden"] == len(people) - len(seen)
    asked = {"audience": order["audience"], "search": "example.com"}
    page = call(campaigns, "POST", f"/v1/campaigns/{campaign.id}/audience", asked).body
    assert ({item["id"] for item in page["items"]}, page["hidden"], page["next"]) == (seen, 0, None)


def test_nobody_writes_to_somebody_hidden_by_name(office: PostOffice, sign_in: Callable[[Any], None]) -> None:
    sign_in("marketer")
    people = one_of_each(office, "contacts")
    campaign = create_record(office.writer, "campaigns", {"name": "Twitter"}, cause=BY_MARC, owner="lucia").ref
    for owner, ref in people.items():
        order = {**office.order(), "audience": {"records": [ref.to_json()]}}
        answer = call(campaigns, "POST", f"/v1/campaigns/{campaign.id}/send", order)
        refused = [] if OWNERS[owner] else [("audience.records[0]", "not_found")]
        assert (answer.status, answer.broken() if refused else []) == (422 if refused else 202, refused)


@pytest.mark.parametrize(("role", "named"), [("admin", True), ("marketer", False)])
def test_what_still_needs_a_template_has_no_name_for_whoever_does_not_see_the_campaign(
    role: Any, named: bool, office: PostOffice, sign_in: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = create_record(office.writer, "campaigns", {"name": "Feria oculta"}, cause=BY_MARC, owner="marc").ref
    order = office.order(office.segment([office.contact()]), start="hold")
    job = office.send(campaign, order)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
    monkeypatch.setattr(wiring, "definition_writer", lambda: office.definer)
    sign_in(role)
    uses = call(fields, "GET", f"/v1/uses/templates/{office.template}").body["items"]
    assert uses == [{"kind": "jobs", "id": job.id, "name": "Feria oculta" if named else ""}]
    refused = call(templates, "DELETE", f"/v1/templates/{office.template}")
    assert (refused.status, "Feria oculta" in str(refused.body)) == (409, named)

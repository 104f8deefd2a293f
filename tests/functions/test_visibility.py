"""With a module set to private: role × owner × every route that reaches a record.

A route that is added has to be named here, among those that reach records or among those that do not.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gotero.adapters.memory.files import MemoryFiles
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.rendering.pdf import PdfPress
from gotero.domain.job import CONTROLS
from gotero.domain.mass_edit import Chosen, Edit
from gotero.domain.message import MessageKey
from gotero.domain.record import Cause, Ref
from gotero.domain.user import ROLES, User
from gotero.domain.visibility import Visibility, parse
from gotero.entry import (
    wiring,
    wiring_documents,
    wiring_jobs,
    wiring_mail,
    wiring_records,
    wiring_segments,
    wiring_sending,
    wiring_sight,
)
from gotero.ports import Source
from gotero.services.assign import assign_many
from gotero.services.bin_record import Bin, bin_record
from gotero.services.call_roll import Roll
from gotero.services.erase_person import Eraser
from gotero.services.export_person import PersonFile, start_export
from gotero.services.plan_message import plan_message
from gotero.services.read_record import Reading
from gotero.services.save_record import create_record
from gotero.services.see_job import sees_job
from gotero.services.send_transactional import MailCounter
from tests.functions.admin_request import LUCIA, Answer, call
from tests.functions.test_campaign_visibility import ROUTES as CAMPAIGN_ROUTES
from tests.unit.services.drip_world import World
from tests.unit.services.mass_office import MassOffice
from tests.unit.services.office import BY_MARC
from tests.unit.services.post_office import PostOffice

PROJECT = Path(__file__).parents[2]
APIS = {
    folder.parent.name: import_module(f"functions.{folder.parent.name}.app").api
    for folder in sorted((PROJECT / "functions").glob("*_api/app.py"))
}
GROUP = "comerciales"
VISIBILITY = parse({"private": ["contacts"], "shares": [{"module": "contacts", "owner": "ines", "to": GROUP}]})
#: Whose the record is -> whether Lucía, who is in the group, sees it.
OWNERS = {"lucia": True, GROUP: True, "ines": True, "marc": False}
ID = "01m805xtgf0h0twcn7cd7e6wcx"
REF = Ref("contacts", ID)


class House:
    """The same contact in every world that a route may look at."""

    def __init__(self, owner: str) -> None:
        self.office, self.post, self.drip = MassOffice(), PostOffice(), World()
        for office in (self.office, self.post):
            for id in ("lucia", "ines"):
                office.define("users", {"name": id, "email": f"{id}@huertaturia.example", "role": "marketer"}, id)
            office.define("groups", {"name": "Comerciales"}, GROUP)
        for writer in (self.office.writer, self.post.writer, replace(self.post.writer, records=self.drip.records)):
            values = {"lastname": "Núñez", "email": "lia@example.com"}
            create_record(writer, "contacts", values, cause=BY_MARC, owner=owner, id=ID)
        self.segment = self.office.segment().id
        by_hand = Source("manual", "marc", "2026-11-21T09:00:00.000Z", BY_MARC)
        self.office.memberships.add(self.segment, REF, by_hand)
        self.office.sync()
        self.message = plan_message(
            self.post.planner, REF, self.post.template, source_kind="wf", source_id="w1", cause=Cause("workflow", "w1")
        )
        later = [self.drip.welcome[2]]
        (self.assignment,) = assign_many(self.drip.drips, [REF], scheduled_actions=later, cause=BY_MARC)
        assign_many(self.drip.drips, [REF], plan=self.drip.plan, cause=BY_MARC)
        office, post = self.office, self.post
        text = {"kind": "paragraph", "text": "Hola"}
        letter = {
            "name": "Carta",
            "module": "contacts",
            "language": "es",
            "file": "Carta",
            "parts": [text],
            "fields": [],
        }
        self.letter = post.define("document_templates", letter).id
        self.file = PersonFile(
            office.records,
            office.memberships,
            self.drip.drips,
            post.messages,
            post.suppressions,
            office.timeline,
            office.log,
            office.job_line,
            MemoryFiles(),
        )
        self.eraser = Eraser(self.file, office.writer, post.ledger, post.letters, office.lake)
        self.export = start_export(self.file, REF, user_id="marc", key=None).id


@dataclass(frozen=True)
class Route:
    """One that reaches records. `refused` is what it answers where the record is hidden."""

    function: str
    route: str
    ask: Callable[[House, "Asker"], Answer]
    refused: int = 404
    #: What tells in an answer of 200 that the record is there; None: the status tells.
    shows: Callable[[Any], bool] | None = None
    writes: bool = False
    ok: tuple[int, ...] = (200, 201, 202, 204)
    #: Refused to everybody else, whoever owns the record.
    administrators: bool = False


Asker = Callable[..., Answer]
ITEM = {"module": "contacts", "id": ID}
LISTED: Callable[[Any], bool] = lambda body: any(item["id"] == ID for item in body["items"])  # noqa: E731
RECORD = f"/v1/records/contacts/{ID}"
TO_ONE = {"recipients": [ITEM]}


def _get(path: str, **query: str) -> Callable[[House, Asker], Answer]:
    return lambda house, ask: ask("GET", path.format(house=house), query=query or None)


def _send(method: str, path: str, body: Any = None) -> Callable[[House, Asker], Answer]:
    return lambda house, ask: ask(method, path.format(house=house), body)


def _loaded(house: House, ask: Asker) -> Answer:
    """Who is in by the filter, once the job is through."""
    answer = ask("POST", f"/v1/segments/{house.segment}/load", {"module": "contacts", "condition": {"all": []}})
    if answer.status != 202:
        return answer
    house.office.work()
    standing = house.office.memberships.standing(REF).memberships
    return replace(answer, status=200, body=[s.kind for m in standing for s in m.sources if s.kind == "filter"])


def _binned_first(house: House, ask: Asker) -> Answer:
    bin_record(Bin(house.office.writer, house.office.due_index), REF, cause=BY_MARC)
    return ask("POST", f"{RECORD}/restore")


ROUTES = [
    Route("records_api", "GET /v1/records/<module>", _get("/v1/records/contacts"), shows=LISTED),
    Route("records_api", "GET /v1/records/<module>/<id>", _get(RECORD)),
    Route("records_api", "GET /v1/search", _get("/v1/search", q="nunez"), shows=lambda body: body["count"] == 1),
    Route("records_api", "PATCH /v1/records/<module>/<id>", _send("PATCH", RECORD, {"values": {}}), writes=True),
    Route("records_api", "DELETE /v1/records/<module>/<id>", _send("DELETE", RECORD), writes=True),
    Route("records_api", "POST /v1/records/<module>/<id>/restore", _binned_first, writes=True),
    Route(
        "records_api",
        "POST /v1/records/<module>/mass-edit",
        _send("POST", "/v1/records/contacts/mass-edit", {"ids": [ID], "values": {"city": "Valencia"}}),
        writes=True,
    ),
    Route(
        "records_api",
        "POST /v1/records/<module>/mass-delete",
        _send("POST", "/v1/records/contacts/mass-delete", {"everything": True, "preview": True}),
        shows=lambda body: body["count"] == 1,
        writes=True,
    ),
    Route("records_api", "GET /v1/records/<module>/<id>/duplicates", _get(f"{RECORD}/duplicates")),
    Route(
        "records_api",
        "POST /v1/records/<module>/<id>/merge",
        _send("POST", f"{RECORD}/merge", {"others": [], "preview": True}),
        writes=True,
        ok=(422,),  # seen, and nothing to merge
    ),
    Route(
        "records_api",
        "POST /v1/records/<module>/<id>/erase",
        _send("POST", f"{RECORD}/erase", {"preview": True}),
        administrators=True,
    ),
    Route("records_api", "POST /v1/records/<module>/<id>/export", _send("POST", f"{RECORD}/export"), writes=True),
    Route(
        "records_api",
        "GET /v1/records/<module>/<id>/export/<job_id>",
        lambda house, ask: ask("GET", f"{RECORD}/export/{house.export}"),
    ),
    Route("records_api", "GET /v1/records/<module>/<id>/linked/<other>", _get(f"{RECORD}/linked/campaigns")),
    *(
        Route(
            "records_api",
            f"{method} /v1/records/<module>/<id>/linked/<other>",
            _send(method, f"{RECORD}/linked/campaigns", {"ids": ["01m805xtgf0h0twcn7cd7e6wcy"]}),
            writes=True,
            ok=(200, 204, 422),  # seen, and no such campaign
        )
        for method in ("POST", "DELETE")
    ),
    Route("records_api", "GET /v1/records/<module>/<id>/timeline", _get(f"{RECORD}/timeline")),
    Route("records_api", "GET /v1/records/<module>/<id>/related/<other>", _get(f"{RECORD}/related/messages")),
    Route(
        "filters_api",
        "POST /v1/filters/count",
        _send("POST", "/v1/filters/count", {"module": "contacts", "condition": {"all": []}}),
        shows=lambda body: body["count"] == 1 and [item["id"] for item in body["sample"]] == [ID],
    ),
    Route("segments_api", "GET /v1/segments/<id>/members", _get("/v1/segments/{house.segment}/members"), shows=LISTED),
    Route(
        "segments_api",
        "POST /v1/segments/<id>/members",
        _send("POST", "/v1/segments/{house.segment}/members", {"items": [ITEM]}),
        writes=True,
    ),
    Route(
        "segments_api",
        "DELETE /v1/segments/<id>/members",
        _send("DELETE", "/v1/segments/{house.segment}/members", {"items": [ITEM]}),
        writes=True,
    ),
    Route("segments_api", "POST /v1/segments/<id>/load", _loaded, shows=bool, writes=True),
    Route("segments_api", "GET /v1/segments/of/<module>/<record_id>", _get(f"/v1/segments/of/contacts/{ID}")),
    Route(
        "segments_api",
        "GET /v1/segments/<id>/why/<module>/<record_id>",
        _get(f"/v1/segments/{{house.segment}}/why/contacts/{ID}"),
    ),
    *(
        Route(
            "drip_api",
            f"POST /v1/scheduled-actions/<id>/{verb}",
            _send("POST", f"/v1/scheduled-actions/{{house.drip.welcome[0]}}/{verb}", TO_ONE),
            writes=verb != "preview",
        )
        for verb in ("assign", "unassign", "preview")
    ),
    *(
        Route(
            "drip_api",
            f"POST /v1/plans/<id>/{verb}",
            _send("POST", f"/v1/plans/{{house.drip.plan}}/{verb}", TO_ONE),
            writes=verb != "preview",
        )
        for verb in ("assign", "unassign", "preview")
    ),
    Route(
        "drip_api",
        "GET /v1/plans/<id>/recipients",
        _get("/v1/plans/{house.drip.plan}/recipients"),
        shows=lambda body: bool(body["items"]) and body["hidden"] == 0,
    ),
    Route("drip_api", "GET /v1/assignments", _get("/v1/assignments", recipient=str(REF))),
    Route("drip_api", "GET /v1/assignments/<id>", _get("/v1/assignments/{house.assignment.id}")),
    Route(
        "drip_api", "DELETE /v1/assignments/<id>", _send("DELETE", "/v1/assignments/{house.assignment.id}"), writes=True
    ),
    Route(
        "templates_api",
        "POST /v1/templates/<template_id>/preview",
        _send("POST", "/v1/templates/{house.post.template}/preview", {"record": ITEM}),
    ),
    Route(
        "templates_api",
        "POST /v1/templates/<template_id>/check",
        _send("POST", "/v1/templates/{house.post.template}/check", {"records": [ITEM]}),
        writes=True,
    ),
    Route(
        "templates_api",
        "POST /v1/templates/<template_id>/test",
        _send("POST", "/v1/templates/{house.post.template}/test", {"record": ITEM}),
        writes=True,
    ),
    Route(
        "templates_api",
        "GET /v1/document-templates/<id>/preview",
        _get("/v1/document-templates/{house.letter}/preview", record=f"contacts/{ID}"),
    ),
    # The job of an export of this person, which somebody else has asked for.
    Route("jobs_api", "GET /v1/jobs", _get("/v1/jobs"), shows=lambda body: bool(body["items"])),
    Route("jobs_api", "GET /v1/jobs/<job_id>", _get("/v1/jobs/{house.export}")),
    Route("jobs_api", "GET /v1/jobs/<job_id>/errors", _get("/v1/jobs/{house.export}/errors")),
    *(
        Route(
            "jobs_api",
            f"{method} /v1/jobs/<job_id>{verb}",
            _send(method, f"/v1/jobs/{{house.export}}{verb}"),
            writes=True,
            ok=(409,),  # seen, and at its end
        )
        for method, verb in (("DELETE", ""), *(("POST", f"/{control}") for control in CONTROLS))
    ),
    Route(
        "jobs_api",
        "POST /v1/messages",
        lambda house, ask: ask("POST", "/v1/messages", {"to": ITEM, "template_id": house.post.template}),
        writes=True,
        refused=422,
    ),
    Route(
        "jobs_api",
        "POST /v1/messages/<message_id>/accept",
        _send("POST", "/v1/messages/{house.message.id}/accept"),
        writes=True,
        ok=(409,),  # seen, and not in doubt
    ),
    Route(
        "jobs_api",
        "POST /v1/messages/<message_id>/send-again",
        _send("POST", "/v1/messages/{house.message.id}/send-again"),
        writes=True,
        ok=(409,),
    ),
]

#: Those that reach no single record of a module, and show nothing of one.
OTHERS = {
    "definitions": (
        *("actions", "scheduled-actions", "plans", "filters", "forms", "segments", "templates", "workflows"),
        *("documents", "document-templates"),
    ),
    "settings": (
        "meta",
        "webhooks",
        "settings",
        "fields",
        "uses",
        "users",
        "groups",
        "suppressions",
        "openapi.json",
    ),
}
#: Beyond those: what acts on all records (segments, workflows) or makes new ones, and totals.
FREE = {
    "POST /v1/records/<module>",
    "POST /v1/segments/<id>/autosync",
    "GET /v1/openapi.json",
    "GET /v1/records/<module>/columns",
    "POST /v1/records/<module>/columns",
    "GET /v1/deliverability",
    "GET /v1/doctor",
    "POST /v1/deliverability/resume",
    # Role × owner in an office of their own.
    *CAMPAIGN_ROUTES,
    # In a private module narrowed to what its author sees (below, and tests/unit/services); everybody has his own.
    "POST /v1/imports",
    "GET /v1/imports/<id>",
    "POST /v1/imports/<id>/preview",
    "POST /v1/imports/<id>/check",
    "POST /v1/imports/<id>/start",
    "GET /v1/imports/<id>/errors",
    "POST /v1/exports",
    "GET /v1/exports/<id>",
    # In a private module everybody undoes what he did himself.
    "POST /v1/records/<module>/undo/<job_id>",
}


@pytest.fixture
def house_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], House]:
    def build(owner: str, function: str) -> House:
        house = House(owner)
        office, post, drip = house.office, house.post, house.drip
        definitions = {"drip_api": drip.definitions, "templates_api": post.definitions, "jobs_api": post.definitions}
        for name, made in {
            "definitions": definitions.get(function, office.definitions),
            "record_writer": office.writer,
            "memberships": office.memberships,
            "autosync_rules": office.rules,
            "records": office.records,
            "messages": post.messages,
            "lake": office.lake,
            "timeline": office.timeline,
            "signer": MemorySigner(),
            "drips": drip.drips,
            "mail_planner": post.planner,
            "renderer": post.line.composer.renderer,
            "due_index": office.due_index,
            "reading": Reading(office.records, post.messages),
        }.items():
            monkeypatch.setattr(wiring, name, lambda made=made: made)
        monkeypatch.setattr(wiring_records, "mass", lambda: office.mass)
        monkeypatch.setattr(wiring_records, "person_file", lambda: house.file)
        monkeypatch.setattr(wiring_records, "eraser", lambda: house.eraser)
        roll = Roll(office.memberships, office.records, office.definitions, office.job_line)
        monkeypatch.setattr(wiring_segments, "roll", lambda: roll)
        monkeypatch.setattr(wiring_records, "record_bin", lambda: Bin(office.writer, office.due_index))
        monkeypatch.setattr(wiring, "clock", office.clock)
        monkeypatch.setattr(wiring, "ids", office.ids)
        monkeypatch.setattr(wiring_segments, "evaluator", lambda: office.evaluator)
        monkeypatch.setattr(wiring_segments, "filler", lambda: office.filler)
        monkeypatch.setattr(wiring_documents, "maker", PdfPress)
        monkeypatch.setattr(wiring_sending, "ledger", lambda: post.ledger)
        counter = MailCounter(post.planner, post.letters, post.line.composer.renderer, post.ids)
        monkeypatch.setattr(wiring_mail, "mail_counter", lambda: counter)
        monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
        monkeypatch.setattr(wiring_sending, "brake_desk", lambda: None)
        monkeypatch.setattr(wiring_sending, "campaign_machine", lambda: post.machine)
        monkeypatch.setattr(wiring_jobs, "job_line", lambda: office.job_line)
        monkeypatch.setattr(wiring_jobs, "job_log", lambda: office.log)
        monkeypatch.setattr(wiring_sight, "sight", VISIBILITY.of)
        return house

    return build


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.route)
def test_everybody_reaches_what_he_sees_and_nothing_else(
    route: Route, role: Any, owner: str, house_of: Callable[[str, str], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, api = house_of(owner, route.function), APIS[route.function]
    user = User("lucia", LUCIA.name, LUCIA.email, role, groups=(GROUP,))
    monkeypatch.setattr(api, "_find_user", lambda sub: user)

    def ask(method: str, path: str, body: Any = None, *, query: dict[str, str] | None = None) -> Answer:
        return call(api, method, path, body, query=query)

    answer = route.ask(house, ask)
    if (route.writes and role == "viewer") or (route.administrators and role != "admin"):
        assert answer.status == 403
    elif OWNERS[owner] or role == "admin":
        assert answer.status in route.ok, answer.body
        assert route.shows is None or route.shows(answer.body)
    elif route.shows:
        assert answer.status == 200
        assert not route.shows(answer.body)
    else:
        assert answer.status == route.refused, answer.body


def test_every_route_is_in_the_matrix_or_reaches_no_record() -> None:
    there = {
        f"{route.method} {route.path}" for api in APIS.values() for route in (*api._static_routes, *api._dynamic_routes)
    }
    asked = {route.route for route in ROUTES}
    nouns = {*OTHERS["definitions"], *OTHERS["settings"]}
    plain = {route for route in there - asked - FREE if route.split("/")[2] in nouns and "record" not in route}
    assert there - asked - plain == FREE
    assert asked <= there


def test_a_message_is_seen_by_whoever_sees_its_recipient(house_of: Callable[[str, str], House]) -> None:
    user = User("lucia", LUCIA.name, LUCIA.email, "marketer", groups=(GROUP,))
    for owner, seen in OWNERS.items():
        house = house_of(owner, "records_api")
        message = wiring_sight.messages(user).get(house.message.key)
        assert (message is not None) is seen
        assert wiring_sight.messages(user).get(MessageKey(REF, "wf", "another")) is None


def test_nothing_is_hidden_while_no_module_is_private() -> None:
    user = User("lucia", LUCIA.name, LUCIA.email, "viewer")
    assert Visibility().of(user).everything
    assert not VISIBILITY.of(user).everything
    assert VISIBILITY.of(replace(user, role="admin")).everything


def test_a_job_is_seen_by_who_started_it_and_by_who_sees_all_it_is_about() -> None:
    office = MassOffice()
    office.people(1)
    by_marc = office.start(Chosen("contacts", condition={"all": []}), Edit({"city": "Valencia"}))
    lucia = User("lucia", LUCIA.name, LUCIA.email, "marketer", groups=(GROUP,))
    sight = VISIBILITY.of(lucia)
    for job, seen in (
        (by_marc, False),
        (replace(by_marc, created_by="lucia"), True),
        (replace(by_marc, params={"chosen": {"module": "accounts"}}), True),
        (replace(by_marc, params={"module": "contacts"}), False),
        (replace(by_marc, params={"items": [str(REF)]}), False),
        (replace(by_marc, params={"campaign": "c1"}), True),
        (replace(by_marc, params={"segment": "s1", "rule": None}), True),
    ):
        assert sees_job(office.records, sight, "lucia", job) is seen, job.params
        assert sees_job(office.records, Visibility().of(lucia), "lucia", job)


def test_the_members_of_a_list_that_are_changed_or_deleted_are_those_that_are_seen(
    house_of: Callable[[str, str], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = APIS["records_api"]
    monkeypatch.setattr(api, "_find_user", lambda sub: User("lucia", "L", LUCIA.email, "marketer", groups=(GROUP,)))
    for owner, seen in OWNERS.items():
        house = house_of(owner, "records_api")
        body = {"segment_id": house.segment, "values": {"city": "Valencia"}}
        answer = call(api, "POST", "/v1/records/contacts/mass-edit", body)
        assert (answer.status, answer.body["outcome"]["changed"]) == (200, int(seen))
        assert house.office.record(REF).values.get("city") == ("Valencia" if seen else None)


def test_an_address_that_a_hidden_record_has_is_refused_without_a_word_of_the_record(
    house_of: Callable[[str, str], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = APIS["records_api"]
    monkeypatch.setattr(api, "_find_user", lambda sub: User("lucia", "L", LUCIA.email, "marketer", groups=(GROUP,)))
    for owner, seen in OWNERS.items():
        house_of(owner, "records_api")
        body = {"values": {"lastname": "Otra", "email": "lia@example.com"}}
        answer = call(api, "POST", "/v1/records/contacts", body)
        assert (answer.status, answer.broken()) == (409, [("values.email", "unique" if seen else "unique_hidden")])
        assert (ID in str(answer.body)) is seen

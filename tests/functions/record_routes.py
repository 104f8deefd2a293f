"""Every route that reaches records, how it is asked for one, and what it answers where that is hidden."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from gotero.domain.job import CONTROLS
from gotero.services.bin_record import Bin, bin_record
from tests.functions.admin_request import Answer
from tests.functions.private_house import ID, REF, House
from tests.functions.test_campaign_visibility import ROUTES as CAMPAIGN_ROUTES
from tests.unit.services.office import BY_MARC


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
        lambda house, ask: ask("GET", f"{RECORD}/export/{house.exported_by('lucia')}"),
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
        "POST /v1/messages/decide",
        lambda house, ask: ask(
            "POST", "/v1/messages/decide", {"decision": "accept", "ids": [house.message.id], "preview": True}
        ),
        writes=True,
    ),
    Route(
        "jobs_api",
        "GET /v1/messages/<message_id>/documents",
        _send("GET", "/v1/messages/{house.message.id}/documents"),
    ),
    Route(
        "jobs_api",
        "GET /v1/messages/<message_id>/documents/<template_id>",
        _send("GET", "/v1/messages/{house.message.id}/documents/{house.letter}"),
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

"""/v1/forms: web forms, and the HTML to paste into a site."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain import catalogue, company
from gotero.domain import form as rules
from gotero.domain.company import Company
from gotero.domain.record import Cause
from gotero.entry import form_pages, http, wiring
from gotero.entry.settings import setting
from gotero.ports import Definition
from gotero.services.save_form import KIND, change_form, create_form, delete_form
from gotero.services.submit_form import form_of
from gotero.services.write_definition import definition_json, get_definition

api = http.Api(find_user=wiring.find_user)
handler = api.handler


def _shown(definition: Definition) -> dict[str, Any]:
    return {**definition_json(definition), "warnings": rules.warnings(form_of(definition))}


def _form(id: str) -> Definition:
    return get_definition(wiring.definitions(), KIND, id)


@api.get("/v1/forms")
def list_() -> dict[str, Any]:
    return {"items": [_shown(d) for d in wiring.definitions().all(KIND)], "next": None}


@api.post("/v1/forms")
def create() -> Response[str]:
    form = create_form(
        wiring.definition_writer(),
        wiring.record_writer().phones,
        api.json(),
        owner=api.user.id,
        cause=Cause("user", api.user.id),
        id=api.idempotent_id(),
    )
    return http.created(_shown(form))


@api.get("/v1/forms/<id>")
def get(id: str) -> Response[str]:
    return http.respond(_shown(_form(id)))


@api.patch("/v1/forms/<id>")
def change(id: str) -> Response[str]:
    after = change_form(
        wiring.definition_writer(),
        wiring.record_writer().phones,
        _form(id),
        api.json(),
        cause=Cause("user", api.user.id),
        expected_version=api.expected_version(),
    )
    return http.respond(_shown(after))


@api.delete("/v1/forms/<id>")
def delete(id: str) -> Response[str]:
    delete_form(wiring.definitions(), _form(id))
    return http.empty()


@api.get("/v1/forms/<id>/html")
def html(id: str) -> Response[str]:
    definitions = wiring.definitions()
    settings = definitions.get(company.KIND, company.ID)
    language = catalogue.language_of(Company.from_json(settings.data if settings else {}).language)
    text = form_pages.embed_html(form_of(get_definition(definitions, KIND, id)), setting("PUBLIC_URL"), language)
    return Response(status_code=200, content_type="text/html; charset=utf-8", body=text)

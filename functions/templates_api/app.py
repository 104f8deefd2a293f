"""`/v1/templates`: write, preview, try and delete templates; `/v1/documents`: files to attach to mails.

`/v1/document-templates`: what documents are generated from.
"""

from aws_lambda_powertools.event_handler import Response

from gotero.domain.record import Cause
from gotero.entry import http, routes_document_templates, routes_documents, routes_templates, wiring, wiring_sight
from gotero.services.save_template import (
    KIND,
    create_template,
    delete_template,
    template_json,
    template_row,
    update_template,
)
from gotero.services.write_definition import get_definition

api = http.Api(find_user=wiring.find_user)

routes_templates.add_to(api)
routes_documents.add_to(api)
routes_document_templates.add_to(api)


@api.get("/v1/templates")
def list_templates() -> http.Json:
    found = sorted(wiring.definitions().all(KIND), key=lambda template: template.data["name"].casefold())
    return {"items": [template_row(template) for template in found], "next": None}


@api.post("/v1/templates")
def create() -> Response[str]:
    template = create_template(
        wiring.definition_writer(), wiring.template_compiler(), api.json(), cause=_cause(), id=api.idempotent_id()
    )
    return http.created(template_json(template, api.language))


@api.get("/v1/templates/<template_id>")
def get(template_id: str) -> Response[str]:
    return http.respond(template_json(get_definition(wiring.definitions(), KIND, template_id), api.language))


@api.put("/v1/templates/<template_id>")
def put(template_id: str) -> Response[str]:
    return _update(template_id, whole=True)


@api.patch("/v1/templates/<template_id>")
def patch(template_id: str) -> Response[str]:
    return _update(template_id, whole=False)


@api.delete("/v1/templates/<template_id>")
def delete(template_id: str) -> Response[str]:
    delete_template(wiring.definition_writer(), template_id, wiring_sight.jobs(api.user))
    return http.empty()


def _update(template_id: str, *, whole: bool) -> Response[str]:
    template = update_template(
        wiring.definition_writer(),
        wiring.template_compiler(),
        template_id,
        api.json(),
        cause=_cause(),
        expected_version=api.expected_version(),
        whole=whole,
        jobs=wiring_sight.jobs(api.user),
    )
    return http.respond(template_json(template, api.language))


def _cause() -> Cause:
    return Cause("user", api.user.id)


handler = api.handler

"""The routes of /v1/document-templates: what documents are generated from, and what one would look like."""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain.document_template import KIND
from gotero.domain.errors import FieldError, InvalidError
from gotero.domain.record import Ref
from gotero.entry import http, wiring, wiring_documents, wiring_sight
from gotero.entry.routes_definitions import cause_of
from gotero.services import save_document_template as documents
from gotero.services.preview_document import preview_document
from gotero.services.write_definition import get_definition

_PATH = "/v1/document-templates"
_ONE = f"{_PATH}/<id>"


def add_to(api: http.Api) -> None:
    @api.get(_PATH)
    def list_templates() -> dict[str, Any]:
        found = sorted(wiring.definitions().all(KIND), key=lambda d: str(d.data["name"]).casefold())
        return {"items": [documents.document_template_json(d, api.language) for d in found], "next": None}

    @api.post(_PATH)
    def create() -> Response[str]:
        made = documents.create_document_template(
            wiring.definition_writer(),
            wiring_documents.maker(),
            api.json(),
            cause=cause_of(api),
            id=api.idempotent_id(),
        )
        return http.created(documents.document_template_json(made, api.language))

    @api.get(_ONE)
    def get(id: str) -> Response[str]:
        found = get_definition(wiring.definitions(), KIND, id)
        return http.respond(documents.document_template_json(found, api.language))

    @api.patch(_ONE)
    def patch(id: str) -> Response[str]:
        changed = documents.update_document_template(
            wiring.definition_writer(),
            wiring_documents.maker(),
            id,
            api.json(),
            cause=cause_of(api),
            expected_version=api.expected_version(),
            jobs=wiring_sight.jobs(api.user),
        )
        return http.respond(documents.document_template_json(changed, api.language))

    @api.delete(_ONE)
    def remove(id: str) -> Response[str]:
        documents.delete_document_template(wiring.definition_writer(), id, wiring_sight.jobs(api.user))
        return http.empty()

    @api.get(f"{_ONE}/preview")
    def preview(id: str) -> Response[bytes]:
        ref = _record(api.query("record"))
        if ref:
            wiring_sight.refuse_hidden(api.user, ref)
        made = preview_document(
            id,
            ref,
            definitions=wiring.definitions(),
            records=wiring_sight.records(api.user),
            maker=wiring_documents.maker(),
            clock=wiring.clock,
        )
        return http.file(made)


def _record(text: str | None) -> Ref | None:
    """The record in `invoices/<id>`."""
    if not text:
        return None
    module, _, id = text.partition("/")
    if not module or not 0 < len(id) <= 100:
        raise InvalidError(FieldError("record", "id"))
    return Ref(module, id)

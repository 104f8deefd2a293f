"""The routes of /v1/documents: files that the house keeps, to attach to its mails."""

from aws_lambda_powertools.event_handler import Response

from gotero.entry import http, wiring, wiring_exchange, wiring_sight
from gotero.entry.routes_definitions import cause_of
from gotero.services import save_document
from gotero.services.write_definition import definition_json

_ONE = "/v1/documents/<id>"


def add_to(api: http.Api) -> None:
    @api.get("/v1/documents")
    def list_documents() -> http.Json:
        found = save_document.list_documents(wiring.definitions())
        return {"items": [definition_json(document) for document in found], "next": None}

    @api.post("/v1/documents")
    def announce() -> Response[str]:
        made, url = save_document.announce_document(
            wiring.definition_writer(),
            wiring_exchange.files(),
            api.json(),
            owner=api.user.id,
            id=api.idempotent_id(),
        )
        return http.created({**definition_json(made), "upload_url": url})

    @api.post(f"{_ONE}/uploaded")
    def uploaded(id: str) -> Response[str]:
        writer, files = wiring.definition_writer(), wiring_exchange.files()
        kept = save_document.keep_document(writer, wiring.numbers(), files, id, cause=cause_of(api))
        return http.respond(definition_json(kept))

    @api.get(_ONE)
    def get(id: str) -> Response[str]:
        return http.respond(definition_json(save_document.find_document(wiring.definitions(), id)))

    @api.get(f"{_ONE}/download")
    def download(id: str) -> http.Json:
        found = save_document.find_document(wiring.definitions(), id)
        url = wiring_exchange.files().download_url(save_document.content_key(found), found.data["file"])
        return {"url": url}

    @api.patch(_ONE)
    def rename(id: str) -> Response[str]:
        version = api.expected_version()
        renamed = save_document.rename_document(
            wiring.definition_writer(), id, api.json(), cause=cause_of(api), expected_version=version
        )
        return http.respond(definition_json(renamed))

    @api.delete(_ONE)
    def delete(id: str) -> Response[str]:
        writer, files = wiring.definition_writer(), wiring_exchange.files()
        save_document.delete_document(writer, files, id, wiring_sight.jobs(api.user))
        return http.empty()

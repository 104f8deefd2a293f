"""The routes under /v1/records of a person's rights: all that is known of them, and the end of it."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain import modules
from gotero.domain.record import Ref
from gotero.entry import bodies, http, wiring_records, wiring_sight
from gotero.entry.routes_many import answer
from gotero.services.erase_person import preview_erase, start_erase
from gotero.services.export_person import read_export, start_export


class Erased(bodies.Body):
    """`confirm`: the number of the record, typed by whoever erases it."""

    confirm: Annotated[str, Field(max_length=50)] = ""
    #: Only say what would go.
    preview: bool = False


def add_to(api: http.Api) -> None:
    @api.post("/v1/records/<module>/<id>/export")
    def export(module: str, id: str) -> Response[str]:
        ref, key = Ref(modules.module(module).id, id), api.idempotent_id()
        wiring_sight.refuse_hidden(api.user, ref)
        return answer(start_export(wiring_records.person_file(), ref, user_id=api.user.id, key=key))

    @api.get("/v1/records/<module>/<id>/export/<job_id>")
    def exported(module: str, id: str, job_id: str) -> http.Json:
        ref = Ref(modules.module(module).id, id)
        wiring_sight.refuse_hidden(api.user, ref)
        asks = "" if wiring_sight.sight(api.user).everything else api.user.id
        return read_export(wiring_records.person_file(), ref, job_id, asks)

    @api.post("/v1/records/<module>/<id>/erase")
    def erase(module: str, id: str) -> Response[str]:
        user = api.administrator().id
        body, ref, eraser = api.read(Erased), Ref(modules.module(module).id, id), wiring_records.eraser()
        if body.preview:
            return http.respond(preview_erase(eraser, ref))
        return answer(start_erase(eraser, ref, body.confirm, user_id=user, key=api.idempotent_id()))

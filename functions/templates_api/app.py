"""`/v1/templates`: write, preview, try and delete templates."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain.record import Cause, Ref
from gotero.entry import bodies, http, wiring, wiring_sending, wiring_sight
from gotero.services.check_template import check_template
from gotero.services.preview_template import preview_template
from gotero.services.save_template import (
    KIND,
    create_template,
    delete_template,
    template_json,
    template_row,
    update_template,
)
from gotero.services.send_test import send_test
from gotero.services.write_definition import get_definition

api = http.Api(find_user=wiring.find_user)


class Preview(bodies.Body):
    record: bodies.RecordRef | None = None


class Sample(bodies.Body):
    records: Annotated[list[bodies.RecordRef], Field(max_length=50, default_factory=list)]


class TestSend(bodies.Body):
    to: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    record: bodies.RecordRef | None = None


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
    delete_template(wiring.definition_writer(), template_id, wiring_sending.jobs())
    return http.empty()


@api.post("/v1/templates/<template_id>/preview")
def preview(template_id: str) -> http.Json:
    body = api.read(Preview) if api.raw_body() else Preview()
    return _preview(template_id, _ref(body.record))


def _preview(template_id: str, recipient: Ref | None) -> http.Json:
    return preview_template(
        template_id,
        recipient,
        definitions=wiring.definitions(),
        records=wiring_sight.records(api.user),
        renderer=wiring.renderer(),
        language=api.language,
    )


@api.post("/v1/templates/<template_id>/check")
def check(template_id: str) -> http.Json:
    body = api.read(Sample) if api.raw_body() else Sample(records=[])
    refs = [record.ref() for record in body.records]
    wiring_sight.refuse_hidden(api.user, *refs)
    return check_template(
        template_id,
        refs,
        definitions=wiring.definitions(),
        records=wiring_sight.records(api.user),
        lake=None if refs else wiring_sight.lists(api.user),
        renderer=wiring.renderer(),
    )


@api.post("/v1/templates/<template_id>/test")
def test(template_id: str) -> Response[str]:
    body = api.read(TestSend) if api.raw_body() else TestSend()
    # What no mail can be made of is refused here, and not on its way.
    _preview(template_id, _ref(body.record))
    message = send_test(
        wiring.mail_planner(),
        template_id,
        api.user,
        source_id=api.idempotent_id() or wiring.ids.new(),
        to=body.to,
        about=_ref(body.record),
    )
    return http.accepted(message.to_record().to_json())


def _ref(record: bodies.RecordRef | None) -> Ref | None:
    if record is None:
        return None
    wiring_sight.refuse_hidden(api.user, record.ref())
    return record.ref()


def _update(template_id: str, *, whole: bool) -> Response[str]:
    template = update_template(
        wiring.definition_writer(),
        wiring.template_compiler(),
        template_id,
        api.json(),
        cause=_cause(),
        expected_version=api.expected_version(),
        whole=whole,
    )
    return http.respond(template_json(template, api.language))


def _cause() -> Cause:
    return Cause("user", api.user.id)


handler = api.handler

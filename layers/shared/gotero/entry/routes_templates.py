"""What a template would look like for somebody, whom it would lack something for, and a mail to try it."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from gotero.domain.document import MOST, Enclosed
from gotero.domain.record import Ref
from gotero.domain.user import User
from gotero.entry import bodies, http, wiring, wiring_sight
from gotero.services.check_template import check_template
from gotero.services.enclose import brought_by
from gotero.services.list_enclosed import enclosed_json
from gotero.services.plan_message import TEMPLATES
from gotero.services.preview_template import preview_template
from gotero.services.send_test import send_test
from gotero.services.write_definition import get_definition

_Ids = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=255)]], Field(max_length=MOST, default_factory=list)
]


class Preview(bodies.Body):
    record: bodies.RecordRef | None = None


class Sample(bodies.Body):
    records: Annotated[list[bodies.RecordRef], Field(max_length=50, default_factory=list)]


class TestSend(bodies.Body):
    to: Annotated[str, Field(min_length=1, max_length=254)] | None = None
    record: bodies.RecordRef | None = None
    #: Of the send that is tried out.
    documents: _Ids
    document_templates: _Ids


def add_to(api: http.Api) -> None:
    @api.post("/v1/templates/<template_id>/preview")
    def preview(template_id: str) -> http.Json:
        body = api.read(Preview) if api.raw_body() else Preview()
        return _preview(api, template_id, _ref(api.user, body.record))

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
        body = api.read(TestSend) if api.raw_body() else TestSend(documents=[], document_templates=[])
        # What no mail can be made of is refused here, and not on its way.
        _preview(api, template_id, _ref(api.user, body.record))
        chosen = Enclosed(tuple(body.documents), tuple(body.document_templates))
        message = send_test(
            wiring.mail_planner(),
            template_id,
            api.user,
            source_id=api.idempotent_id() or wiring.ids.new(),
            to=body.to,
            about=_ref(api.user, body.record),
            enclosed=chosen,
        )
        brought = brought_by(get_definition(wiring.definitions(), TEMPLATES, template_id))
        along = enclosed_json(wiring.definitions(), brought, chosen)
        return http.accepted({**message.to_record().to_json(), "attachments": along})


def _preview(api: http.Api, template_id: str, recipient: Ref | None) -> http.Json:
    return preview_template(
        template_id,
        recipient,
        definitions=wiring.definitions(),
        records=wiring_sight.records(api.user),
        renderer=wiring.renderer(),
        language=api.language,
    )


def _ref(user: User, record: bodies.RecordRef | None) -> Ref | None:
    if record is None:
        return None
    wiring_sight.refuse_hidden(user, record.ref())
    return record.ref()

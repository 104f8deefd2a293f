"""Show what a template would look like to somebody, without sending or counting anything."""

from gotero.domain.catalogue import Language
from gotero.domain.errors import FieldError, InvalidError, OversizeError, PermanentError
from gotero.domain.mail_context import empty_fields
from gotero.domain.mail_links import preview_links
from gotero.domain.record import Ref
from gotero.domain.template import too_large
from gotero.ports import Definitions, Json, Records, Renderer
from gotero.services.enclose import brought_by
from gotero.services.list_enclosed import enclosed_json
from gotero.services.load_mail_context import example_mail_context, load_mail_context
from gotero.services.save_template import KIND, compiled_template, warnings_json
from gotero.services.write_definition import get_definition


def preview_template(
    template_id: str,
    recipient: Ref | None,
    *,
    definitions: Definitions,
    records: Records,
    renderer: Renderer,
    language: Language,
) -> Json:
    """Subject, HTML and text as this recipient would get them, or an example when none is named."""
    template = get_definition(definitions, KIND, template_id)
    compiled = compiled_template(template)
    empty: tuple[FieldError, ...] = ()
    if recipient is None:
        context = example_mail_context(definitions)
    else:
        record = records.get(recipient)
        if record is None or record.deleted_at:
            raise InvalidError(FieldError("record", "not_found"))
        context = load_mail_context(records, definitions, record, compiled.fields)
        fields = empty_fields(compiled.fields, context)
        empty = tuple(FieldError("record", "empty_field", (("field", field),)) for field in fields)
    try:
        content = renderer.render(compiled, context, preview_links(""))
    except OversizeError as error:
        raise InvalidError(too_large("record")) from error
    except PermanentError as error:
        raise InvalidError(FieldError("record", "rendering")) from error
    return {
        "subject": content.subject,
        "html": content.html,
        "text": content.text,
        "warnings": warnings_json(compiled.warned(empty), language),
        "attachments": enclosed_json(definitions, brought_by(template)),
    }

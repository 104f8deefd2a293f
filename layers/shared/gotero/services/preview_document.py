"""Make the document that a record would get, without sending it to anybody."""

from gotero.domain import company, modules
from gotero.domain.company import Company
from gotero.domain.delay import zone_of
from gotero.domain.document_template import KIND, DocumentTemplate, is_about
from gotero.domain.errors import FieldError, InvalidError, OversizeError, PermanentError
from gotero.domain.letter import Attachment
from gotero.domain.record import Record, Ref
from gotero.ports import Clock, Definitions, DocumentMaker, Json, Records
from gotero.services.load_mail_context import example_mail_context, load_mail_context
from gotero.services.write_definition import get_definition

#: The fields by which a record points to whom its mail goes, in the order in which a workflow looks for them.
_RECIPIENTS = {"contact": "contacts", "account": "accounts", "lead": "leads"}


def preview_document(
    template_id: str,
    ref: Ref | None,
    *,
    definitions: Definitions,
    records: Records,
    maker: DocumentMaker,
    clock: Clock,
) -> Attachment:
    """For the record `ref`, or for somebody invented. InvalidError says why it cannot be made."""
    found = get_definition(definitions, KIND, template_id)
    template = DocumentTemplate.from_json(found.data)
    if ref is None:
        context = example_mail_context(definitions)
    else:
        record = records.get(ref) if ref.module in modules.MODULES else None
        if record is None or record.deleted_at:
            raise InvalidError(FieldError("record", "not_found"))
        if not is_about(template.module, ref.module):
            raise InvalidError(FieldError("record", "choice", (("choices", template.module),)))
        recipient = _recipient(records, record)
        about = [ref] if recipient.ref != ref else []
        context = load_mail_context(records, definitions, recipient, found.data["fields"], about)
    settings = definitions.get(company.KIND, company.ID)
    zone = zone_of(Company.from_json(settings.data if settings else {}).zone)
    return make_or_refuse(maker, template, context, clock.now().astimezone(zone).date().isoformat())


def make_or_refuse(maker: DocumentMaker, template: DocumentTemplate, values: Json, day: str) -> Attachment:
    """The document; InvalidError says that it cannot be made for this record."""
    try:
        return maker.make(template, values, day)
    except OversizeError as error:
        raise InvalidError(FieldError("record", "document_too_large")) from error
    except PermanentError as error:
        raise InvalidError(FieldError("record", "document")) from error


def _recipient(records: Records, record: Record) -> Record:
    """Who gets the mail that is about the record; itself, when it is a person or points to nobody."""
    if record.module in modules.RECIPIENTS:
        return record
    for field, module in _RECIPIENTS.items():
        if id := record.values.get(field):
            found = records.get(Ref(module, str(id)))
            if found and not found.deleted_at:
                return found
    return record

"""What tests of attached documents need: documents of an office, a press that counts, and what stands in a PDF."""

from collections.abc import Callable
from io import BytesIO

import pytest
from pypdf import PdfReader

from gotero.adapters.rendering.pdf import PdfPress
from gotero.domain.document_template import DocumentTemplate
from gotero.domain.errors import InvalidError
from gotero.domain.handover import OutgoingMail
from gotero.domain.letter import Attachment
from gotero.ports import Json
from gotero.services.save_document import announce_document, keep_document
from gotero.services.save_document_template import create_document_template
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice

PDF = b"%PDF-1.4 tarifas"


def document(office: PostOffice, file: str = "tarifas.pdf", content: bytes = PDF) -> str:
    made, _ = announce_document(office.definer, office.files, {"file": file, "size": len(content)}, owner=MARC)
    office.files.stored[f"uploads/{made.id}.pdf"] = content
    return keep_document(office.definer, office.writer.numbers, office.files, made.id, cause=BY_MARC).id


def letter(office: PostOffice, module: str = "contacts", text: str = "Hola, {{ contact.firstname }}.") -> str:
    body = {"name": "Carta", "module": module, "file": "Carta {{ firstname }}"}
    parts = [{"kind": "paragraph", "text": text}]
    return create_document_template(office.definer, office.press, {**body, "parts": parts}, cause=BY_MARC).id


def said(mail: OutgoingMail) -> str:
    """What stands in the last document of a mail."""
    return printed(mail.attachments[-1])


def printed(document: Attachment) -> str:
    return " ".join(PdfReader(BytesIO(document.content)).pages[0].extract_text().split())


class Press:
    """Makes documents, counts them, and fails when it is told to."""

    def __init__(self) -> None:
        self.press, self.made = PdfPress(), 0
        self.error: Exception | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    def check(self, template: DocumentTemplate) -> tuple[str, ...]:
        return self.press.check(template)

    def make(self, template: DocumentTemplate, values: Json, day: str) -> Attachment:
        self.made += 1
        self.meanwhile()
        if self.error:
            raise self.error
        return self.press.make(template, values, day)


def broken(error: pytest.ExceptionInfo[InvalidError]) -> set[tuple[str, str]]:
    return {(e.path, e.rule) for e in error.value.errors}

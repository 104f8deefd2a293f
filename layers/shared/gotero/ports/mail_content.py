"""Templates to mails, and to the documents that go along with them."""

from typing import Protocol

from gotero.domain.document_template import DocumentTemplate
from gotero.domain.letter import Attachment
from gotero.domain.mail_links import MailLinks
from gotero.domain.template import CompiledTemplate, MailContent, Template
from gotero.ports.world import Json


class Renderer(Protocol):
    """Templates to mails. Compiling happens once a version, when it is saved; rendering once a recipient."""

    def compile(self, template: Template) -> CompiledTemplate:
        """The template ready for recipients. InvalidError with the reason, under the part that is wrong."""

    def render(self, compiled: CompiledTemplate, context: Json, links: MailLinks) -> MailContent:
        """One mail. `context` is plain data (domain/mail_context.py). PermanentError when it cannot be made."""


class DocumentMaker(Protocol):
    """Templates to documents. The same template, values and day give the same bytes."""

    def check(self, template: DocumentTemplate) -> tuple[str, ...]:
        """Every value that it reads. InvalidError with the reason, under the part that is wrong."""

    def make(self, template: DocumentTemplate, values: Json, day: str) -> Attachment:
        """The document, dated `day` (ISO). PermanentError when it cannot be made, OversizeError when it is too large.

        TransientError when nobody could be asked.
        """

"""Templates to mails."""

from typing import Protocol

from gotero.domain.mail_links import MailLinks
from gotero.domain.template import CompiledTemplate, MailContent, Template
from gotero.ports.world import Json


class Renderer(Protocol):
    """Templates to mails. Compiling happens once a version, when it is saved; rendering once a recipient."""

    def compile(self, template: Template) -> CompiledTemplate:
        """The template ready for recipients. InvalidError with the reason, under the part that is wrong."""

    def render(self, compiled: CompiledTemplate, context: Json, links: MailLinks) -> MailContent:
        """One mail. `context` is plain data (domain/mail_context.py). PermanentError when it cannot be made."""

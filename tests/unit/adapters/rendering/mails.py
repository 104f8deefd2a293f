"""Templates and links that the tests of rendering share."""

from collections.abc import Mapping

from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.mail_links import MailLinks, message_links
from gotero.domain.template import MailContent, Template

SIGNER = MemorySigner()
RENDERER = TemplateRenderer()
PUBLIC_URL = "https://mails.example"
MESSAGE = "contacts-01hzy0000000000000000000aa-job-01hzy0000000000000000000bb-1"


def links(message_id: str = MESSAGE, *, test: bool = False) -> MailLinks:
    return message_links(PUBLIC_URL, SIGNER.sign, message_id, test=test)


def template(html: str = "", *, mjml: str = "", subject: str = "Hola", text: str = "") -> Template:
    return Template("t", subject, mjml, html, text)


def mjml(content: str) -> str:
    """MJML with `content` in one column."""
    return f"<mjml><mj-body><mj-section><mj-column>{content}</mj-column></mj-section></mj-body></mjml>"


def rendered(written: Template, context: Mapping[str, object] | None = None) -> MailContent:
    return RENDERER.render(RENDERER.compile(written), dict(context or {}), links())


def target(link: str) -> str | None:
    """Where a counted link leads."""
    payload = SIGNER.read("c", link.removeprefix(f"{PUBLIC_URL}/c/")) if link.startswith(f"{PUBLIC_URL}/c/") else None
    return payload["u"] if payload else None

"""The renderer: a template in, mails out."""

import re
from typing import Any

from jinja2.exceptions import TemplateError, TemplateSyntaxError

from gotero.adapters.rendering import footer, mjml_source, plain_text, sandbox
from gotero.adapters.rendering.links import FoundLinks, track, track_text
from gotero.adapters.rendering.merge_tags import MergeTags
from gotero.adapters.rendering.policy import RefusedError
from gotero.domain.errors import FieldError, InvalidError, OversizeError, PermanentError
from gotero.domain.mail_context import EXAMPLE
from gotero.domain.mail_links import MailLinks, preview_links
from gotero.domain.template import LINK_LIMIT, SUBJECT_LIMIT, CompiledTemplate, MailContent, Template, too_large

#: Beyond this Gmail hides the rest, and with it the unsubscribe link.
_GMAIL_KB = 100
#: Everything that a header must not hold: line breaks of any alphabet, and other control characters.
#: And what turns the direction of what follows: a file name, an address.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e]+")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


class TemplateRenderer:
    """Compiles and renders in this process. What may run at all is bounded by policy.py and sandbox.py."""

    def compile(self, template: Template) -> CompiledTemplate:
        path = template.body_key
        tags = MergeTags(template.mjml or template.html)
        markup = mjml_source.to_html(tags, template.language) if template.mjml else tags.protected
        found = FoundLinks()
        tracked = track(markup, tags, path, found)
        html = tags.restore(tracked)
        if template.text:
            text_tags = MergeTags(template.text)
            text = text_tags.restore(track_text(text_tags.protected, found, text_tags))
        else:
            text = tags.restore(plain_text.derive(tracked))
        if len(found.targets) > LINK_LIMIT:
            raise InvalidError(FieldError(path, "too_many_links", (("limit", str(LINK_LIMIT)),)))
        subject = MergeTags(template.subject)
        read = {"subject": _fields(subject.restore(subject.protected), "subject")}
        read["html"] = _fields(html, path)
        read["text"] = _fields(text, "text" if template.text else path)
        compiled_subject = subject.restore(subject.protected)
        compiled = CompiledTemplate(
            compiled_subject,
            footer.complete_html(html, read["html"], template.language),
            footer.complete_text(text, read["text"], template.language),
            template.language,
            tuple(found.targets),
            tuple(sorted(set.union(*read.values()) | {"company.name", "company.address"})),
            (*found.warnings, *_clipped(html, path)),
            tuple(sorted(set.union(*map(sandbox.bare_fields, (compiled_subject, html, text))))),
        )
        return self._tried(compiled, path)

    def render(self, compiled: CompiledTemplate, context: dict[str, Any], links: MailLinks) -> MailContent:
        values = {
            **context,
            "unsubscribe_url": links.unsubscribe,
            "preferences_url": links.preferences,
            "view_url": links.view,
            "open_url": links.open,
        }
        try:
            subject, html, text = (
                sandbox.render(source, values, links, compiled.language, html=is_html)
                for source, is_html in ((compiled.subject, False), (compiled.html, True), (compiled.text, False))
            )
        except sandbox.GrownError as error:
            raise OversizeError("template") from error
        except TemplateError as error:
            # The kind of error and no more: its message could quote a recipient's data.
            raise PermanentError(f"template: {type(error).__name__}") from error
        return MailContent(one_line(subject), html, _BLANK_LINES.sub("\n\n", text), links.headers())

    def _tried(self, compiled: CompiledTemplate, path: str) -> CompiledTemplate:
        """`compiled`, once it has been rendered for an example, and for somebody of whom nothing is known."""
        for context in (EXAMPLE, {}):
            for key, source in (("subject", compiled.subject), (path, compiled.html), ("text", compiled.text)):
                try:
                    sandbox.render(source, context, preview_links(""), compiled.language, html=key == path)
                except sandbox.GrownError as error:
                    raise InvalidError(too_large(key)) from error
                except TemplateError as error:
                    raise _refused(key, str(error)) from error
        return compiled


def one_line(text: str) -> str:
    """A subject that is one line of at most 998 characters, whatever was merged into it."""
    return " ".join(_CONTROL.sub(" ", text).split())[:SUBJECT_LIMIT]


def _clipped(html: str, path: str) -> tuple[FieldError, ...]:
    size = len(html.encode()) // 1000
    return (FieldError(path, "clipped", (("size", str(size)),)),) if size >= _GMAIL_KB else ()


def _fields(source: str, path: str) -> set[str]:
    try:
        return sandbox.fields(source)
    except TemplateSyntaxError as error:
        raise _refused(path, f"{error.message} ({error.lineno})") from error
    except (TemplateError, RefusedError) as error:
        raise _refused(path, str(error)) from error


def _refused(path: str, reason: str) -> InvalidError:
    return InvalidError(FieldError(path, "template", (("reason", reason[:300]),)))

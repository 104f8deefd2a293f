"""A web form as HTML: to paste into a site, and as a page of our own that says what is wrong."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from gotero.domain import catalogue, modules
from gotero.domain.errors import FieldError
from gotero.domain.form import HONEYPOT, Form
from gotero.entry import pages
from gotero.entry.public import location

Json = dict[str, Any]

_INPUT_TYPES = {"email": "email", "phone": "tel", "url": "url", "date": "date", "integer": "number", "time": "time"}
#: What browsers and assistive technology know these inputs as (WCAG 1.3.5).
_AUTOCOMPLETE = {
    "firstname": "given-name",
    "lastname": "family-name",
    "email": "email",
    "phone": "tel",
    "mobile": "tel",
    "company": "organization",
    "title": "organization-title",
    "birthday": "bday",
    "city": "address-level2",
    "postal_code": "postal-code",
}


@dataclass(frozen=True, slots=True)
class Input:
    """One input as the template draws it."""

    field: str
    name: str
    label: str
    type: str
    required: bool
    options: tuple[Mapping[str, str], ...] = ()

    @property
    def input_type(self) -> str:
        return _INPUT_TYPES.get(self.type, "text")

    @property
    def autocomplete(self) -> str:
        return _AUTOCOMPLETE.get(self.field, "")


def inputs(form: Form, language: catalogue.Language) -> list[Input]:
    """What the visitor fills in, with the labels of the module's declaration."""
    module = modules.module(form.module)
    drawn = []
    for asked in form.asked():
        field = module.field(asked.field)
        if field is None:
            continue
        options = tuple({"value": o.value, "label": o.label.to_json()[language]} for o in field.options)
        required = asked.required or field.required
        label = field.label.to_json()[language]
        drawn.append(Input(asked.field, asked.input, label, field.type, required, options))
    return drawn


def language_of(form: Form, otherwise: catalogue.Language) -> catalogue.Language:
    """The language that the form asks in; where it does not say, `otherwise`."""
    return cast(catalogue.Language, form.language) if form.language else otherwise


def action_of(form: Form, public_url: str) -> str:
    return f"{public_url}/f/{form.public_id}"


def embed_html(form: Form, public_url: str, language: catalogue.Language) -> str:
    """The HTML to paste into a site: no script, no style sheet, accessible. `language`: the company's."""
    language = language_of(form, language)
    lines = pages.render(
        "form_embed.html",
        language,
        title=form.name,
        action=action_of(form, public_url),
        public_id=form.public_id,
        fields=inputs(form, language),
        honeypot=HONEYPOT,
        button=form.button,
    ).splitlines()
    return "\n".join(line for line in lines if line.strip()) + "\n"


def form_page(
    form: Form,
    public_url: str,
    language: catalogue.Language,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Sequence[FieldError] = (),
    back: str = "",
) -> Json:
    """The form as our own page; with errors, each at its field and what was typed kept. `language`: the visitor's."""
    language = language_of(form, language)
    messages = {
        e.path.removeprefix("values."): catalogue.text("errors", e.rule, language, **dict(e.values)) for e in errors
    }
    body = pages.render(
        "form.html",
        language,
        title=form.name,
        action=action_of(form, public_url),
        fields=inputs(form, language),
        values=typed or {},
        errors=messages,
        honeypot=HONEYPOT,
        button=form.button,
        back=back,
    )
    return pages.html_answer(body, 422 if errors else 200, _policy(form))


def _policy(form: Form) -> str:
    """As other pages, but the answer to the post may lead to the form's own return URL (browsers check redirects)."""
    style = b64encode(sha256(pages.style().encode()).digest()).decode()
    target = location("/".join(form.return_url.split("/", 3)[:3])) if form.return_url else ""
    return (
        f"default-src 'none'; style-src 'sha256-{style}' 'unsafe-hashes' 'sha256-{_TRAP_STYLE}'; "
        f"form-action 'self' {target}; base-uri 'none'; frame-ancestors 'none'"
    )


_TRAP_STYLE = b64encode(sha256(b"position:absolute;left:-9999px;height:1px;overflow:hidden").digest()).decode()

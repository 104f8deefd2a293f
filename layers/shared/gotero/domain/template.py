"""Templates: what people write, what is made of it once a version, and what a recipient gets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from gotero.domain.catalogue import Language
from gotero.domain.document import NOTHING, Enclosed, read_enclosed
from gotero.domain.errors import FieldError
from gotero.domain.shape import Reader

TemplateClass = Literal["marketing", "transactional"]
CLASSES: tuple[TemplateClass, ...] = get_args(TemplateClass)

SOURCE_LIMIT = 200_000
#: Source and what is made of it live in one item of 400 KB.
STORED_LIMIT = 380_000
SUBJECT_LIMIT = 998
#: Characters of each form of a mail as it is sent: a tenth of what SES takes, ten times what Gmail shows of it.
MAIL_LIMIT = 1_000_000
LINK_LIMIT = 50

#: What a new template begins as.
STARTER: Mapping[str, str] = {
    language: f"""<mjml>
  <mj-body background-color="#f4f5f7">
    <mj-section background-color="#ffffff">
      <mj-column>
        <mj-text font-size="20px" font-weight="700">{greeting}</mj-text>
        <mj-text line-height="1.5">{body}</mj-text>
        <mj-button href="https://example.com" background-color="#1864ab">{more}</mj-button>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""
    for language, greeting, body, more in (
        ("es", "Hola, {{ firstname }}:", "Escribe aquí tu mensaje.", "Saber más"),
        ("en", "Hello {{ firstname }},", "Write your message here.", "Find out more"),
    )
}


@dataclass(frozen=True, slots=True)
class Template:
    """Content as written: one of `mjml` and `html`; without `text`, it is derived."""

    name: str
    subject: str
    mjml: str = ""
    html: str = ""
    text: str = ""
    message_class: TemplateClass = "marketing"
    language: Language = "es"
    #: What goes along with each of its mails, beside what is chosen for that send.
    enclosed: Enclosed = NOTHING

    @property
    def body_key(self) -> str:
        return "mjml" if self.mjml else "html"

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"name": self.name, "subject": self.subject, self.body_key: self.mjml or self.html}
        if self.text:
            data["text"] = self.text
        return {**data, "class": self.message_class, "language": self.language, **self.enclosed.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Template":
        return cls(
            data["name"],
            data["subject"],
            data.get("mjml", ""),
            data.get("html", ""),
            data.get("text", ""),
            data["class"],
            data["language"],
            Enclosed.from_json(data),
        )


def read_template(data: object, default_language: Language) -> Template:
    """The template in a JSON body; InvalidError names every broken rule."""
    if isinstance(data, dict):
        data = {k: v.replace("\r\n", "\n") if isinstance(v, str) else v for k, v in data.items()}
    reader = Reader(data)
    template = Template(
        name=reader.text("name", required=True),
        subject=reader.text("subject", required=True, limit=SUBJECT_LIMIT),
        mjml=reader.text("mjml", limit=SOURCE_LIMIT),
        html=reader.text("html", limit=SOURCE_LIMIT),
        text=reader.text("text", limit=SOURCE_LIMIT),
        message_class="transactional"
        if reader.choice("class", CLASSES, default=CLASSES[0]) == CLASSES[1]
        else CLASSES[0],
        language="en" if reader.choice("language", get_args(Language), default=default_language) == "en" else "es",
        enclosed=read_enclosed(reader),
    )
    if bool(template.mjml) == bool(template.html):
        reader.wrong("mjml", "one_of", keys="mjml, html")
    reader.done()
    return template


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A template with MJML, links, footer and text part worked out: only the merge tags are left."""

    subject: str
    html: str
    text: str
    language: Language
    #: The targets of its counted links, as they stand in the template.
    links: tuple[str, ...]
    #: Every value that a merge tag reads: `firstname`, `account.industry`, `owner.name`.
    fields: tuple[str, ...]
    warnings: tuple[FieldError, ...] = ()
    #: Those of `fields` that are printed as they are: no fallback, and no `if` that asks for them first.
    bare: tuple[str, ...] = ()

    def warned(self, warnings: tuple[FieldError, ...]) -> "CompiledTemplate":
        """The same with these warnings added."""
        return replace(self, warnings=(*self.warnings, *warnings))

    def to_json(self) -> dict[str, Any]:
        return {
            "subject": self.subject,
            "html": self.html,
            "text": self.text,
            "language": self.language,
            "links": list(self.links),
            "fields": list(self.fields),
            "bare": list(self.bare),
            "warnings": [[w.path, w.rule, [list(v) for v in w.values]] for w in self.warnings],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CompiledTemplate":
        return cls(
            data["subject"],
            data["html"],
            data["text"],
            data["language"],
            tuple(data["links"]),
            tuple(data["fields"]),
            tuple(FieldError(path, rule, tuple((k, v) for k, v in values)) for path, rule, values in data["warnings"]),
            tuple(data.get("bare", ())),
        )


@dataclass(frozen=True, slots=True)
class MailContent:
    """One mail, ready to be handed over. `headers` are those beside From, To and Subject."""

    subject: str
    html: str
    text: str
    headers: tuple[tuple[str, str], ...]


def too_large(path: str) -> FieldError:
    """What is said of a mail beyond MAIL_LIMIT."""
    return FieldError(path, "mail_too_large", (("limit", str(MAIL_LIMIT // 1000)),))

"""Web forms: which fields a website may send into a module, what is imposed, from where, where the visitor lands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from gotero.domain.errors import FieldError
from gotero.domain.modules import Module
from gotero.domain.shape import Json, Reader

#: Modules that a website may fill.
MODULES = ("contacts", "leads", "accounts")
LANGUAGES = ("es", "en")
MAX_BUTTON = 60
#: A field that people do not see and robots fill in.
HONEYPOT = "gotero_website"

_HOST = re.compile(r"(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class FormField:
    field: str
    required: bool = False
    #: The value that is written whatever the visitor sends; None asks the visitor.
    imposed: Any = None
    #: The name of the input in the page; the field's id unless said otherwise.
    name: str = ""

    @property
    def input(self) -> str:
        return self.name or self.field


@dataclass(frozen=True, slots=True)
class Form:
    """A web form: what a visitor is asked, what it imposes, and which sites may post it."""

    name: str
    module: str
    owner: str
    return_url: str
    allowed_domains: tuple[str, ...]
    fields: tuple[FormField, ...]
    #: Any website may post: an explicit choice.
    any_domain: bool = False
    active: bool = True
    public_id: str = ""
    #: In which language it asks; empty, the company's in the HTML to paste, the visitor's on our own page.
    language: str = ""
    #: What its button says; empty, the usual word of the language.
    button: str = ""

    def asked(self) -> tuple[FormField, ...]:
        """The fields that the visitor fills in."""
        return tuple(f for f in self.fields if f.imposed is None)

    def imposed(self) -> dict[str, Any]:
        return {f.field: f.imposed for f in self.fields if f.imposed is not None}

    def answers(self, posted: Mapping[str, str]) -> dict[str, str]:
        """What the visitor typed, by field; anything else that was posted is ignored."""
        return {f.field: posted[f.input].strip() for f in self.asked() if posted.get(f.input, "").strip()}

    def missing(self, answers: Mapping[str, Any]) -> tuple[FieldError, ...]:
        """The required fields that have no answer, under the names that the page gives them."""
        return tuple(FieldError(f.field, "required") for f in self.asked() if f.required and not answers.get(f.field))

    def accepts_from(self, origin: str | None, referer: str | None) -> bool:
        """Whether a page of this origin may post: Origin, else Referer; neither, or `null`, may not."""
        host = _host(origin) if origin is not None else _host(referer)
        if host is None:
            return False
        return self.any_domain or any(_host_matches(host, allowed) for allowed in self.allowed_domains)

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "module": self.module,
            "owner": self.owner,
            "return_url": self.return_url,
            "allowed_domains": list(self.allowed_domains),
            "any_domain": self.any_domain,
            "active": self.active,
            "public_id": self.public_id,
            "language": self.language,
            "button": self.button,
            "fields": [
                {"field": f.field, "required": f.required, "imposed": f.imposed, "name": f.name} for f in self.fields
            ],
        }


def _host(url: str | None) -> str | None:
    if not url or url == "null":
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return host.lower().rstrip(".") if host and parts.scheme in ("http", "https") else None


def _host_matches(host: str, allowed: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(allowed[1:])
    return host == allowed


def _is_host(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return len(text) <= 253 and _HOST.fullmatch(text) is not None and text not in ("*", "*.")
    return True


def is_web_address(url: str) -> bool:
    """An absolute http(s) address without credentials, whitespace or control characters."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    plain = not any(c.isspace() or ord(c) < 33 or c == "\\" for c in url)
    return plain and parts.scheme in ("http", "https") and bool(host) and parts.username is None


def parse(data: Any, modules: Mapping[str, Module], *, owner: str, public_id: str = "") -> Form:
    """A form from its JSON. InvalidError with every broken rule and its path."""
    reader = Reader(data)
    module_id = reader.choice("module", MODULES)
    any_domain = reader.flag("any_domain", default=False)
    form = Form(
        name=reader.text("name", required=True),
        module=module_id,
        owner=reader.text("owner", default=owner),
        return_url=_return_url(reader),
        allowed_domains=_domains(reader, any_domain),
        fields=_fields(reader, modules[module_id]),
        any_domain=any_domain,
        active=reader.flag("active", default=True),
        public_id=public_id,
        language=reader.choice("language", ("", *LANGUAGES), default=""),
        button=reader.text("button", limit=MAX_BUTTON),
    )
    reader.raw("public_id")
    reader.done()
    return form


def _return_url(reader: Reader) -> str:
    url = reader.text("return_url", limit=2000)
    if url and not is_web_address(url):
        reader.wrong("return_url", "url")
    return url


def _domains(reader: Reader, any_domain: bool) -> tuple[str, ...]:
    domains = tuple(d.strip().lower().rstrip(".") for d in reader.texts("allowed_domains", required=not any_domain))
    for index, domain in enumerate(domains):
        if not _is_host(domain):
            reader.wrong(f"allowed_domains[{index}]", "domain")
    return domains


def _fields(reader: Reader, module: Module) -> tuple[FormField, ...]:
    fields = []
    seen: set[str] = set()
    for index in range(len(reader.items("fields", required=True))):
        item = reader.child("fields", index)
        field_id = item.text("field", required=True)
        declared = module.field(field_id)
        if field_id and (declared is None or declared.readonly):
            item.wrong("field", "unknown_field" if declared is None else "readonly")
        if field_id in seen:
            item.wrong("field", "unique", holder=field_id)
        seen.add(field_id)
        imposed = item.raw("imposed")
        if isinstance(imposed, str) and not imposed:
            imposed = None
        field = FormField(field_id, item.flag("required", default=False), imposed, item.text("name", limit=64))
        if field.input == HONEYPOT:
            item.wrong("name", "unique", holder=HONEYPOT)
        fields.append(field)
        item.close()
    for required in module.fields:
        if required.required and required.id not in seen:
            reader.wrong("fields", "required_field", field=required.id)
    return tuple(fields)


def warnings(form: Form) -> list[Json]:
    """What its owner should know, though it is allowed."""
    return [{"path": "any_domain", "rule": "any_domain"}] if form.any_domain else []

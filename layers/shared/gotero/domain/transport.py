"""Which provider carries which mails (definition `settings`, id `transports`). Secrets are named by reference."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from gotero.domain.message import MessageClass
from gotero.domain.shape import Reader

ID = "transports"

Name = Literal["ses", "sendgrid", "smtp"]
NAMES: tuple[Name, ...] = get_args(Name)
Security = Literal["tls", "starttls", "none"]
#: Whose SMTP server it is: each carries our message id into its webhook in a header of its own.
Relay = Literal["plain", "ses", "sendgrid", "postmark", "mailgun", "brevo"]
Region = Literal["global", "eu"]

#: The senders may read secrets under this name and no others (template.yaml).
_REFERENCE = re.compile(
    r"arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter/)"
    r"gotero/transports/[\w/+=.@-]{1,128}",
    re.ASCII,
)
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII | re.IGNORECASE)
#: The ports of mail. Another one is a server of one's own, and that has to be said (`private`).
_MAIL_PORTS = frozenset({25, 465, 587, 2525})


@dataclass(frozen=True, slots=True)
class SendGrid:
    """SendGrid's API. `key` refers to the API key."""

    key: str
    region: Region = "global"


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server. `login` refers to `user:password`."""

    host: str
    port: int = 587
    security: Security = "starttls"
    login: str = ""
    relay: Relay = "plain"
    #: It stands in a private network, on this machine, or on a port that is none of mail's: allowed on purpose.
    private: bool = False


@dataclass(frozen=True, slots=True)
class Transports:
    """SES carries what nothing else is named for."""

    default: Name = "ses"
    by_class: Mapping[MessageClass, Name] = field(default_factory=dict)
    sendgrid: SendGrid | None = None
    smtp: Smtp | None = None

    def carrier(self, message_class: MessageClass) -> Name:
        return self.by_class.get(message_class, self.default)

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"default": self.default, **{str(key): name for key, name in self.by_class.items()}}
        for name in ("sendgrid", "smtp"):
            details = getattr(self, name)
            if details:
                data[name] = {key: getattr(details, key) for key in details.__slots__}
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Transports":
        classes: tuple[MessageClass, ...] = get_args(MessageClass)
        return cls(
            data.get("default", "ses"),
            {name: data[name] for name in classes if data.get(name)},
            SendGrid(**data["sendgrid"]) if data.get("sendgrid") else None,
            Smtp(**data["smtp"]) if data.get("smtp") else None,
        )


def parse(data: Any) -> Transports:
    """The transports in `data`; InvalidError with every broken rule. What is chosen must be described."""
    reader = Reader(data)
    default = _name(reader, "default") or "ses"
    classes: tuple[MessageClass, ...] = get_args(MessageClass)
    by_class = {key: name for key in classes if (name := _name(reader, key))}
    sendgrid = _sendgrid(reader.child("sendgrid")) if reader.has("sendgrid") else None
    smtp = _smtp(reader.child("smtp")) if reader.has("smtp") else None
    described = {"ses": True, "sendgrid": sendgrid is not None, "smtp": smtp is not None}
    for name in {default, *by_class.values()}:
        if not described[name]:
            reader.wrong(name, "required")
    reader.done()
    return Transports(default, by_class, sendgrid, smtp)


def _name(reader: Reader, key: str) -> Name | None:
    if not reader.has(key):
        return None
    chosen = reader.choice(key, NAMES)
    return next((name for name in NAMES if name == chosen), None)


def _sendgrid(reader: Reader) -> SendGrid:
    key = _reference(reader, "key", required=True)
    region: Region = "eu" if reader.choice("region", get_args(Region), default="global") == "eu" else "global"
    reader.close()
    return SendGrid(key, region)


def _smtp(reader: Reader) -> Smtp:
    host = reader.text("host", required=True)
    if host and not _HOST.fullmatch(host):
        reader.wrong("host", "domain")
    port = reader.whole("port", default=587, low=1, high=65535)
    private = reader.flag("private", default=False)
    security = reader.choice("security", get_args(Security), default="starttls")
    login = _reference(reader, "login")
    relay = reader.choice("relay", get_args(Relay), default="plain")
    if port not in _MAIL_PORTS and not private:
        reader.wrong("port", "choice", choices=", ".join(map(str, sorted(_MAIL_PORTS))))
    if security == "none" and (login or not private):
        # A password, or people's mail, in the clear on somebody else's wires.
        reader.wrong("security", "choice", choices="tls, starttls")
    reader.close()
    return Smtp(
        host,
        port,
        next((s for s in get_args(Security) if s == security), "starttls"),
        login,
        next((r for r in get_args(Relay) if r == relay), "plain"),
        private,
    )


def _reference(reader: Reader, key: str, *, required: bool = False) -> str:
    reference = reader.text(key, required=required)
    if reference and not _REFERENCE.fullmatch(reference):
        reader.wrong(key, "id")
    return reference

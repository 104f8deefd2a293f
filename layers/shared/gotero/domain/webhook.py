"""How mail providers tell us what became of a mail: the webhook as people define it, and what one request may carry.

A webhook is reached at `/hooks/{provider}/{key}`; its key is the id of its definition. The key is no secret: what
proves the sender are credentials, kept elsewhere and named here by reference. Of each kind several may be valid, so
that one can be replaced without losing an event; every kind that is named must be satisfied.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gotero.domain.shape import Reader

KIND = "webhooks"
PROVIDERS = ("sendgrid", "postmark", "mailgun", "brevo", "sns")

#: Which kinds of credential a provider can give, and of which it must give at least one.
_KINDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "sendgrid": (frozenset({"authorization", "signing"}), frozenset({"authorization", "signing"})),
    "postmark": (frozenset({"authorization"}), frozenset({"authorization"})),
    "mailgun": (frozenset({"authorization", "signing"}), frozenset({"signing"})),
    "brevo": (frozenset({"authorization"}), frozenset({"authorization"})),
    # SNS signs with certificates of its own; what must be known is whose topic it is.
    "sns": (frozenset({"authorization", "topics"}), frozenset({"topics"})),
}
#: Where each of them says how one is set up.
DOCS: Mapping[str, str] = {
    "sendgrid": "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook",
    "postmark": "https://postmarkapp.com/developer/webhooks/webhooks-overview",
    "mailgun": "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks",
    "brevo": "https://developers.brevo.com/docs/how-to-use-webhooks",
    "sns": "https://docs.aws.amazon.com/ses/latest/dg/configure-sns-notifications.html",
}
#: The functions may read secrets under this name and no others (template.yaml).
_REFERENCE = re.compile(
    r"arn:aws[a-z-]*:(secretsmanager:[a-z0-9-]+:\d{12}:secret:|ssm:[a-z0-9-]+:\d{12}:parameter/)"
    r"gotero/webhooks/[\w/+=.@-]{1,128}",
    re.ASCII,
)
_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?", re.ASCII)
_MANY = 10

#: What no queue takes; one odd character must not keep a whole request out.
_UNSENDABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")
_LONG_TEXT = 2000
_MANY_ITEMS = 50
_DEEP = 6


@dataclass(frozen=True, slots=True)
class Webhook:
    """One webhook. `authorization` and `signing` are references to secrets."""

    name: str
    provider: str
    #: `user:password`, or a bearer token, that must stand in the Authorization header.
    authorization: tuple[str, ...] = ()
    #: Keys that signatures are checked with.
    signing: tuple[str, ...] = ()
    #: SNS topics that may speak through it.
    topics: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "provider": self.provider,
            "authorization": list(self.authorization),
            "signing": list(self.signing),
            "topics": list(self.topics),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Webhook":
        lists = {key: tuple(data.get(key, ())) for key in ("authorization", "signing", "topics")}
        return cls(data["name"], data["provider"], **lists)


def credentials_of(provider: str) -> tuple[frozenset[str], frozenset[str]]:
    """The kinds of credential that it can give, and those of which it must give at least one."""
    return _KINDS[provider]


def parse(data: Any) -> Webhook:
    """The webhook in `data`; InvalidError with every broken rule. Nothing is ever accepted without a proof."""
    reader = Reader(data)
    webhook = Webhook(
        name=reader.text("name", required=True),
        provider=reader.choice("provider", PROVIDERS),
        authorization=reader.texts("authorization", limit=_MANY),
        signing=reader.texts("signing", limit=_MANY),
        topics=reader.texts("topics", limit=_MANY),
    )
    known, needed = _KINDS[webhook.provider]
    for kind, pattern in (("authorization", _REFERENCE), ("signing", _REFERENCE), ("topics", _TOPIC)):
        values: tuple[str, ...] = getattr(webhook, kind)
        if values and kind not in known:
            reader.wrong(kind, "unknown_key")
        for index, value in enumerate(values):
            if not pattern.fullmatch(value):
                reader.wrong(f"{kind}[{index}]", "id")
    if not any(getattr(webhook, kind) for kind in needed):
        reader.wrong(min(needed), "required")
    reader.done()
    return webhook


@dataclass(frozen=True, slots=True)
class HookRequest:
    """One request as it came; names of headers in lower case. `form`: its fields, where it is a form."""

    headers: Mapping[str, str]
    body: bytes
    form: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        return self.headers.get(name, "")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request must prove. None: not asked for. Empty: asked for and not at hand: nothing satisfies it."""

    authorization: tuple[str, ...] | None = None
    signing: tuple[str, ...] | None = None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """A request that is what it says it is: the provider's events, still in the provider's words."""

    events: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that is not taken, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that changes no message of ours, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A topic asks whether we want its messages; fetching the URL says yes."""

    url: str


def bounded(value: Any, depth: int = 0) -> Any:
    """The same JSON without what is too long, too many or too deep to be kept: a bounce may quote a whole mail."""
    if isinstance(value, str):
        text = _UNSENDABLE.sub("\ufffd", value)
        return text if len(text) <= _LONG_TEXT else text[: _LONG_TEXT - 1] + "…"
    if isinstance(value, dict | list) and depth == _DEEP:
        return "…"
    if isinstance(value, dict):
        return {bounded(str(key)[:200]): bounded(item, depth + 1) for key, item in list(value.items())[:_MANY_ITEMS]}
    if isinstance(value, list):
        return [bounded(item, depth + 1) for item in value[:_MANY_ITEMS]]
    return value

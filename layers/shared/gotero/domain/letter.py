"""What one mail alone has: content written for it, values to merge, where answers go, what is attached.

A letter is kept under the id of its request, and the first one kept under an id stays: the same request is one mail.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from gotero.domain.record import Ref
from gotero.domain.template import CompiledTemplate

Json = dict[str, Any]
#: What a merge tag calls the values that came with the request: `{{ data.order }}`.
DATA = "data"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file that goes along."""

    name: str
    type: str
    content: bytes

    def to_json(self) -> Json:
        return {"name": self.name, "type": self.type, "content": b64encode(self.content).decode()}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> "Attachment":
        return cls(data["name"], data["type"], b64decode(data["content"]))


@dataclass(frozen=True, slots=True)
class Letter:
    """`content` is None for a letter made from a template."""

    recipient: Ref
    #: Tells another request that comes with the same idempotency key.
    fingerprint: str
    content: CompiledTemplate | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    attachments: tuple[Attachment, ...] = ()

    def to_json(self) -> Json:
        return {
            "recipient": self.recipient.to_json(),
            "fingerprint": self.fingerprint,
            "content": self.content.to_json() if self.content else None,
            "data": dict(self.data),
            "reply_to": self.reply_to,
            "attachments": [attachment.to_json() for attachment in self.attachments],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Letter":
        return cls(
            Ref.from_json(data["recipient"]),
            data["fingerprint"],
            CompiledTemplate.from_json(data["content"]) if data["content"] else None,
            data["data"],
            data["reply_to"],
            tuple(Attachment.from_json(attachment) for attachment in data["attachments"]),
        )


def fingerprint(body: Any) -> str:
    """The same body gives the same text."""
    return sha256(json.dumps(body, sort_keys=True).encode(errors="surrogatepass")).hexdigest()

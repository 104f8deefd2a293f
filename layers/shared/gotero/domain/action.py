"""The *what*: a reusable thing to do to one recipient. Without a time; scheduled actions give it one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain.document import NOTHING, Enclosed, read_enclosed
from gotero.domain.message import MessageClass
from gotero.domain.shape import Reader

Kind = Literal["mail"]

KINDS: tuple[Kind, ...] = ("mail",)
#: Transactional mail may go to those who unsubscribed from marketing.
CLASSES: tuple[MessageClass, ...] = ("marketing", "transactional")


@dataclass(frozen=True, slots=True)
class Action:
    """The *what*: a mail of a template, of marketing or not, with what is enclosed."""

    name: str
    kind: Kind
    message_class: MessageClass
    template_id: str
    #: What goes along with the mail.
    enclosed: Enclosed = NOTHING

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "class": self.message_class,
            "params": {"template_id": self.template_id, **self.enclosed.to_json()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Action":
        """What was stored; `parse` is for what people send."""
        params = data["params"]
        return cls(data["name"], data["kind"], data["class"], params["template_id"], Enclosed.from_json(params))


def parse(data: Any) -> Action:
    """An action as people write it; InvalidError with every broken rule."""
    reader = Reader(data)
    name = reader.text("name", required=True)
    kind = reader.choice("kind", KINDS, default="mail")
    message_class = reader.choice("class", CLASSES, default="marketing")
    template_id, enclosed = "", NOTHING
    if reader.has("params"):
        params = reader.child("params")
        template_id = params.text("template_id", required=True)
        enclosed = read_enclosed(params)
        params.close()
    else:
        reader.wrong("params.template_id", "required")
    reader.done()
    return Action(name, kind, message_class, template_id, enclosed)  # type: ignore[arg-type]  # `choice` has checked both Literals

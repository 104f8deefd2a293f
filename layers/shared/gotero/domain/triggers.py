"""What sets a workflow off: the kinds of trigger, what narrows each down, and what its conditions can look at."""

from collections.abc import Mapping
from typing import Literal

from gotero.domain.condition import Context

TriggerKind = Literal[
    "create",
    "first_match",
    "save",
    "modify",
    "delete",
    "form_posted",
    "segment_entered",
    "segment_left",
    "message_event",
    "relate",
    "unrelate",
]
TRIGGERS: Mapping[TriggerKind, Mapping[str, str]] = {
    "create": {"es": "Solo al crear", "en": "Only when created"},
    "first_match": {
        "es": "Solo la primera vez que se cumple la condición",
        "en": "Only the first time the condition holds",
    },
    "save": {"es": "Cada vez que se guarda la entidad", "en": "Every time it is saved"},
    "modify": {"es": "Cada vez que se modifica la entidad", "en": "Every time it is modified"},
    "delete": {"es": "Al eliminar", "en": "When deleted"},
    "form_posted": {"es": "Al enviar un formulario web", "en": "When a web form is posted"},
    "segment_entered": {"es": "Al entrar en una lista", "en": "When it enters a segment"},
    "segment_left": {"es": "Al salir de una lista", "en": "When it leaves a segment"},
    "message_event": {"es": "Cuando ocurre algo con un mensaje", "en": "When something happens to a message"},
    "relate": {"es": "Al vincularlo con otro registro", "en": "When it is linked with another record"},
    "unrelate": {"es": "Al desvincularlo de otro registro", "en": "When it is unlinked from another record"},
}

#: What narrows a trigger down: its key, and the kind of definition (or value) that it names.
TRIGGER_PARAMS: Mapping[TriggerKind, tuple[str, str]] = {
    "form_posted": ("form_id", "forms"),
    "segment_entered": ("segment_id", "segments"),
    "segment_left": ("segment_id", "segments"),
    "message_event": ("event", "message_event"),
    "relate": ("with", "linked_module"),
    "unrelate": ("with", "linked_module"),
}

#: Where the evaluation gets no value from before the change (entry/changes.py); the other triggers all give one.
CONTEXTS: Mapping[TriggerKind, Context] = {
    "create": "create",
    **dict.fromkeys(("delete", "segment_entered", "segment_left", "relate", "unrelate"), "unchanged"),
}

"""What a task of a workflow can do: the types, their words and their parameters, as data."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskType:
    """What a task can do: its parameters by name, and the definition each names (or the kind of its value)."""

    id: str
    label: Mapping[str, str]
    params: Mapping[str, str]
    required: tuple[str, ...]


TASK_TYPES: Mapping[str, TaskType] = {
    t.id: t
    for t in (
        TaskType(
            "add_to_segment",
            {"es": "Poner en Lista de Segmentación", "en": "Add to segment"},
            {"segment_id": "segments"},
            ("segment_id",),
        ),
        TaskType(
            "remove_from_segment",
            {"es": "Quitar de Lista de Segmentación", "en": "Remove from segment"},
            {"segment_id": "segments"},
            ("segment_id",),
        ),
        TaskType(
            "send_mail",
            {"es": "Enviar email", "en": "Send mail"},
            {
                "template_id": "templates",
                "class": "message_class",
                "rest_hours": "hours",
                "documents": "documents*",
                "document_templates": "document_templates*",
            },
            ("template_id",),
        ),
        TaskType(
            "assign",
            {"es": "Asignar a Acción o Plan de Marketing", "en": "Assign to marketing action or plan"},
            {
                "scheduled_action_id": "scheduled_actions",
                "scheduled_action_ids": "scheduled_actions*",
                "plan_id": "plans",
            },
            (),
        ),
        TaskType(
            "unassign",
            {"es": "Desasignar de Acción o Plan de Marketing", "en": "Unassign from marketing action or plan"},
            {
                "scheduled_action_id": "scheduled_actions",
                "scheduled_action_ids": "scheduled_actions*",
                "plan_id": "plans",
            },
            (),
        ),
        TaskType(
            "update_fields",
            {"es": "Actualizar campos", "en": "Update fields"},
            {"values": "values"},
            ("values",),
        ),
        TaskType(
            "create_record",
            {"es": "Crear registro", "en": "Create record"},
            {"module": "module", "values": "values"},
            ("module", "values"),
        ),
    )
}

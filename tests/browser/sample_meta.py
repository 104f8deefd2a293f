"""A small declaration in the shape of `/v1/meta`, with one module that the console has never heard of."""

from gotero.domain import document, webhook
from gotero.domain.catalogue import bounces
from gotero.services.describe_conditions import describe_conditions
from tests.browser.sample_modules import (
    MESSAGE_STATES,
    Json,
    accounts,
    campaigns,
    contacts,
    field,
    label,
    leads,
    messages,
    options,
    orchards,
)


def named(*rows: tuple[str, str, str]) -> list[Json]:
    return [{"id": id, "label": label(es, en)} for id, es, en in rows]


def param(name: str, kind: str, required: bool) -> Json:
    return {"name": name, "kind": kind, "required": required}


def task_type(id: str, es: str, en: str, *params: tuple[str, str, bool]) -> Json:
    return {"id": id, "label": label(es, en), "params": [param(*each) for each in params]}


def special_operators() -> Json:
    """Those that are compared with something else than one value of the field."""
    periods = options(("this_week", "esta semana", "this week"), ("last_month", "el mes pasado", "last month"))
    rows: list[tuple[str, str, str, int, Json]] = [
        ("is_one_of", "es uno de", "is one of", 1, {"operand": "values"}),
        ("is_in", "está en", "is in", 1, {"operand": "period", "options": periods}),
        ("monthday", "es el día", "is the day", 1, {"operand": "month_day"}),
        ("has_changed", "ha cambiado", "has changed", 0, {"operand": "none", "past": True}),
    ]
    return {id: {"label": label(es, en), "operands": inputs, **more} for id, es, en, inputs, more in rows}


def provider(id: str) -> Json:
    keys, needed = webhook.credentials_of(id)
    return {"id": id, "keys": sorted(keys), "needed": sorted(needed), "docs": webhook.DOCS[id]}


def meta() -> Json:
    operators = {
        "is": ("es", "is", 1),
        "is_not": ("no es", "is not", 1),
        "contains": ("contiene", "contains", 1),
        "starts_with": ("comienza por", "starts with", 1),
        "is_empty": ("está vacío", "is empty", 0),
        "is_not_empty": ("no está vacío", "is not empty", 0),
        "greater_than": ("mayor que", "greater than", 1),
        "less_than": ("menor que", "less than", 1),
        "between": ("entre", "between", 2),
    }
    return {
        "user": {
            "id": "u-lucia",
            "name": "Lucía Ferrer",
            "email": "lucia@huertaturia.example",
            "role": "admin",
            "language": "es",
        },
        "settings": {
            "company": {
                "name": "Huerta Turia, S.L.",
                "zone": "Europe/Madrid",
                "currency": "EUR",
                "language": "es",
                "send_delay_minutes": 0,
                "seed_list": ["semilla@huertaturia.example"],
            }
        },
        "modules": [contacts(), accounts(), leads(), campaigns(), messages(), orchards()],
        "operators": {id: {"label": label(es, en), "operands": n} for id, (es, en, n) in operators.items()}
        | special_operators(),
        "conditions": describe_conditions(),
        "system_fields": [field("owner", "Asignado a", "Assigned to", "user")],
        "field_types": [
            {"id": "text", "label": label("Texto", "Text")},
            {"id": "picklist", "label": label("Lista de opciones", "List of options")},
            {"id": "relation", "label": label("Otro registro", "Another record")},
        ],
        "task_types": [
            task_type("add_to_segment", "Poner Lista Segmentación", "Add to segment", ("segment_id", "segments", True)),
            task_type(
                "send_mail",
                "Enviar email",
                "Send mail",
                ("template_id", "templates", True),
                ("class", "message_class", False),
                ("rest_hours", "hours", False),
                ("documents", "documents*", False),
                ("document_templates", "document_templates*", False),
            ),
            task_type("update_fields", "Actualizar campos", "Update fields", ("values", "values", True)),
        ],
        "triggers": [
            {
                "id": "save",
                "label": label("Cada vez que se guarda la entidad", "Every save"),
                "param": None,
                "past": True,
            },
            {
                "id": "form_posted",
                "label": label("Al recibir un formulario", "Form posted"),
                "param": param("form_id", "forms", False),
                "past": True,
            },
            {
                "id": "relate",
                "label": label("Al vincularlo con otro registro", "When it is linked"),
                "param": param("with", "linked_module", False),
                "past": False,
            },
        ],
        "choices": {
            "action_kind": ["mail"],
            "count": ["as_is", "next_anniversary", "nth_anniversary"],
            "document_align": ["left", "right", "center"],
            "document_part": ["title", "heading", "paragraph", "lines"],
            "form_module": ["contacts", "leads"],
            "message_class": ["marketing", "transactional"],
            "role": ["admin", "marketer", "viewer"],
            "plan_status": ["active", "inactive", "obsolete", "between"],
            "scheduled_action_status": ["active", "inactive"],
            "sender": ["recipient_owner", "creator", "company"],
            "when": ["date", "assignment", "field"],
        },
        "sender_prefix": "user:",
        "reference_fields": [
            {"id": "birthday", "label": label("Fecha de Nacimiento", "Birthday"), "modules": ["contacts"]},
            {"id": "subject.due", "label": label("Vencimiento", "Due date"), "modules": ["orchards"]},
        ],
        "merge_sources": [
            {"name": "contact", "module": "contacts"},
            {"name": "company", "fields": ["name"]},
            {"name": "", "fields": ["unsubscribe_url"]},
        ],
        "template_starter": label("<mjml>Hola</mjml>", "<mjml>Hello</mjml>"),
        "documents": {
            "endings": list(document.KINDS),
            "mail_bytes": document.MAIL_BYTES,
            "generated_bytes": document.GENERATED_BYTES,
            "most": document.MOST,
            "starter": {
                language: {"file": "Carta {{ firstname }}", "parts": [{"kind": "title", "text": "Asunto"}]}
                for language in ("es", "en")
            },
        },
        "job_kinds": named(("campaign_send", "Envío de campaña", "Campaign send")),
        "message_states": named(*[(each["value"], *each["label"].values()) for each in MESSAGE_STATES]),
        "users": [{"id": "u-lucia", "name": "Lucía Ferrer"}, {"id": "u-marc", "name": "Marc Soler"}],
        "groups": [{"id": "g-sales", "name": "Comerciales"}],
        "segment_types": options(("Newsletter", "Newsletter", "Newsletter"), ("Marketing", "Marketing", "Marketing")),
        "segment_statuses": options(("Activo", "Activo", "Active"), ("Inactivo", "Inactivo", "Inactive")),
        "webhook_providers": [provider(id) for id in webhook.PROVIDERS],
        "bounce_kinds": [
            {"id": id, "label": label(bounces.TEXT["es"][id], bounces.TEXT["en"][id])} for id in bounces.TEXT["es"]
        ],
        "stop_reasons": named(
            ("bounces", "Demasiados rebotes: revise las direcciones.", "Too many bounces: look into the addresses."),
            ("quota", "El proveedor ha llegado a su cupo diario.", "The provider has reached its daily quota."),
        ),
        "suppression_reasons": named(
            ("hard_bounce", "Rebote permanente", "Hard bounce"),
            ("complaint", "Queja de spam", "Spam complaint"),
            ("manual", "Añadida a mano", "Added by hand"),
        ),
        "skip_reasons": named(
            ("no_email", "Sin email", "No e-mail"),
            ("no_event", "Ningún aviso dice si salió: lo decide una persona.", "No event tells: a person decides."),
        ),
    }

"""A small declaration in the shape of `/v1/meta`, with one module that the console has never heard of."""

from typing import Any

from gotero.domain import webhook
from gotero.domain.catalogue import bounces
from gotero.services.describe_conditions import describe_conditions

Json = dict[str, Any]
TEXT = ["is", "is_not", "is_one_of", "contains", "starts_with", "is_empty", "is_not_empty", "has_changed"]
NUMBER = ["is", "greater_than", "less_than", "between", "is_empty"]
DATE = ["is", "is_in", "monthday", "between", "is_empty"]
PICK = ["is", "is_not", "is_one_of", "is_empty", "is_not_empty", "has_changed"]


def label(es: str, en: str) -> Json:
    return {"es": es, "en": en}


def field(id: str, es: str, en: str, type: str = "text", **more: Any) -> Json:
    operators = (
        NUMBER if type in ("integer", "decimal", "currency", "percent") else PICK if type == "picklist" else TEXT
    )
    return {
        "id": id,
        "label": label(es, en),
        "type": type,
        "required": False,
        "unique": False,
        "readonly": False,
        "options": None,
        "relation": None,
        "operators": operators,
        **more,
    }


def options(*pairs: tuple[str, str, str]) -> list[Json]:
    return [{"value": value, "label": label(es, en)} for value, es, en in pairs]


def module(id: str, names: tuple[str, str, str, str], fields: list[Json], **more: Any) -> Json:
    es, en, es_one, en_one = names
    return {
        "id": id,
        "label": label(es, en),
        "label_one": label(es_one, en_one),
        "prefix": id[:3].upper() + "-",
        "icon": "user",
        "kind": "crm",
        "title_fields": ["name"],
        "list_columns": ["number", *[each["id"] for each in fields[:4]], "owner"],
        "search_fields": ["name"],
        "capabilities": {"create": True, "edit": True, "delete": True},
        "sections": [{"id": "main", "label": label("Datos generales", "General"), "fields": [f["id"] for f in fields]}],
        "fields": fields,
        "related": [],
        "links": [],
        "targets": [
            {"id": "self", "module": id},
            *({"id": each["id"], "module": each["relation"]} for each in fields if each["relation"]),
        ],
        **more,
    }


ORIGINS = options(
    ("Cold Call", "Llamada", "Cold call"),
    ("Trade Show", "Feria", "Trade show"),
    ("Web Site", "Web", "Web site"),
    ("Twitter", "Twitter", "Twitter"),
)
MESSAGE_STATES = options(
    ("delivered", "Entregado", "Delivered"), ("bounced", "Rebotado", "Bounced"), ("held", "Retenido", "Held")
)
STATUSES = options(("Active", "Activo", "Active"), ("Planning", "En planificación", "Planning"))


def contacts() -> Json:
    fields = [
        field("firstname", "Nombre", "First name"),
        field("lastname", "Apellidos", "Last name", required=True),
        field("account", "Cuenta", "Account", "relation", relation="accounts"),
        field("leadsource", "Origen de Pre-Contacto", "Lead source", "picklist", options=ORIGINS),
        field("email", "Email", "E-mail", "email", unique=True),
        field("mobile", "Tel. Móvil", "Mobile", "phone"),
        field("birthday", "Fecha de Nacimiento", "Birthday", "date", anniversary=True, operators=DATE),
        field("do_not_email", "No enviar email", "Do not e-mail", "boolean"),
        field("description", "Descripción", "Description", "longtext"),
    ]
    return module(
        "contacts",
        ("Contactos", "Contacts", "Contacto", "Contact"),
        fields,
        title_fields=["firstname", "lastname"],
        list_columns=["number", "firstname", "lastname", "account", "leadsource", "email", "owner"],
        related=[{"module": "messages", "label": label("Mensajes", "Messages")}],
        links=[
            {"id": "messages", "module": "messages", "label": label("Mensajes", "Messages"), "without": ["last_url"]},
            {"id": "orchards.contact", "module": "orchards", "label": label("Huertas", "Orchards"), "without": []},
        ],
    )


def campaigns() -> Json:
    fields = [
        field("name", "Nombre de Campaña", "Campaign name", required=True),
        field("status", "Situación de Campaña", "Campaign status", "picklist", options=STATUSES),
        field("expected_close", "Fecha Estimada de Fin", "Expected close", "date"),
        field("expected_cost", "Coste Estimado (€)", "Expected cost", "currency"),
        field("actual_cost", "Coste Real (€)", "Actual cost", "currency"),
        field("expected_responses", "Estimación de Respuestas", "Expected responses", "integer"),
        field("actual_responses", "Respuestas", "Responses", "integer"),
        field("target_size", "Cantidad Objetivo", "Target size", "integer"),
    ]
    return module(
        "campaigns",
        ("Campañas", "Campaigns", "Campaña", "Campaign"),
        fields,
        icon="speakerphone",
        related=[
            {"module": "messages", "label": label("Mensajes", "Messages"), "linked": False},
            {"module": "contacts", "label": label("Contactos", "Contacts"), "linked": True},
        ],
        links=[{"id": "contacts", "module": "contacts", "label": label("Contactos", "Contacts"), "without": []}],
    )


def messages() -> Json:
    fields = [
        field("name", "Nombre Mensaje", "Message name"),
        field("contact", "Contacto", "Contact", "relation", relation="contacts"),
        field("campaign", "Campaña", "Campaign", "relation", relation="campaigns"),
        field("status", "Estado", "Status", "picklist", options=MESSAGE_STATES),
        field("opened", "Abierto", "Opened", "integer"),
        field("clicked", "Se ha hecho CLICK", "Clicked", "integer"),
        field("last_url", "Última URL Visitada", "Last URL visited", "url"),
    ]
    return module(
        "messages",
        ("Mensajes", "Messages", "Mensaje", "Message"),
        fields,
        icon="mail",
        kind="message",
        list_columns=["number", "name", "contact", "status", "opened", "clicked", "last_url"],
        capabilities={"create": False, "edit": False, "delete": False},
    )


def accounts() -> Json:
    names = ("Cuentas", "Accounts", "Cuenta", "Account")
    industry = field("industry", "Sector", "Industry", "picklist", options=options(("Banking", "Banca", "Banking")))
    revenue = field("revenue", "Facturación", "Revenue", "currency")
    return module(
        "accounts", names, [field("name", "Nombre", "Name", required=True), industry, revenue], icon="building"
    )


def leads() -> Json:
    names = ("Pre-contactos", "Leads", "Pre-contacto", "Lead")
    fields = [
        field("lastname", "Apellidos", "Last name", required=True),
        field("leadsource", "Origen", "Source", "picklist", options=ORIGINS),
        field("email", "Email", "E-mail", "email"),
    ]
    return module("leads", names, fields, icon="user-plus", title_fields=["lastname"])


def orchards() -> Json:
    """Declared here and nowhere in the console: it must show up in menu, list, page and form all the same."""
    fields = [
        field("name", "Nombre", "Name", required=True),
        field("hectares", "Hectáreas", "Hectares", "decimal"),
        field("harvest_at", "Próxima cosecha", "Next harvest", "datetime"),
        field("fruits", "Frutas", "Fruits", "multipicklist", options=options(("orange", "Naranja", "Orange"))),
    ]
    return module("orchards", ("Huertas", "Orchards", "Huerta", "Orchard"), fields, icon="unheard-of")


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
            task_type("add_to_segment", "Poner Lista Segmentación", "Put in segment", ("segment_id", "segments", True)),
            task_type(
                "send_mail",
                "Enviar email",
                "Send mail",
                ("template_id", "templates", True),
                ("class", "message_class", False),
                ("rest_hours", "hours", False),
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

"""Modules as /v1/meta declares them, one of them the company's own invention."""

from typing import Any

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

"""Events: what stands in somebody's agenda."""

from gotero.domain.modules.declaration import Label, Module
from gotero.domain.modules.sales import ABOUT, ABOUT_IDS
from gotero.domain.modules.writing import of_type, option, picklist, relation, section, text

TYPE_OPTIONS = (
    option("Call", "Llamada"),
    option("Meeting", "Reunión"),
    option("Task", "Tarea"),
    option("Other", "Otros"),
)
STATUS_OPTIONS = (
    option("Planned", "Planificado"),
    option("Held", "Realizado"),
    option("Not Held", "No realizado"),
)

EVENTS = Module(
    id="events",
    label=Label("Eventos", "Events"),
    label_one=Label("Evento", "Event"),
    prefix="EVE-",
    icon="calendar",
    title_fields=("subject",),
    list_columns=("number", "subject", "type", "status", "starts_at", "contact", "account", "owner"),
    search_fields=("subject", "number", "place"),
    sections=(
        section(
            "main",
            "Información del evento",
            "Event information",
            "subject",
            "type",
            "status",
            "starts_at",
            "ends_at",
            "place",
            *ABOUT_IDS,
            "invoice",
        ),
        section("description", "Descripción", "Description", "description"),
    ),
    fields=(
        text("subject", "Asunto", "Subject", required=True),
        picklist("type", "Tipo", "Type", *TYPE_OPTIONS),
        picklist("status", "Estado", "Status", *STATUS_OPTIONS),
        of_type("datetime", "starts_at", "Empieza", "Starts at"),
        of_type("datetime", "ends_at", "Termina", "Ends at"),
        text("place", "Lugar", "Place"),
        *ABOUT,
        relation("invoice", "Factura", "Invoice", "invoices"),
        of_type("longtext", "description", "Descripción", "Description"),
    ),
)

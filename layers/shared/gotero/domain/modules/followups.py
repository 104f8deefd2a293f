"""Follow-ups: the call or visit that somebody owes to somebody, with its outcome."""

from gotero.domain.modules.declaration import Label, Module
from gotero.domain.modules.sales import ABOUT, ABOUT_IDS
from gotero.domain.modules.writing import of_type, option, picklist, section, text

TYPE_OPTIONS = (
    option("Call", "Llamada"),
    option("Visit", "Visita"),
    option("Email", "Email", "E-mail"),
    option("Other", "Otros"),
)
STATUS_OPTIONS = (
    option("Pending", "Pendiente"),
    option("In Progress", "En curso"),
    option("Done", "Realizada"),
    option("Cancelled", "Cancelada"),
)

FOLLOWUPS = Module(
    id="followups",
    label=Label("Acciones", "Follow-ups"),
    label_one=Label("Acción", "Follow-up"),
    prefix="FUP-",
    icon="phone",
    title_fields=("subject",),
    list_columns=("number", "subject", "type", "status", "due_at", "contact", "account", "campaign", "owner"),
    search_fields=("subject", "number"),
    sections=(
        section("main", "Información de la acción", "Follow-up", "subject", "type", "status", "due_at", *ABOUT_IDS),
        section("outcome", "Resultado", "Outcome", "outcome", "description"),
    ),
    fields=(
        text("subject", "Asunto", "Subject", required=True),
        picklist("type", "Tipo", "Type", *TYPE_OPTIONS),
        picklist("status", "Estado", "Status", *STATUS_OPTIONS),
        of_type("datetime", "due_at", "Fecha", "Due at"),
        *ABOUT,
        of_type("longtext", "outcome", "Resultado", "Outcome"),
        of_type("longtext", "description", "Descripción", "Description"),
    ),
)

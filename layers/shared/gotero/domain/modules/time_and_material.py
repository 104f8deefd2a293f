"""Time and material: the hours and goods that a campaign or an account has cost."""

from gotero.domain.modules.declaration import Label, Module
from gotero.domain.modules.sales import ACCOUNT, CAMPAIGN
from gotero.domain.modules.writing import of_type, option, picklist, relation, section, text

TYPE_OPTIONS = (option("Time", "Tiempo"), option("Material", "Material"), option("Expense", "Gasto"))
_MAIN = ("subject", "type", "done_on", "hours", "quantity", "cost", "product", "account", "campaign")

TIME_AND_MATERIAL = Module(
    id="time_and_material",
    label=Label("Tiempo y material", "Time and material"),
    label_one=Label("Tiempo o material", "Time or material"),
    prefix="TYM-",
    icon="clock",
    title_fields=("subject",),
    list_columns=("number", "subject", "type", "done_on", "hours", "cost", "account", "campaign", "owner"),
    search_fields=("subject", "number"),
    sections=(
        section("main", "Información del tiempo o material", "Time or material", *_MAIN),
        section("description", "Descripción", "Description", "description"),
    ),
    fields=(
        text("subject", "Concepto", "Subject", required=True),
        picklist("type", "Tipo", "Type", *TYPE_OPTIONS),
        of_type("date", "done_on", "Fecha", "Date"),
        of_type("decimal", "hours", "Horas", "Hours"),
        of_type("decimal", "quantity", "Cantidad", "Quantity"),
        of_type("currency", "cost", "Coste", "Cost"),
        relation("product", "Producto", "Product", "products"),
        ACCOUNT,
        CAMPAIGN,
        of_type("longtext", "description", "Descripción", "Description"),
    ),
)

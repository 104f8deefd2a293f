"""Opportunities: sales that may come."""

from gotero.domain.modules.declaration import Label, Module
from gotero.domain.modules.people import LEADSOURCE
from gotero.domain.modules.sales import ABOUT, ABOUT_IDS
from gotero.domain.modules.writing import of_type, option, picklist, section, text

STAGE_OPTIONS = (
    option("Prospecting", "Prospección"),
    option("Qualification", "Calificación"),
    option("Needs Analysis", "Análisis de necesidades"),
    option("Proposal", "Propuesta"),
    option("Negotiation", "Negociación"),
    option("Closed Won", "Cerrada ganada"),
    option("Closed Lost", "Cerrada perdida"),
)

OPPORTUNITIES = Module(
    id="opportunities",
    label=Label("Oportunidades", "Opportunities"),
    label_one=Label("Oportunidad", "Opportunity"),
    prefix="OPP-",
    icon="target",
    title_fields=("name",),
    links=("products",),
    list_columns=("number", "name", "account", "contact", "stage", "amount", "closing_date", "owner"),
    search_fields=("name", "number"),
    sections=(
        section(
            "main",
            "Información de la oportunidad",
            "Opportunity information",
            "name",
            *ABOUT_IDS,
            "stage",
            "amount",
            "probability",
            "closing_date",
            "leadsource",
        ),
        section("description", "Descripción", "Description", "description"),
    ),
    fields=(
        text("name", "Nombre de la Oportunidad", "Opportunity name", required=True),
        *ABOUT,
        picklist("stage", "Fase de venta", "Sales stage", *STAGE_OPTIONS),
        of_type("currency", "amount", "Importe", "Amount"),
        of_type("percent", "probability", "Probabilidad (%)", "Probability (%)"),
        of_type("date", "closing_date", "Fecha Estimada de Cierre", "Expected close date"),
        LEADSOURCE,
        of_type("longtext", "description", "Descripción", "Description"),
    ),
)

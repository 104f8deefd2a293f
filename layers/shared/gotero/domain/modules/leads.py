"""Leads: people who have shown interest and are not yet contacts."""

from gotero.domain.modules.accounts import INDUSTRY_OPTIONS
from gotero.domain.modules.declaration import Label, Module
from gotero.domain.modules.people import (
    LEADSOURCE,
    ORIGINAL_LEADSOURCE,
    PERSON,
    PERSON_IDS,
    PLACE,
    PLACE_IDS,
    SALUTATION_OPTIONS,
)
from gotero.domain.modules.writing import of_type, option, picklist, section, text

STATUS_OPTIONS = (
    option("New", "Nuevo"),
    option("Attempted to Contact", "Se intentó contactar"),
    option("Contacted", "Contactado"),
    option("Contact in Future", "Contactar más adelante"),
    option("Qualified", "Cualificado"),
    option("Converted", "Convertido"),
    option("Not Interested", "No interesado"),
    option("Lost", "Perdido"),
)

LEADS = Module(
    id="leads",
    label=Label("Pre-contactos", "Leads"),
    label_one=Label("Pre-contacto", "Lead"),
    prefix="LEA-",
    icon="user-plus",
    recipient=True,
    title_fields=("firstname", "lastname"),
    list_columns=("number", "firstname", "lastname", "company", "email", "phone", "leadsource", "status", "owner"),
    search_fields=("firstname", "lastname", "company", "email", "phone", "mobile", "number"),
    sections=(
        section(
            "main",
            "Información del pre-contacto",
            "Lead information",
            "salutationtype",
            "firstname",
            "lastname",
            "company",
            "title",
            "email",
            "phone",
            "mobile",
            "website",
            "industry",
            "leadsource",
            "original_leadsource",
            "status",
            "birthday",
        ),
        section("place", "Dirección", "Address", *PLACE_IDS),
        section("marketing", "Marketing", "Marketing", *PERSON_IDS),
        section("description", "Descripción", "Description", "description"),
    ),
    fields=(
        picklist("salutationtype", "Saludo", "Salutation", *SALUTATION_OPTIONS),
        text("firstname", "Nombre", "First name"),
        text("lastname", "Apellidos", "Last name", required=True),
        text("company", "Empresa", "Company"),
        text("title", "Cargo", "Job title"),
        of_type("email", "email", "Email", "E-mail", unique=True),
        of_type("phone", "phone", "Teléfono", "Phone"),
        of_type("phone", "mobile", "Tel. Móvil", "Mobile"),
        of_type("url", "website", "Página Web", "Website"),
        picklist("industry", "Sector", "Industry", *INDUSTRY_OPTIONS),
        LEADSOURCE,
        ORIGINAL_LEADSOURCE,
        picklist("status", "Estado", "Status", *STATUS_OPTIONS),
        of_type("date", "birthday", "Fecha de Nacimiento", "Birthday", anniversary=True),
        *PLACE,
        *PERSON,
        of_type("longtext", "description", "Descripción", "Description"),
    ),
)

"""Invoices: what an account owes. Dunning letters hang on their balance and due date."""

from gotero.domain.modules.declaration import Label, Module
from gotero.domain.modules.sales import ACCOUNT, CONTACT
from gotero.domain.modules.writing import of_type, option, picklist, section, text

STATUS_OPTIONS = (
    option("Created", "Emitida"),
    option("Sent", "Enviada"),
    option("Partially Paid", "Pagada en parte"),
    option("Paid", "Pagada"),
    option("Overdue", "Vencida"),
    option("Cancelled", "Anulada"),
)

INVOICES = Module(
    id="invoices",
    label=Label("Facturas", "Invoices"),
    label_one=Label("Factura", "Invoice"),
    prefix="F-",
    padding=4,
    icon="receipt",
    title_fields=("subject",),
    list_columns=("number", "subject", "account", "total", "balance", "due_date", "status", "owner"),
    search_fields=("subject", "number"),
    sections=(
        section(
            "main",
            "Información de la factura",
            "Invoice information",
            "subject",
            "account",
            "contact",
            "status",
            "issued_on",
            "due_date",
            "paid_on",
            "total",
            "balance",
        ),
        section("description", "Descripción", "Description", "description"),
    ),
    fields=(
        text("subject", "Asunto", "Subject", required=True),
        ACCOUNT,
        CONTACT,
        picklist("status", "Estado", "Status", *STATUS_OPTIONS),
        of_type("date", "issued_on", "Fecha de factura", "Invoice date"),
        of_type("date", "due_date", "Fecha de vencimiento", "Due date"),
        of_type("date", "paid_on", "Fecha de pago", "Paid on"),
        of_type("currency", "total", "Total", "Total"),
        of_type("currency", "balance", "Pendiente de pago", "Balance"),
        of_type("longtext", "description", "Descripción", "Description"),
    ),
)

"""Payments: what comes in for invoices and campaigns, and what goes out for them."""

from gotero.domain.modules.declaration import Label, Module
from gotero.domain.modules.sales import ACCOUNT, CAMPAIGN, CONTACT
from gotero.domain.modules.writing import of_type, option, picklist, relation, section, text

DIRECTION_OPTIONS = (option("In", "Cobro", "Received"), option("Out", "Pago", "Paid out"))
STATUS_OPTIONS = (
    option("Pending", "Pendiente"),
    option("Paid", "Pagado"),
    option("Returned", "Devuelto"),
    option("Cancelled", "Anulado"),
)
METHOD_OPTIONS = (
    option("Transfer", "Transferencia"),
    option("Direct Debit", "Domiciliación"),
    option("Card", "Tarjeta"),
    option("Cash", "Efectivo"),
    option("Other", "Otros"),
)
_MAIN = ("subject", "direction", "status", "amount", "due_date", "paid_on", "method")
_ABOUT = ("invoice", "account", "contact", "campaign")

PAYMENTS = Module(
    id="payments",
    label=Label("Cobros y pagos", "Payments"),
    label_one=Label("Cobro o pago", "Payment"),
    prefix="PAY-",
    icon="coin",
    title_fields=("subject",),
    list_columns=("number", "subject", "direction", "amount", "due_date", "status", "account", "campaign", "owner"),
    search_fields=("subject", "number"),
    sections=(
        section("main", "Información del cobro o pago", "Payment information", *_MAIN, *_ABOUT),
        section("description", "Descripción", "Description", "description"),
    ),
    fields=(
        text("subject", "Concepto", "Subject", required=True),
        picklist("direction", "Sentido", "Direction", *DIRECTION_OPTIONS),
        picklist("status", "Estado", "Status", *STATUS_OPTIONS),
        of_type("currency", "amount", "Importe", "Amount"),
        of_type("date", "due_date", "Fecha de vencimiento", "Due date"),
        of_type("date", "paid_on", "Fecha de pago", "Paid on"),
        picklist("method", "Forma de pago", "Method", *METHOD_OPTIONS),
        relation("invoice", "Factura", "Invoice", "invoices"),
        ACCOUNT,
        CONTACT,
        CAMPAIGN,
        of_type("longtext", "description", "Descripción", "Description"),
    ),
)

"""The modules of the product, declared once. A new field is a line in one of these files and nothing else.

`MODULES` is what stands now: these, and the fields that administrators added at run time.
"""

from collections.abc import Mapping

from gotero.domain.errors import NotFoundError
from gotero.domain.modules.accounts import ACCOUNTS
from gotero.domain.modules.campaigns import CAMPAIGNS
from gotero.domain.modules.contacts import CONTACTS
from gotero.domain.modules.declaration import (
    FIELD_TYPES,
    LINK,
    SYSTEM_FIELDS,
    Declaration,
    Field,
    FieldType,
    Label,
    Module,
    Option,
    Related,
    Section,
    put_together,
    title,
)
from gotero.domain.modules.events import EVENTS
from gotero.domain.modules.followups import FOLLOWUPS
from gotero.domain.modules.invoices import INVOICES
from gotero.domain.modules.leads import LEADS
from gotero.domain.modules.messages import MESSAGES
from gotero.domain.modules.opportunities import OPPORTUNITIES
from gotero.domain.modules.payments import PAYMENTS
from gotero.domain.modules.products import PRODUCTS
from gotero.domain.modules.time_and_material import TIME_AND_MATERIAL

MODULES = Declaration(
    (
        *(CAMPAIGNS, MESSAGES, CONTACTS, ACCOUNTS, LEADS, FOLLOWUPS, OPPORTUNITIES, EVENTS, INVOICES, PRODUCTS),
        *(PAYMENTS, TIME_AND_MATERIAL),
    )
)
#: The modules whose records can receive mails and stand in segments.
RECIPIENTS: tuple[str, ...] = tuple(module.id for module in MODULES.values() if module.recipient)


def module(id: str, modules: Mapping[str, Module] = MODULES) -> Module:
    """The module of that id; NotFoundError for any other text."""
    try:
        return modules[id]
    except KeyError:
        raise NotFoundError(f"module {id[:40]}") from None


__all__ = [
    "FIELD_TYPES",
    "LINK",
    "MODULES",
    "RECIPIENTS",
    "SYSTEM_FIELDS",
    "Declaration",
    "Field",
    "FieldType",
    "Label",
    "Module",
    "Option",
    "Related",
    "Section",
    "module",
    "put_together",
    "title",
]

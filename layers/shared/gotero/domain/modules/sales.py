"""The words that opportunities and invoices share with events and follow-ups: whom they are about."""

from gotero.domain.modules.declaration import Field
from gotero.domain.modules.writing import relation

ACCOUNT = relation("account", "Cuenta", "Account", "accounts")
CONTACT = relation("contact", "Contacto", "Contact", "contacts")
LEAD = relation("lead", "Pre-contacto", "Lead", "leads")
CAMPAIGN = relation("campaign", "Campaña", "Campaign", "campaigns")
#: Whom, and through which campaign.
ABOUT: tuple[Field, ...] = (ACCOUNT, CONTACT, LEAD, CAMPAIGN)
ABOUT_IDS = tuple(f.id for f in ABOUT)

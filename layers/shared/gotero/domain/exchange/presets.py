"""What the columns of other products' exports are called, in their languages, and which of our fields they are.

Headers are compared without case, accents and punctuation. A preset only proposes; the person at the screen decides.
Sources: the export pages of Mailchimp, HubSpot, Brevo and listmonk; coreBOS's contact and lead labels (S1, FIELDS.md).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from gotero.domain.modules import Module

#: A whole name in one cell: cut into first name and last name.
FULL_NAME = "full_name"
#: What a column can be beside the fields of the module.
EXTRA = ("id", "number", "owner", "tags")

_PERSON: Mapping[str, Sequence[str]] = {
    "email": ("email", "e-mail", "email address", "correo", "correo electrónico", "dirección de correo electrónico"),
    "firstname": ("first name", "firstname", "nombre", "nombre de pila", "prénom", "fname"),
    "lastname": ("last name", "lastname", "apellidos", "apellido", "surname", "lname"),
    "phone": ("phone", "phone number", "teléfono", "número de teléfono", "office phone"),
    "mobile": ("mobile", "mobile phone", "móvil", "teléfono móvil", "número de teléfono móvil", "mobile phone number"),
    "street": ("address", "street", "street address", "dirección", "calle", "mailing street", "domicilio"),
    "city": ("city", "ciudad", "población", "localidad", "mailing city"),
    "postal_code": ("zip", "postal code", "código postal", "cp", "mailing zip"),
    "region": ("state", "region", "state region", "estado región", "provincia", "mailing state"),
    "country": ("country", "country region", "país", "país región", "mailing country"),
    "birthday": ("date of birth", "fecha de nacimiento", "birthdate"),
    "title": ("job title", "title", "cargo", "puesto"),
    "account": ("company", "company name", "empresa", "account name", "associated company", "nombre de la empresa"),
    "company": ("company", "company name", "empresa", "associated company", "nombre de la empresa"),
    "language": ("language", "idioma", "preferred language", "idioma preferido"),
    "time_zone": ("time zone", "timezone", "zona horaria"),
    "leadsource": ("lead source", "origen", "fuente", "original source"),
    "owner": ("owner", "contact owner", "propietario", "propietario del contacto", "assigned to", "asignado a"),
    "tags": ("tags", "etiquetas"),
}
PRESETS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "mailchimp": {
        **_PERSON,
        # The export of those who left has a column of its own for when they did.
        "do_not_email": ("unsub time", "clean time"),
    },
    "hubspot": {
        **_PERSON,
        "do_not_email": ("unsubscribed from all email", "se canceló la suscripción a todos los correos"),
        "department": ("department", "departamento"),
    },
    "brevo": {
        **_PERSON,
        "mobile": ("sms", "whatsapp"),
        "do_not_email": ("blacklisted", "email blacklisted", "blocklisted", "email blocklisted"),
    },
    "listmonk": {**_PERSON, FULL_NAME: ("name",), "do_not_email": ("status",)},
    "corebos": {
        **_PERSON,
        "number": ("contact id", "contact no", "lead no", "código contacto", "núm contacto"),
        "phone": ("office phone", "tel empresa"),
        "homephone": ("home phone", "tel particular"),
        "otherphone": ("other phone", "tel directo"),
        "do_not_email": ("email opt out", "no enviar email", "optar por no recibir email"),
        "secondaryemail": ("secondary email", "email secundario"),
        "assistant": ("assistant", "secretaria"),
        "department": ("department", "departamento"),
        "salutationtype": ("salutation", "saludo"),
    },
}
#: Columns that only one product writes: they tell whose export it is.
_SIGNS: Mapping[str, Sequence[str]] = {
    "mailchimp": ("leid", "euid", "member rating", "optin time", "cc"),
    "hubspot": ("record id", "id de registro", "create date", "fecha de creación", "lead status", "lifecycle stage"),
    "brevo": ("contact id", "ext id", "added time", "modified time", "sms"),
    "listmonk": ("uuid", "attributes", "attribs"),
    "corebos": ("asignado a", "assigned to", "email opt out", "tel empresa", "no enviar email"),
}


def plain(header: str) -> str:
    """A header as it is compared: `Teléfono_Móvil ` is `telefono movil`."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", bare).strip()


_WORDS = {
    name: {plain(word): target for target, words in preset.items() for word in words}
    for name, preset in PRESETS.items()
}


def told_preset(headers: Sequence[str]) -> str | None:
    """Whose export it is, where the columns tell (two signs at least)."""
    there = {plain(header) for header in headers}
    signs = {name: sum(plain(sign) in there for sign in each) for name, each in _SIGNS.items()}
    best = max(signs, key=lambda name: signs[name])
    return best if signs[best] >= 2 else None


def propose(module: Module, headers: Sequence[str], preset: str | None) -> list[str | None]:
    """A target a column, each target once: our own ids and labels first, then what the preset calls them."""
    words: dict[str, str] = {}
    for known in [preset] if preset else list(PRESETS):
        words = {**_WORDS[known], **words}
    own: dict[str, str] = {plain(extra): extra for extra in EXTRA}
    for each in module.fields:
        if not each.readonly:
            own |= {plain(name): each.id for name in (each.label.en, each.label.es, each.id)}
    # A preset knows its product better than our labels do; where it says nothing, ours hold.
    ranks = (words, own) if preset else (own, words)
    free = targets(module)
    chosen: list[str | None] = []
    for header in headers:
        found = next((rank[plain(header)] for rank in ranks if rank.get(plain(header)) in free), None)
        free = free - {found} if found else free
        chosen.append(found)
    return chosen


def targets(module: Module) -> frozenset[str]:
    """Everything a column of this module can be."""
    fields = {each.id for each in module.fields if not each.readonly}
    whole = {FULL_NAME} if {"firstname", "lastname"} <= fields else set()
    return frozenset(fields | whole | set(EXTRA))

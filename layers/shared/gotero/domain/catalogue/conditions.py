"""The words of the condition builder beside fields and operators: activity, windows, counts, related records."""

from collections.abc import Mapping
from typing import Literal

Words = Mapping[Literal["es", "en"], Mapping[str, str]]

ACTIVITIES: Words = {
    "es": {
        "sent": "se le ha enviado un mensaje",
        "delivered": "se le ha entregado un mensaje",
        "opened": "ha abierto un mensaje",
        "clicked": "ha hecho clic en un mensaje",
        "bounced": "le ha rebotado un mensaje",
        "dropped": "se le ha descartado un mensaje",
        "spam": "ha marcado un mensaje como spam",
        "unsubscribed": "se ha dado de baja",
        "form_posted": "ha enviado un formulario",
    },
    "en": {
        "sent": "was sent a message",
        "delivered": "got a message delivered",
        "opened": "opened a message",
        "clicked": "clicked in a message",
        "bounced": "had a message bounce",
        "dropped": "had a message dropped",
        "spam": "marked a message as spam",
        "unsubscribed": "unsubscribed",
        "form_posted": "posted a form",
    },
}
KEYS: Words = {
    "es": {
        "campaign": "en la campaña",
        "template": "con la plantilla",
        "url": "cuya URL",
        "form": "que es",
        "where": "de un mensaje que cumple",
    },
    "en": {
        "campaign": "in the campaign",
        "template": "with the template",
        "url": "whose URL",
        "form": "which is",
        "where": "of a message that meets",
    },
}
TIMES: Words = {
    "es": {"at_least": "al menos (veces)", "at_most": "como mucho (veces)", "exactly": "exactamente (veces)"},
    "en": {"at_least": "at least (times)", "at_most": "at most (times)", "exactly": "exactly (times)"},
}
WINDOWS: Words = {
    "es": {
        "within_days": "en los últimos (días)",
        "within_hours": "en las últimas (horas)",
        "before_days": "hace al menos (días)",
        "since": "desde",
        "until": "hasta",
    },
    "en": {
        "within_days": "in the last (days)",
        "within_hours": "in the last (hours)",
        "before_days": "at least (days) ago",
        "since": "from",
        "until": "to",
    },
}
MATCHES: Words = {
    "es": {"any": "alguno cumple", "all": "todos cumplen", "none": "ninguno cumple"},
    "en": {"any": "at least one meets", "all": "all meet", "none": "none meets"},
}
MEMBERSHIP: Words = {
    "es": {"is_member": "está en la lista", "is_not_member": "no está en la lista"},
    "en": {"is_member": "is in the segment", "is_not_member": "is not in the segment"},
}
PERIODS: Words = {
    "es": {
        "yesterday": "ayer",
        "today": "hoy",
        "tomorrow": "mañana",
        "last_week": "la semana pasada",
        "this_week": "esta semana",
        "next_week": "la semana que viene",
        "last_month": "el mes pasado",
        "this_month": "este mes",
        "next_month": "el mes que viene",
        "last_year": "el año pasado",
        "this_year": "este año",
        "next_year": "el año que viene",
    },
    "en": {
        "yesterday": "yesterday",
        "today": "today",
        "tomorrow": "tomorrow",
        "last_week": "last week",
        "this_week": "this week",
        "next_week": "next week",
        "last_month": "last month",
        "this_month": "this month",
        "next_month": "next month",
        "last_year": "last year",
        "this_year": "this year",
        "next_year": "next year",
    },
}

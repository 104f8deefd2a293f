"""Why an assignment did not become a mail, in words. A mail's own reasons stand in skips.py."""

from collections.abc import Mapping
from typing import Literal

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {
    "es": {
        "past": "Cuando se asignó, la fecha ya había pasado.",
        "no_date": "Falta la fecha de la que depende.",
        "inactive": "La acción programada está inactiva, o ya no existe.",
        "no_recipient": "El registro del destinatario se ha borrado.",
        "plan_window": "Solo llegaba por un plan que ese día no estaba en vigor.",
        "merged": "El registro se ha unido a otro: se sigue allí.",
        "unassigned": "Se ha desasignado.",
        "definition": "La acción ya no existe.",
        "mail": "El email no se ha podido preparar.",
    },
    "en": {
        "past": "The date had already gone by when it was assigned.",
        "no_date": "The date that it depends on is missing.",
        "inactive": "The scheduled action is inactive, or no longer exists.",
        "no_recipient": "The recipient's record has been deleted.",
        "plan_window": "It came only by a plan that was not in force that day.",
        "merged": "The record was merged into another: it goes on there.",
        "unassigned": "It was unassigned.",
        "definition": "The action no longer exists.",
        "mail": "The mail could not be prepared.",
    },
}

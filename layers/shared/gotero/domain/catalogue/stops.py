"""Why a job stands still though nobody paused it."""

from collections.abc import Mapping
from typing import Literal

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {
    "es": {
        "bounces": "Demasiados rebotes: el envío se ha detenido para proteger la reputación. Revisa de dónde salen las "
        "direcciones antes de reanudarlo.",
        "complaints": "Demasiadas quejas de spam: el envío se ha detenido. Revisa a quién se escribe y con qué permiso "
        "antes de reanudarlo.",
        "account": "El freno de la cuenta está echado: no sale ninguna campaña hasta que alguien lo suelte en "
        "Entregabilidad.",
        "quota": "El proveedor ha llegado a su cupo diario: el envío sigue solo.",
        "paused": "El proveedor tiene parada la cuenta: se vuelve a intentar solo.",
        "step_killed": "El mismo paso se ha cortado cinco veces, por falta de memoria o de tiempo. Lo hecho hasta ahí "
        "se conserva: se puede reanudar desde ese paso o empezar de nuevo con menos registros.",
    },
    "en": {
        "bounces": "Too many bounces: the send was stopped to protect the reputation. Look into where the addresses "
        "come from before you resume it.",
        "complaints": "Too many spam complaints: the send was stopped. Look into who is written to, and with what "
        "permission, before you resume it.",
        "account": "The account's brake is on: no campaign leaves until somebody lets go of it under Deliverability.",
        "quota": "The provider has reached its daily quota: the send goes on by itself.",
        "paused": "The provider has stopped the account: it is tried again by itself.",
        "step_killed": "The same step was cut off five times, for want of memory or time. What was done before it "
        "stays: it can be resumed at that step, or begun anew with fewer records.",
    },
}

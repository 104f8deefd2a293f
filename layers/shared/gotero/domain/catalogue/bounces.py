"""What a recipient's server meant by returning a mail (domain/bounce.py), in words."""

from collections.abc import Mapping
from typing import Literal

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {
    "es": {
        "hard": "La dirección o el dominio no existen (permanente)",
        "block": "El servidor rechaza nuestro correo (bloqueo)",
        "soft": "Temporal: buzón lleno o servidor ocupado",
        "other": "El servidor no dice por qué",
    },
    "en": {
        "hard": "The address or domain does not exist (hard)",
        "block": "The server refuses our mail (block)",
        "soft": "Temporary: mailbox full or server busy (soft)",
        "other": "The server does not say why",
    },
}

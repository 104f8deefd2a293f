"""Why an address stands on the suppression list."""

from collections.abc import Mapping
from typing import Literal

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {
    "es": {
        "hard_bounce": "Rebote permanente",
        "complaint": "Queja de spam",
        "soft_bounces": "Rebotes temporales seguidos",
        "manual": "Añadida a mano",
        "import": "Importada",
    },
    "en": {
        "hard_bounce": "Hard bounce",
        "complaint": "Spam complaint",
        "soft_bounces": "Soft bounces in a row",
        "manual": "Added by hand",
        "import": "Imported",
    },
}

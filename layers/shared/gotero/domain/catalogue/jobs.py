"""The kinds of background job."""

from collections.abc import Mapping
from typing import Literal

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {
    "es": {
        "campaign_send": "Envío de campaña",
        "mass_edit": "Cambio en bloque",
        "mass_delete": "Eliminación en bloque",
        "undo": "Deshacer",
        "import": "Importación",
        "import_check": "Ensayo de importación",
        "export": "Exportación",
    },
    "en": {
        "campaign_send": "Campaign send",
        "mass_edit": "Mass edit",
        "mass_delete": "Mass delete",
        "undo": "Undo",
        "import": "Import",
        "import_check": "Import rehearsal",
        "export": "Export",
    },
}

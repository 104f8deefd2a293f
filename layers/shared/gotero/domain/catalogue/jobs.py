"""The kinds of background job."""

from collections.abc import Mapping
from typing import Literal

TEXT: Mapping[Literal["es", "en"], Mapping[str, str]] = {
    "es": {
        "campaign_send": "Envío de campaña",
        "mass_edit": "Cambio en bloque",
        "mass_delete": "Eliminación en bloque",
        "merge": "Unión de registros",
        "put_in": "Añadir a una lista",
        "take_out": "Quitar de una lista",
        "segment_fill": "Sincronización de una lista",
        "segment_load": "Carga de una lista",
        "person_export": "Exportación de los datos de una persona",
        "person_erase": "Borrado de una persona",
        "lake_rebuild": "Reconstrucción del lago",
        "due_rebuild": "Reconstrucción de los vencimientos",
        "undo": "Deshacer",
        "decide": "Decisión sobre correos",
        "import": "Importación",
        "import_check": "Ensayo de importación",
        "export": "Exportación",
    },
    "en": {
        "campaign_send": "Campaign send",
        "mass_edit": "Mass edit",
        "mass_delete": "Mass delete",
        "merge": "Merge",
        "put_in": "Put into a segment",
        "take_out": "Take out of a segment",
        "segment_fill": "Syncing of a segment",
        "segment_load": "Loading of a segment",
        "person_export": "Export of a person’s data",
        "person_erase": "Erasure of a person",
        "lake_rebuild": "Rebuilding of the lake",
        "due_rebuild": "Rebuilding of the due index",
        "undo": "Undo",
        "decide": "Decision about mails",
        "import": "Import",
        "import_check": "Import rehearsal",
        "export": "Export",
    },
}

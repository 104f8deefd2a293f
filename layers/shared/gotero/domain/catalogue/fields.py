"""The types of fields, as people choose them."""

from collections.abc import Mapping

from gotero.domain.catalogue import Language

TEXT: Mapping[Language, Mapping[str, str]] = {
    "es": {
        "text": "Texto",
        "longtext": "Texto largo",
        "email": "Email",
        "phone": "Teléfono",
        "url": "Página web",
        "integer": "Número entero",
        "decimal": "Número decimal",
        "currency": "Importe",
        "percent": "Porcentaje",
        "boolean": "Sí o no",
        "date": "Fecha",
        "datetime": "Fecha y hora",
        "time": "Hora",
        "picklist": "Lista de opciones",
        "multipicklist": "Lista de opciones (varias)",
        "relation": "Otro registro",
        "user": "Usuario",
    },
    "en": {
        "text": "Text",
        "longtext": "Long text",
        "email": "E-mail",
        "phone": "Phone",
        "url": "Web address",
        "integer": "Whole number",
        "decimal": "Decimal number",
        "currency": "Amount",
        "percent": "Percentage",
        "boolean": "Yes or no",
        "date": "Date",
        "datetime": "Date and time",
        "time": "Time of day",
        "picklist": "List of options",
        "multipicklist": "List of options (several)",
        "relation": "Another record",
        "user": "User",
    },
}

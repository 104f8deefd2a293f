"""Huerta Turia, S.L. of Valencia, fruit boxes for offices: its settings, its people, its lists and products."""

from typing import Any

from gotero.domain.ids import derived_id

DOMAIN = "huertaturia.example"
SETTINGS: dict[str, Any] = {
    "name": "Huerta Turia, S.L.",
    "address": "Calle de la Huerta 12, 46001 Valencia, España",
    "sender": f"hola@{DOMAIN}",
    "zone": "Europe/Madrid",
    "language": "es",
    "currency": "EUR",
    "verified_domains": [DOMAIN],
    # The story is told without the minutes in which a confirmed send can still be deleted.
    "send_delay_minutes": 0,
}
#: The number that the source documents give to the campaign of the story.
CAMPAIGN_NUMBER = 355

GROUP = "Comerciales"
LUCIA, MARC, INES = "Lucía Ferrer", "Marc Soler", "Inês Duarte"
USERS: tuple[dict[str, Any], ...] = (
    {"name": LUCIA, "email": f"lucia.ferrer@{DOMAIN}", "role": "marketer"},
    {"name": MARC, "email": f"marc.soler@{DOMAIN}", "role": "marketer", "groups": [GROUP]},
    {"name": INES, "email": f"ines.duarte@{DOMAIN}", "role": "marketer", "groups": [GROUP]},
)

MIXED_LIST, TEST_LIST, TWITTER_LIST = "Huerta: todos", "lista de prueba", "twitter"
#: In this order: they are SEGL-0000001, -2 and -3.
SEGMENTS: tuple[dict[str, Any], ...] = (
    {"name": MIXED_LIST, "type": "Newsletter", "status": "Activo"},
    {"name": TEST_LIST, "type": "Marketing", "status": "Activo"},
    {"name": TWITTER_LIST, "type": "Newsletter", "status": "Activo"},
)

PRODUCTS: tuple[dict[str, Any], ...] = (
    {"name": "Cesta semanal", "code": "CESTA-S", "category": "Cestas", "price": "24.50", "active": True},
    {"name": "Caja de naranjas", "code": "NARANJAS-10", "category": "Cajas", "price": "18.00", "active": True},
    {"name": "Cesta de Navidad", "code": "NAVIDAD", "category": "Cestas", "price": "59.00", "active": True},
)
CAMPAIGN: dict[str, Any] = {
    "name": "Twitter",
    "type": "Social Networks",
    "status": "Active",
    "audience": "Oficinas y seguidores",
    "expected_cost": "120.00",
    "expected_responses": 25,
}
#: How many of each module the mixed list holds: five hundred recipients.
MIXED = {"contacts": 390, "accounts": 40, "leads": 70}


def demo_id(*parts: str) -> str:
    """The id of a thing of the demo: the same one every time."""
    return derived_id("demo", *parts)

"""The company of the demo in small: enough records that every page of the console has something to show."""

from typing import Any

Json = dict[str, Any]
NOW = "2026-11-21T21:30:00.000Z"
PEOPLE = [
    ("Iker", "Goñi Etxeberria", "Twitter"),
    ("Lía", "Núñez", "Twitter"),
    ("Carme", "Roig", "Trade Show"),
    ("Àngels", "Ferrandis", "Web Site"),
    ("Uxía", "Castro", "Cold Call"),
]


def record(module: str, id: str, number: str, values: Json, **more: Any) -> Json:
    return {
        "id": id,
        "module": module,
        "number": number,
        "owner": "u-marc",
        "tags": [],
        "created_at": "2026-11-20T09:00:00.000Z",
        "updated_at": NOW,
        "version": 1,
        "values": values,
        **more,
    }


def contact(index: int) -> Json:
    first, last, origin = PEOPLE[index % len(PEOPLE)]
    suffix = f" {index // len(PEOPLE) + 1}" if index >= len(PEOPLE) else ""
    values = {
        "firstname": first,
        "lastname": last + suffix,
        "account": "a-1",
        "leadsource": origin,
        "email": f"contact{index}@example.com",
        "mobile": "+34 600 000 000",
        "birthday": "1988-02-29",
        "do_not_email": index % 7 == 0,
        "description": "Recibe la cesta los lunes.\nPrefiere naranjas." if index == 0 else None,
    }
    titles = {"account": "Carpintería Roig, S.L."}
    return record(
        "contacts", f"c-{index}", f"CON-{index + 1:06}", values, titles=titles, tags=["oficina"] if index == 0 else []
    )


def records() -> dict[str, list[Json]]:
    campaign = {
        "name": "Twitter",
        "status": "Active",
        "expected_close": "2026-12-31",
        "expected_cost": 1200,
        "actual_cost": 940.5,
        "expected_responses": 60,
        "actual_responses": 42,
        "target_size": 640,
    }
    message = {
        "name": "2-Column_1-Logo",
        "contact": "c-1",
        "status": "delivered",
        "opened": 4,
        "clicked": 1,
        "last_url": "https://twitter.com/huertaturia",
    }
    bounced = {
        "name": "2-Column_1-Logo",
        "contact": "c-0",
        "status": "bounced",
        "campaign": "cam-355",
        "template_id": "t-1",
        "template": "2-Column_1-Logo",
        "bounced": 1,
        "bounce_type": "hard",
        "reason": "smtp; 550 5.1.1 The email account does not exist",
    }
    account = {"name": "Carpintería Roig, S.L.", "industry": "Banking", "revenue": 1234567.8}
    lead = {"lastname": "Prueba Twitter", "leadsource": "Twitter", "email": "lead@example.com"}
    orchard = {
        "name": "Huerta de Sagunto",
        "hectares": 12.5,
        "harvest_at": "2026-12-01T07:00:00.000Z",
        "fruits": ["orange"],
    }
    return {
        "contacts": [contact(index) for index in range(60)],
        "accounts": [record("accounts", "a-1", "ACC-000001", account)],
        "leads": [record("leads", "l-1", "LEA-000001", lead)],
        "campaigns": [record("campaigns", "cam-355", "CAM355", campaign)],
        "messages": [
            record("messages", "m-1", "MSG-000001", message, titles={"contact": "Lía Núñez"}),
            record("messages", "m-2", "MSG-000002", bounced, titles={"contact": "Iker Goñi", "campaign": "Twitter"}),
        ],
        "orchards": [record("orchards", "o-1", "ORC-000001", orchard)],
    }


TIMELINE: list[Json] = [
    {
        "at": NOW,
        "kind": "segment_entered",
        "cause": {"workflow": "Añadir contacto a la lista twitter"},
        "data": {"segment": "twitter"},
        "text": {
            "es": "Entra en «twitter» por el flujo «Añadir contacto a la lista twitter»",
            "en": "Enters “twitter” by the workflow “Añadir contacto a la lista twitter”",
        },
    },
    {
        "at": "2026-11-20T10:00:00.000Z",
        "kind": "changed",
        "cause": {"user": "u-marc"},
        "data": {"leadsource": ["Trade Show", "Twitter"]},
        "text": {"es": "Cambios de Marc Soler: Origen", "en": "Changed by Marc Soler: Lead source"},
    },
    {
        "at": "2026-11-20T09:00:00.000Z",
        "kind": "created",
        "cause": {"user": "u-lucia"},
        "data": {},
        "text": {"es": "Creado por Lucía Ferrer", "en": "Created by Lucía Ferrer"},
    },
]


MESSAGE_TIMELINE: list[Json] = [
    {
        "at": NOW,
        "kind": "message_bounced",
        "cause": {"message": "m-2"},
        "data": {"count": 1, "detail": "smtp; 550 5.1.1 The email account does not exist"},
        "text": {
            "es": "Rebota «2-Column_1-Logo»: La dirección o el dominio no existen (permanente)",
            "en": "“2-Column_1-Logo” bounced: The address or domain does not exist (hard)",
        },
    },
    {
        "at": "2026-11-21T21:29:59.000Z",
        "kind": "provider_event",
        "cause": {"message": "m-2"},
        "data": {"provider": "ses", "event": "bounced", "raw": '{"eventType": "Bounce"}'},
        "text": {
            "es": "Aviso del proveedor (Amazon SES): devuelto",
            "en": "Notice from the provider (Amazon SES): returned",
        },
    },
    {
        "at": "2026-11-21T21:29:00.000Z",
        "kind": "message_sent",
        "cause": {"message": "m-2"},
        "data": {"count": 1},
        "text": {"es": "Se le envía «2-Column_1-Logo»", "en": "“2-Column_1-Logo” was sent"},
    },
]

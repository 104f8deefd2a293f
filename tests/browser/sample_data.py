"""The company of the demo in small: enough records that every page of the console has something to show."""

from typing import Any

from gotero.domain.catalogue import text
from gotero.domain.deliverability import Deliverability

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
            "es": "Rebota «2-Column_1-Logo»: La dirección o el dominio no existen (duro)",
            "en": "“2-Column_1-Logo” bounced: The address or domain does not exist (hard)",
        },
    },
    {
        "at": "2026-11-21T21:29:59.000Z",
        "kind": "provider_event",
        "cause": {"message": "m-2"},
        "data": {"provider": "ses", "event": "bounced", "raw": '{"eventType": "Bounce"}'},
        "text": {
            "es": "Aviso del proveedor (ses): devuelto",
            "en": "Word from the provider (ses): returned",
        },
    },
    {
        "at": "2026-11-21T21:29:00.000Z",
        "kind": "message_sent",
        "cause": {"message": "m-2"},
        "data": {"count": 1},
        "text": {"es": "Se le envía «2-Column_1-Logo»", "en": "Was sent “2-Column_1-Logo”"},
    },
]


def segments() -> list[Json]:
    rule = {
        "id": "r-1",
        "filter_id": None,
        "module": "leads",
        "condition": {"all": [{"field": "leadsource", "op": "is", "value": "Twitter"}]},
        "state": "active",
        "generation": 1,
        "replaces": None,
    }
    twitter = {"id": "s-twitter", "number": "SEGL-0000003", "name": "twitter", "type": "Newsletter", "status": "Activo"}
    empty = {
        "id": "s-prueba",
        "number": "SEGL-0000002",
        "name": "lista de prueba",
        "type": "Marketing",
        "status": "Activo",
    }
    more = {"owner": "u-lucia", "created_at": "2026-11-19T08:00:00.000Z", "updated_at": NOW}
    return [
        {**twitter, **more, "counts": {"contacts": 2, "leads": 1, "accounts": 0}, "as_of": NOW, "autosync": [rule]},
        {**empty, **more, "counts": {"contacts": 0, "leads": 0, "accounts": 0}},
    ]


def members() -> list[Json]:
    def row(module: str, id: str, source: str) -> Json:
        sources = [{"kind": source, "id": "x", "since": NOW, "cause": {"user": "u-lucia"}}]
        return {"module": module, "id": id, "since": NOW, "source": source, "sources": sources}

    return [row("contacts", "c-0", "workflow"), row("contacts", "c-1", "form"), row("leads", "l-1", "manual")]


def definitions() -> dict[str, list[Json]]:
    """Everything that the generic definition pages show, by its path under /v1."""
    return {
        "workflows": [
            {
                "id": "w-1",
                "name": "Añadir contacto a la lista twitter",
                "module": "contacts",
                "active": True,
                "trigger": {"on": "save"},
                "condition": {"all": [{"field": "leadsource", "op": "is", "value": "Twitter"}]},
                "tasks": [
                    {
                        "type": "add_to_segment",
                        "name": "Añadir a Lista Twitter",
                        "active": True,
                        "delay": None,
                        "condition": None,
                        "params": {"segment_id": "s-twitter", "target": "self"},
                    }
                ],
                "last_run_at": NOW,
                "last_run_ms": 12,
            }
        ],
        "forms": [
            {
                "id": "f-1",
                "public_id": "pub0000000000000000000001",
                "name": "Pagina de contacto",
                "module": "contacts",
                "owner": "u-marc",
                "return_url": "https://huertaturia.example/gracias",
                "allowed_domains": ["huertaturia.example"],
                "fields": [
                    {"field": "firstname"},
                    {"field": "lastname", "required": True},
                    {"field": "email"},
                    {"field": "leadsource", "imposed": "Twitter"},
                ],
            }
        ],
        "templates": [
            {
                "id": "t-1",
                "name": "2-Column_1-Logo",
                "subject": "Fruta para la oficina",
                "class": "marketing",
                "mjml": "<mjml/>",
            }
        ],
        "actions": [
            {
                "id": "x-1",
                "name": "Bienvenida 1",
                "kind": "mail",
                "class": "marketing",
                "params": {"template_id": "t-1"},
            }
        ],
        "scheduled-actions": [
            {
                "id": "y-1",
                "reference": "Bienvenida +10",
                "action_id": "x-1",
                "status": "active",
                "sender": "recipient_owner",
                "when": {"on": "assignment", "offset": {"days": 10}},
            },
            {
                "id": "y-2",
                "reference": "Felicitación de cumpleaños",
                "action_id": "x-1",
                "status": "active",
                "sender": "recipient_owner",
                "when": {"on": "field", "field": "birthday", "count": "next_anniversary", "at": "09:00"},
            },
        ],
        "plans": [{"id": "p-1", "name": "Bienvenida", "status": "active", "scheduled_actions": ["y-1"]}],
        "assignments": [
            {
                "id": "z-1",
                "scheduled_action": "y-1",
                "recipient": {"module": "contacts", "id": "c-0"},
                "subject": None,
                "state": "pending",
                "due_at": "2026-12-01T21:30:00.000Z",
                "zone": "Europe/Madrid",
                "reason": None,
                "via": ["plan:p-1"],
                "cause": {"user": "u-lucia"},
            }
        ],
    }


RESULTS: Json = {
    "links": [
        {"url": "https://twitter.com/huertaturia", "clicks": 31},
        {"url": "https://huertaturia.example/cajas", "clicks": 9},
    ],
    "bounces": [
        {"kind": "hard", "count": 9, "example": "smtp; 550 5.1.1 The email account does not exist"},
        {"kind": "soft", "count": 4, "example": "smtp; 452 4.2.2 Mailbox full"},
    ],
    "reasons": [{"status": "skipped", "reason": "no_email", "count": 51}],
    "as_of": NOW,
    "sent": 640,
    "delivered": 621,
    "opened": 236,
    "clicked": 37,
    "bounced": 13,
    "dropped": 4,
    "spam": 1,
    "unsubscribed": 2,
    "no_email": 51,
    "rates": {
        "delivered": 0.9703,
        "opened": 0.38,
        "clicked": 0.0596,
        "bounced": 0.0203,
        "spam": 0.0016,
        "unsubscribed": 0.0031,
    },
    "series": [
        {"at": f"2026-11-21T{hour:02}:00:00.000Z", "opened": 60 - 5 * abs(11 - hour), "clicked": 12 - abs(11 - hour)}
        for hour in range(6, 18)
    ]
    + [{"at": "2026-11-22T08:00:00.000Z", "sent": 0, "opened": 22, "clicked": 4}],
}

PREVIEW: Json = {
    "recipients": 640,
    "no_email": 1,
    "invalid_email": 1,
    "suppressed": 0,
    "unsubscribed": 2,
    "do_not_email": 0,
    "same_address": 0,
    "will_send": 636,
    "exact": True,
    "rate": 14.0,
    "seconds": 3720,
    "cost": {"currency": "USD", "provider": 1.84, "platform": 0.07},
    "replaced_senders": [
        {"user": "u-marc", "name": "Marc", "from": "hola@huertaturia.example", "reply_to": "marc@gmail.example"}
    ],
}

AUDIENCE: list[Json] = [
    {
        "module": "contacts",
        "id": "c-0",
        "number": "CON-000001",
        "title": "Lía Núñez",
        "email": "lia@example.com",
        "verdict": "will_send",
    },
    {
        "module": "leads",
        "id": "l-1",
        "number": "LEA-000001",
        "title": "Prueba Twitter",
        "email": None,
        "verdict": "no_email",
    },
]

FORM_HTML = '<form action="https://forms.huertaturia.example/f/pub0000000000000000000001" method="post">\n</form>\n'

FILTERS: list[Json] = [
    {
        "id": "flt-twitter",
        "name": "De Twitter",
        "module": "contacts",
        "condition": {"all": [{"field": "leadsource", "op": "is", "value": "Twitter"}]},
        "readonly": False,
        "version": 1,
    },
    {
        "id": "messages-bounce",
        "name": "Rebotado",
        "label": {"es": "Rebotado", "en": "Bounce"},
        "module": "messages",
        "condition": {"field": "bounced", "op": "greater_than", "value": 0},
        "readonly": True,
    },
    {
        "id": "contacts-no-email",
        "name": "Sin email",
        "label": {"es": "Sin email", "en": "No e-mail"},
        "module": "contacts",
        "condition": {"all": [{"field": "email", "op": "is_empty"}]},
        "readonly": True,
    },
]


def users() -> list[Json]:
    common: Json = {"language": "es", "groups": [], "disabled": False, "version": 1}
    return [
        {
            **common,
            "id": "u-lucia",
            "name": "Lucía Ferrer",
            "email": "lucia@huertaturia.example",
            "role": "admin",
            "groups": ["g-sales"],
        },
        {**common, "id": "u-marc", "name": "Marc Soler", "email": "marc@huertaturia.example", "role": "marketer"},
    ]


def webhook(body: Json) -> Json:
    address = f"https://public.huertaturia.example/hooks/{body['provider']}/01KWEBHOOK2"
    return {"authorization": [], "signing": [], "topics": [], **body, "url": address}


def webhooks() -> list[Json]:
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:gotero/webhooks/sendgrid-key"
    url = "https://public.huertaturia.example/hooks/sendgrid/01KWEBHOOK"
    name, provider = "SendGrid de la casa", "sendgrid"
    proofs: Json = {"authorization": [], "signing": [arn], "topics": []}
    return [{"id": "h-1", "name": name, "provider": provider, "url": url, **proofs}]


TWITTER = {"field": "leadsource", "op": "is", "value": "Twitter", "verdict": True, "found": "Twitter"}
YOUNG = {"field": "birthday", "op": "is_today", "verdict": False, "found": "1990-11-25"}
WHY: Json = {
    "member": True,
    "since": NOW,
    "sources": [{"kind": "workflow", "id": "w-1", "since": NOW, "cause": {"workflow": "w-1"}}],
    "blocked": None,
    "rules": [
        {
            "id": "r-1",
            "filter_id": None,
            "state": "active",
            "verdict": False,
            "tree": {"all": [TWITTER, YOUNG], "verdict": False},
            "turned_by": [{"field": "birthday", "op": "is_today"}],
            "flips_at": "2026-11-24T23:00:00.000Z",
        }
    ],
}
#: The same, as of an instant: the second rule looks at messages, of which no past is kept.
WAS: Json = {
    "at": "2026-11-20T11:00:00.000Z",
    "member": True,
    "since": "2026-11-19T08:00:00.000Z",
    "until": NOW,
    "sources": [{"kind": "filter", "id": "r-1"}],
    "cause": {"user": "u-lucia"},
    "rules": [
        {"id": "r-1", "filter_id": None, "verdict": True, "tree": {"all": [TWITTER], "verdict": True}},
        {"id": "r-2", "filter_id": None, "verdict": None, "tree": None},
    ],
}
KEPT_OUT: Json = {
    "module": "contacts",
    "id": "c-2",
    "number": "CON-000003",
    "title": "Nerea Fuster",
    "since": NOW,
    "sources": [],
    "blocked": {"at": NOW, "cause": {"user": "u-lucia"}},
}
SIZES: Json = {
    "as_of": NOW,
    "exact": True,
    "unit": "day",
    "items": [
        {"at": f"2026-11-{day}T00:00:00.000Z", "count": count, "counts": {}, "entered": 1, "left": 0}
        for day, count in ((17, 0), (18, 2), (19, 5), (20, 3))
    ],
}
MEMBERSHIPS: list[Json] = [
    {"segment": "s-twitter", "name": "twitter", "member": True, "since": NOW, "sources": [], "blocked": None}
]


def suppressions() -> list[Json]:
    rows = [
        ("ana.ferrandis@correo.example", "hard_bounce", "contacts-c-0-job-j1-1", None, ""),
        ("bernat@otro.example", "complaint", "contacts-c-1-job-j1-1", None, ""),
        ("zoe@correo.example", "manual", None, "u-marc", "lo pidió por teléfono"),
    ]
    return [
        {"address": address, "reason": reason, "at": NOW, "message": message, "by": by, "note": note}
        for address, reason, message, by, note in rows
    ]


SUPPRESSION_HISTORY: Json = {
    "suppression": None,
    "items": [
        {
            "at": NOW,
            "kind": "suppressed",
            "cause": {"kind": "user", "id": "u-marc"},
            "data": {},
            "text": {"es": "Se suprime la dirección por Marc", "en": "The address was suppressed by Marc"},
        }
    ],
}


def deliverability() -> Json:
    figures = {"known": 1200, "delivered": 1140, "bounced": 60, "complained": 0}
    account = {**figures, "bounce_rate": 0.05, "complaint_rate": 0.0004}
    limits = {"bounce_limit": 0.04, "bounce_minimum": 500, "complaint_limit": 0.001, "complaint_minimum": 10000}
    return {
        "window_hours": 24,
        "account": account,
        "warning": "bounces",
        "limits": {**limits, "soft_bounces": 5, "brakes": True},
        "brake": {
            "brake": "bounces",
            "at": NOW,
            "figures": account,
            "released_by": None,
            "released_at": None,
            "note": "",
        },
        "hours": [{"at": NOW, **account}],
        "quota": {"rate": 14.0, "per_day": 50000.0, "sent": 1234.0},
    }


def settings() -> dict[str, Json]:
    company = {
        "name": "Huerta Turia, S.L.",
        "address": "Camino del Huerto 1, Valencia",
        "sender": "hola@huertaturia.example",
        "zone": "Europe/Madrid",
        "language": "es",
        "currency": "EUR",
        "verified_domains": ["huertaturia.example"],
        "landing_page": "",
        "unsubscribe_mail": "",
        "seed_list": ["control@huertaturia.example"],
        "send_delay_minutes": 5,
    }
    return {
        "company": company,
        "numbers": {"contacts": {"prefix": "CON-", "padding": 6, "next": 120}},
        "deliverability": Deliverability().to_json(),
        "transports": {"default": "ses"},
        "visibility": {"private": ["leads"], "shares": [{"module": "leads", "owner": "u-lucia", "to": "u-marc"}]},
    }


def doctor() -> Json:
    """As the API answers it, in its own words."""
    found = [
        ("identity", "ok", "ok", {"domain": "huertaturia.example"}),
        ("dkim", "error", "failed", {"domain": "huertaturia.example", "records": DKIM_RECORDS}),
        ("dmarc", "warning", "watching", {"name": "huertaturia.example"}),
        ("pricing_plan", "warning", "essentials", {}),
        ("concurrency", "unknown", "unknown_denied", {}),
        ("sandbox", "ok", "ok", {}),
    ]
    checks = [_check(*each) for each in found]
    states = [check["state"] for check in checks]
    return {
        "state": "error",
        "at": NOW,
        "checks": checks,
        "counts": {state: states.count(state) for state in ("ok", "warning", "error", "unknown")},
    }


DKIM_RECORDS = "abcdefghijklmnopqrstuvwxyz234567._domainkey.huertaturia.example CNAME abcdef.dkim.amazonses.com"


def _check(id: str, state: str, said: str, values: dict[str, str]) -> Json:
    key = said if said.startswith("unknown_") else f"{id}.{said}"

    def words(key: str) -> Json:
        return {"es": text("doctor", key, "es", **values), "en": text("doctor", key, "en", **values)}

    step = words(f"{key}.step") if state != "ok" else None
    return {
        "id": id,
        "subject": values.get("domain") or values.get("name"),
        "state": state,
        "label": words(id),
        "text": words(key),
        "step": step,
    }

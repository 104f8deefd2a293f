"""Definitions as the API gives them: workflows, forms, templates, plans, filters, users, webhooks."""

from tests.browser.sample_data import NOW, Json


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
                "documents": ["d-1"],
            }
        ],
        "documents": [
            {
                "id": "d-1",
                "number": "DOC-000001",
                "name": "Tarifas 2027",
                "file": "Tarifas 2027.pdf",
                "type": "application/pdf",
                "size": 482_113,
                "owner": "u-lucia",
                "created_at": "2026-11-20T09:00:00.000Z",
                "version": 1,
            }
        ],
        "document-templates": [
            {
                "id": "dt-1",
                "name": "Carta de pago",
                "module": "contacts",
                "language": "es",
                "file": "Carta {{ firstname }}",
                "parts": [
                    {"kind": "title", "text": "Recordatorio de pago"},
                    {"kind": "paragraph", "text": "Hola, {{ firstname }}:"},
                    {
                        "kind": "lines",
                        "columns": [{"title": "Concepto", "align": "left"}, {"title": "Importe", "align": "right"}],
                        "rows": [["{{ line.name }}", "{{ line.price|number }} €"]],
                        "each": "data.lines",
                    },
                ],
                "fields": ["firstname"],
                "warnings": [],
                "updated_at": "2026-11-20T09:00:00.000Z",
                "version": 1,
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

"""What a campaign came to, and what it would: results, preview, audience."""

from tests.browser.sample_data import NOW, Json

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

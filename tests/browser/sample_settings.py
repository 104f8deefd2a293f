"""Settings, the suppression list, how the account stands, and what the doctor says."""

from gotero.domain.catalogue import text
from gotero.domain.deliverability import Deliverability
from tests.browser.sample_data import NOW, Json


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

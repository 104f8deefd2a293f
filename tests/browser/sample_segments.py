"""Segments with their members, why somebody is in one, and how large they were."""

from tests.browser.sample_data import NOW, Json


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

"""What a condition builder needs to know beside fields and operators: the further kinds of leaves and their words."""

from collections.abc import Mapping
from typing import Any

from gotero.domain.catalogue import conditions as words
from gotero.domain.condition.activity import FORM_POSTED
from gotero.domain.condition.kinds import MAX_DAYS, MAX_HOURS, MAX_TIMES, URL, links_to
from gotero.domain.condition.operators import operators_of
from gotero.domain.condition.parser import MAX_AROUND, MAX_DEPTH, MAX_LEAVES
from gotero.domain.condition.parsing import UNTOLD
from gotero.domain.modules import Module

Json = dict[str, Any]

#: What each key of an activity or of its window takes.
_INPUTS: Mapping[str, str] = {
    "campaign": "campaigns",
    "template": "templates",
    "form": "forms",
    "url": "url",
    "where": "condition",
    "within_days": "integer",
    "within_hours": "integer",
    "before_days": "integer",
    "since": "date",
    "until": "date",
}


def describe_conditions() -> Json:
    """Kinds of leaves: `activity`, `related`, `segment`. The module of each says where it can be asked (`links`)."""
    return {
        "activities": [
            {**told, "keys": [_key(name) for name in keys_of(told["id"])]} for told in listed(words.ACTIVITIES)
        ],
        "times": listed(words.TIMES),
        "windows": [{**told, "input": _INPUTS[told["id"]]} for told in listed(words.WINDOWS)],
        "matches": listed(words.MATCHES),
        "membership": listed(words.MEMBERSHIP),
        "url_operators": list(operators_of(URL)),
        "limits": {
            "depth": MAX_DEPTH,
            "leaves": MAX_LEAVES,
            "around": MAX_AROUND,
            "times": MAX_TIMES,
            "days": MAX_DAYS,
            "hours": MAX_HOURS,
        },
    }


def describe_links(module: Module, modules: Mapping[str, Module]) -> list[Json]:
    """The related records that conditions on the module can ask about; the fields they leave out."""
    labels = {related.module: related.label for related in module.related}
    return [
        {
            "id": link.key,
            "module": link.module,
            "label": labels[link.module].to_json(),
            "without": sorted(UNTOLD) if modules[link.module].kind == "message" else [],
        }
        for link in links_to(module, modules)
    ]


def keys_of(kind: str) -> tuple[str, ...]:
    """What an activity can be narrowed down by."""
    if kind == FORM_POSTED:
        return ("form",)
    return ("campaign", "template", *(("url",) if kind == "clicked" else ()), "where")


def listed(texts: words.Words) -> list[Json]:
    return [{"id": key, "label": {language: texts[language][key] for language in texts}} for key in texts["es"]]


def _key(name: str) -> Json:
    return {"id": name, "input": _INPUTS[name], "label": {lang: keys[name] for lang, keys in words.KEYS.items()}}

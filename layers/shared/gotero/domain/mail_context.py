"""What merge tags can read: plain data about the recipient, its account and owner, the company, and the subject."""

from collections.abc import Collection, Mapping
from typing import Any

from gotero.domain.modules import MODULES, RECIPIENTS, Module
from gotero.domain.record import Record

Json = dict[str, Any]

#: What a merge tag calls one record of a module, where that is not the module's name without its s.
_NAMES = {"opportunities": "opportunity", "followups": "follow_up"}
_LINK_NAMES = frozenset({"unsubscribe_url", "preferences_url", "view_url", "open_url"})
_OWNER = ("name", "email")
_COMPANY = ("name", "address", "website", "phone", "email")
_SYSTEM = frozenset({"number"})
#: What stands beside the fields of a recipient: no field can have such a name.
MAIL_WORDS = _LINK_NAMES | {"recipient", "contact", "account", "lead", "owner", "company"}


def merge_name(module: str) -> str:
    """`contacts` -> `contact`: the word before the dot in `{{ contact.firstname }}`."""
    return _NAMES.get(module, module.removesuffix("s"))


def mail_context(
    recipient: Record,
    *,
    account: Record | None = None,
    owner: Mapping[str, Any] | None = None,
    company: Mapping[str, Any] | None = None,
    about: Collection[Record] = (),
) -> Json:
    """The values for one mail. `about` are the invoice of a dunning letter, the campaign, and the like.

    A field of the recipient can be named alone (`{{ firstname }}`). A lead is also a `contact`: a template that greets
    `{{ contact.firstname }}` is sent to segments of both.
    """
    own = _values(recipient)
    named: Json = {merge_name(recipient.module): own, "recipient": own}
    if recipient.module == "leads":
        named["contact"] = own
    if account is not None:
        named["account"] = _values(account)
        own["account"] = named["account"]
    for record in about:
        named[merge_name(record.module)] = _values(record)
    named["owner"] = {key: (owner or {}).get(key, "") for key in _OWNER}
    named["company"] = {key: (company or {}).get(key, "") for key in _COMPANY}
    return {**own, **named}


def _values(record: Record) -> Json:
    return {"number": record.number, **record.values}


def merge_sources(modules: Mapping[str, Module] = MODULES) -> list[Json]:
    """What merge tags can name, for whoever picks one: the fields of a module behind a word, or a few by name."""
    declared = [{"name": merge_name(id), "module": id} for id in (*RECIPIENTS, *modules)]
    named: list[Json] = [
        {"name": "owner", "fields": list(_OWNER)},
        {"name": "company", "fields": list(_COMPANY)},
        {"name": "", "fields": sorted(_LINK_NAMES - {"open_url"})},
    ]
    return [*{source["name"]: source for source in declared}.values(), *named]


def needs_account(fields: Collection[str]) -> bool:
    """Whether these merge fields read the recipient's account."""
    return any("account" in field.split(".")[:-1] for field in fields)


def unknown_fields(fields: Collection[str], modules: Mapping[str, Module] = MODULES) -> list[str]:
    """The merge fields that no record can ever fill: most often a slip of the pen."""
    return sorted(field for field in fields if not _known(field.split("."), modules))


def may_be_empty(field: str, modules: Mapping[str, Module] = MODULES) -> bool:
    """Whether a record may lack it: not what every record has, nor what the house itself fills in."""
    path = field.split(".")
    if path[0] in (*_LINK_NAMES, "owner", "company") or path[-1] in _SYSTEM:
        return False
    required = [
        any(declared.id == path[-1] and declared.required for declared in module.fields)
        for module in modules.values()
        if any(declared.id == path[-1] for declared in module.fields)
        and (len(path) == 1 or path[-2] in (merge_name(module.id), "recipient"))
    ]
    return not required or not all(required)


def empty_fields(fields: Collection[str], context: Mapping[str, Any]) -> list[str]:
    """The merge fields that print nothing for this context."""
    return sorted(
        field for field in fields if field not in _LINK_NAMES and _read(field.split("."), context) in ("", None)
    )


def _read(path: list[str], context: Any) -> Any:
    for name in path:
        context = context.get(name) if isinstance(context, Mapping) else None
    return context


def _known(path: list[str], modules: Mapping[str, Module]) -> bool:
    by_name = {merge_name(module.id): module for module in modules.values()}
    first, rest = path[0], path[1:]
    if first == "data":
        return bool(rest)  # what comes with the request that sends the mail (domain/letter.py)
    if first in _LINK_NAMES:
        return not rest
    if first == "recipient" or not rest:
        candidates = [modules[id] for id in RECIPIENTS if id in modules]
        return any(_has(module, rest or path) for module in candidates)
    if first in ("owner", "company"):
        return rest[0] in (_OWNER if first == "owner" else _COMPANY)
    if rest[0] == "account" and len(rest) > 1:
        first, rest = "account", rest[1:]
    return first in by_name and _has(by_name[first], rest)


def _has(module: Module, path: list[str]) -> bool:
    return path[0] in _SYSTEM or any(field.id == path[0] for field in module.fields)


_PERSON: Json = {
    "number": "CON-1",
    "salutationtype": "Ms.",
    "firstname": "Lía",
    "lastname": "Núñez",
    "title": "Compras",
    "email": "lia@example.com",
    "phone": "+34963000000",
    "city": "Valencia",
    "birthday": "1985-05-17",
    "leadsource": "Twitter",
}
_ACCOUNT: Json = {
    "number": "ACC-1",
    "accountname": "Carpintería Roig, S.L.",
    "industry": "Manufacturing",
    "city": "Valencia",
    "email": "info@example.com",
}
#: Somebody to try a template on when nobody is named.
EXAMPLE: Json = {
    **_PERSON,
    "recipient": _PERSON,
    "contact": {**_PERSON, "account": _ACCOUNT},
    "lead": {**_PERSON, "number": "LEA-1", "company": "Carpintería Roig, S.L."},
    "account": _ACCOUNT,
    "owner": {"name": "Marc Soler", "email": "marc@example.com"},
    "company": {
        "name": "Huerta Turia, S.L.",
        "address": "Calle de la Huerta 1, 46001 Valencia",
        "website": "https://example.com",
        "phone": "+34963000000",
        "email": "hola@example.com",
    },
    "campaign": {"number": "CAM1", "name": "Twitter"},
    "invoice": {
        "number": "F-2026-0117",
        "subject": "Cesta semanal",
        "total": "242.00",
        "balance": "242.00",
        "due_date": "2026-11-30",
    },
    "opportunity": {"number": "OPP-1", "amount": "1200.00"},
    "event": {"number": "EVT-1", "subject": "Feria"},
}

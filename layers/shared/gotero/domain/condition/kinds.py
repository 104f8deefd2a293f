"""The kinds of leaves beside those on a field, from their JSON: related records, activity, membership.

{"related": "invoices.contact", "match": "none", "where": {"field": "status", "op": "is", "value": "Paid"}}
{"related": "campaigns", "where": {"field": "status", "op": "is", "value": "Active"}}  (linked, many to many)
{"activity": "clicked", "times": {"at_least": 2}, "within_days": 30, "campaign": "…", "url": "/oferta"}
{"segment": "…", "op": "is_not_member"}
"""

import re
from collections.abc import Mapping
from typing import Any, get_args

from gotero.domain.condition import operands
from gotero.domain.condition.activity import FORM_POSTED, KINDS, ActivityLeaf, Window
from gotero.domain.condition.membership_leaf import OPERATORS, SegmentLeaf
from gotero.domain.condition.nodes import FieldLeaf, Node
from gotero.domain.condition.operators import operator_for
from gotero.domain.condition.parser import Parser, below
from gotero.domain.condition.related import MESSAGES, Link, Match, RelatedLeaf
from gotero.domain.condition.times import NEVER, ONCE, Times
from gotero.domain.modules import Field, Label, Module
from gotero.domain.validation.values import CLEANERS, BrokenRuleError

#: More often than this nothing is counted (message_event.MAX_COUNTED a message).
MAX_TIMES = 10_000
#: A hundred years.
MAX_DAYS, MAX_HOURS = 36_525, 876_600
#: Ids of definitions and records: letters, digits and what our own names carry.
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = Field("at", Label("", ""), "datetime")
_DAY = Field("at", Label("", ""), "date")
URL = Field("url", Label("URL", "URL"), "url")
_OF_MESSAGES = ("campaign", "template", "where")


def links_to(module: Module, modules: Mapping[str, Module]) -> list[Link]:
    """What can be asked of the records around those of a module: messages first, of those that can be written to.

    What points to any other module is not found by index. What is linked always is, from both ends.
    """
    found = [Link(module.id, r.module, r.field) for r in module.related if modules[r.module].kind != "message"]
    if not module.recipient:
        return [link for link in found if link.linked]
    return [Link(module.id, MESSAGES), *found]


def related_leaf(parser: Parser, data: Mapping[str, Any], path: str, depth: int) -> Node:
    parser.known_keys(data, path, "related", "match", "times", "where")
    link = next((k for k in links_to(parser.module, parser.modules) if k.key == data["related"]), None)
    if link is None or link.module not in parser.modules:
        return parser.wrong(below(path, "related"), "not_related")
    match, times = data.get("match"), data.get("times")
    if match is not None and times is not None:
        return parser.wrong(below(path, "times"), "one_of", keys="match, times")
    if match not in (None, *get_args(Match)):
        return parser.wrong(below(path, "match"), "choice", choices=", ".join(get_args(Match)))
    bounds = _times(parser, times, path) if times is not None else (ONCE if match in (None, "any") else NEVER)
    where = parser.inside(parser.modules[link.module], data.get("where"), below(path, "where"), depth)
    return RelatedLeaf(link, where, None if times is not None else match or "any", bounds)


def activity_leaf(parser: Parser, data: Mapping[str, Any], path: str, depth: int) -> Node:
    kind = data["activity"]
    if kind not in KINDS:
        return parser.wrong(below(path, "activity"), "choice", choices=", ".join(KINDS))
    if not parser.module.recipient:
        return parser.wrong(below(path, "activity"), "recipients_only")
    own = ("form",) if kind == FORM_POSTED else _OF_MESSAGES + (("url",) if kind == "clicked" else ())
    parser.known_keys(data, path, "activity", "times", *Window.__slots__, *own)
    named = {
        name: _id(parser, data[name], below(path, name))
        for name in ("campaign", "template", "form")
        if name in own and data.get(name) is not None
    }
    messages = parser.modules.get(MESSAGES)
    where = None
    if "where" in own and messages and data.get("where"):
        where = parser.inside(messages, data["where"], below(path, "where"), depth)
    return ActivityLeaf(
        parser.module.id,
        kind,
        ONCE if data.get("times") is None else _times(parser, data["times"], path),
        _window(parser, data, path),
        url=_url(parser, data["url"], below(path, "url")) if "url" in own and data.get("url") is not None else None,
        where=where,
        **named,
    )


def segment_leaf(parser: Parser, data: Mapping[str, Any], path: str, _: int) -> Node:
    parser.known_keys(data, path, "segment", "op")
    if not parser.module.recipient:
        return parser.wrong(below(path, "segment"), "recipients_only")
    op = data.get("op", OPERATORS[0])
    if op not in OPERATORS:
        return parser.wrong(below(path, "op"), "choice", choices=", ".join(OPERATORS))
    return SegmentLeaf(parser.module.id, _id(parser, data["segment"], below(path, "segment")), op == OPERATORS[1])


def _id(parser: Parser, raw: Any, path: str) -> str:
    if isinstance(raw, str) and _ID.fullmatch(raw):
        return raw
    parser.wrong(path, "id")
    return ""


def _times(parser: Parser, raw: Any, path: str) -> Times:
    """{"at_least": 2}, {"at_most": 0}, {"exactly": 1}, or from … to …"""
    here = below(path, "times")
    if not isinstance(raw, Mapping) or not raw:
        parser.wrong(here, "object")
        return ONCE
    parser.known_keys(raw, here, "at_least", "at_most", "exactly")
    counts = {name: _count(parser, raw, name, here, MAX_TIMES) for name in ("at_least", "at_most", "exactly")}
    exactly = counts["exactly"]
    if exactly is not None:
        if len(raw) > 1:
            parser.wrong(here, "one_of", keys="exactly, at_least + at_most")
        return Times(exactly, exactly)
    return Times(counts["at_least"] or 0, counts["at_most"])


def _count(parser: Parser, data: Mapping[str, Any], name: str, path: str, limit: int) -> int | None:
    raw = data.get(name)
    if raw is None:
        return None
    if isinstance(raw, bool) or not isinstance(raw, int):
        parser.wrong(below(path, name), "integer")
    elif not 0 <= raw <= limit:
        parser.wrong(below(path, name), "range", low="0", high=str(limit))
    else:
        return raw
    return None


def _window(parser: Parser, data: Mapping[str, Any], path: str) -> Window:
    since, until = (_moment(parser, data.get(name), below(path, name)) for name in ("since", "until"))
    if since and until and since[:10] > until[:10]:
        since, until = until, since
    return Window(
        _count(parser, data, "within_days", path, MAX_DAYS),
        _count(parser, data, "within_hours", path, MAX_HOURS),
        _count(parser, data, "before_days", path, MAX_DAYS),
        since,
        until,
    )


def _moment(parser: Parser, raw: Any, path: str) -> str | None:
    if raw is None:
        return None
    field = _DAY if isinstance(raw, str) and _DATE.fullmatch(raw) else _INSTANT
    try:
        cleaned: str | None = CLEANERS[field.type](field, raw)
    except BrokenRuleError as broken:
        parser.wrong(path, broken.rule, **dict(broken.values))
        return None
    return cleaned


def _url(parser: Parser, raw: Any, path: str) -> FieldLeaf | None:
    """A part of the URL, or an operator of texts with its operand."""
    asked = {"op": "contains", "value": raw} if isinstance(raw, str) else raw
    if not isinstance(asked, Mapping):
        parser.wrong(path, "text")
        return None
    parser.known_keys(asked, path, "op", "value")
    name = asked.get("op")
    operator = operator_for(URL, name) if isinstance(name, str) else None
    if operator is None or operator.past or operator.operand == "none":
        parser.wrong(below(path, "op"), "operator", op=str(name)[:60])
        return None
    try:
        return FieldLeaf(URL, operator, operands.read(URL, operator.operand, asked.get("value")))
    except BrokenRuleError as broken:
        parser.wrong(below(path, "value"), broken.rule, **dict(broken.values))
        return None

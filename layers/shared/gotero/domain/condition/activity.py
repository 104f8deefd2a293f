"""Leaves that ask what happened: mails sent, opened, clicked, bounced; forms posted. How often, when, where.

What happened to a message stands on it, an instant for each thing (`facts`: domain/message_facts.py), so that the
verdict on a person follows from the messages and posts alone.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gotero.domain import instant
from gotero.domain.condition.checks import Check
from gotero.domain.condition.families import read_in_sql
from gotero.domain.condition.nodes import FieldLeaf, Json, Node, Verdict
from gotero.domain.condition.related import MESSAGES, Link, of_related
from gotero.domain.condition.sql import SqlWriter, quoted
from gotero.domain.condition.times import Times
from gotero.domain.condition.view import NOTHING, Moment, View

POSTS = "posts"
FORM_POSTED = "form_posted"
#: Of messages, by the name of what happened.
FACTS = ("sent", "delivered", "opened", "clicked", "bounced", "dropped", "spam", "unsubscribed")
KINDS = (*FACTS, FORM_POSTED)
_AT = len("2026-11-21T21:30:00.000Z")
_MILLISECOND = timedelta(milliseconds=1)
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Window:
    """Which instants count. Days are those of the calendar in the zone of the view; every bound is inside."""

    within_days: int | None = None
    within_hours: int | None = None
    before_days: int | None = None
    #: A date (its whole local day) or an instant.
    since: str | None = None
    until: str | None = None

    @property
    def moves(self) -> bool:
        """Whether time alone brings things in and out."""
        return not self.within_days is self.within_hours is self.before_days is None

    def bounds(self, moment: Moment) -> tuple[str, str]:
        """The first and the last instant; "" and "~" stand before and after all."""
        lows, highs = [""], ["~"]
        if self.within_days is not None:
            lows.append(moment.first(moment.day(-self.within_days)))
        if self.within_hours is not None:
            lows.append(moment.hour(-self.within_hours))
        if self.before_days is not None:
            highs.append(moment.last(moment.day(-self.before_days)))
        if self.since:
            lows.append(self.since if len(self.since) > len("2026-11-21") else moment.first(self.since))
        if self.until:
            highs.append(self.until if len(self.until) > len("2026-11-21") else moment.last(self.until))
        return max(lows), min(highs)

    def edges(self, at: str, moment: Moment) -> Iterator[datetime]:
        """When the time alone brings this instant in or out."""
        then = instant.read(at)
        day = then.astimezone(moment.zone).date()
        if self.within_days is not None:
            yield moment.midnight(day + timedelta(days=self.within_days + 1))
        if self.within_hours is not None:
            yield then + timedelta(hours=self.within_hours) + _MILLISECOND
        if self.before_days is not None:
            yield moment.midnight(day + timedelta(days=self.before_days))

    def to_json(self) -> Json:
        told = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class ActivityLeaf:
    """So many things of a kind happened in a window, to messages that meet a condition, or with a form."""

    subject: str
    kind: str
    times: Times
    window: Window = Window()
    campaign: str | None = None
    template: str | None = None
    form: str | None = None
    #: Asked of each clicked URL, as of a field of type url.
    url: FieldLeaf | None = None
    where: Node | None = None

    @property
    def key(self) -> str:
        """Under which the view holds what is looked at."""
        return POSTS if self.kind == FORM_POSTED else MESSAGES

    def compile(self) -> Verdict:
        find, bounds = self._finder(), self.times
        return lambda view: bounds.hold(len(find(view)))

    def _finder(self) -> Callable[[View], list[str]]:
        """What counts: the instant of each thing, and behind it a clicked URL."""
        where = self.where.compile() if self.where else None
        kind, campaign, template, form, window = self.kind, self.campaign, self.template, self.form, self.window
        visited = _url_check(self.url)

        def facts(view: View) -> Iterator[str]:
            if kind == FORM_POSTED:
                yield from (p["at"] for p in view.many.get(POSTS, ()) if form in (None, p["form"]))
                return
            for message in view.many.get(MESSAGES, ()):
                if campaign not in (None, message.get("campaign")) or template not in (
                    None,
                    message.get("template_id"),
                ):
                    continue
                happened = message["facts"].get(kind, ())
                if happened and (where is None or where(of_related(view, message))):
                    yield from happened

        def find(view: View) -> list[str]:
            low, high = window.bounds(Moment(view.now, view.zone))
            return [f for f in facts(view) if low <= f and f[:_AT] <= high and visited(f[_AT + 1 :])]

        return find

    def explain(self, view: View) -> Json:
        found = self._finder()(view)
        return {
            **self.to_json(),
            "verdict": self.times.hold(len(found)),
            "found": {"count": len(found), "latest": sorted((f[:_AT] for f in found), reverse=True)[:_SHOWN]},
        }

    def instants(self, view: View) -> Iterator[str]:
        """The instants of everything of its kind, in the window or not."""
        if self.kind == FORM_POSTED:
            yield from (p["at"] for p in view.many.get(POSTS, ()))
        else:
            for message in view.many.get(MESSAGES, ()):
                yield from (f[:_AT] for f in message["facts"].get(self.kind, ()))

    def sql(self, writer: SqlWriter) -> str:
        low, high = self.window.bounds(writer.moment)
        if self.kind == FORM_POSTED:
            met = self._posts(writer, low, high)
            return self.times.sql(("activity AS o", "o.record", "true"), met, "count(*)", writer.params)
        met = self._messages(writer)
        counted = self._facts(writer, low, high)
        return self.times.sql(Link(self.subject, MESSAGES).sql(), met, counted, writer.params)

    def _posts(self, writer: SqlWriter, low: str, high: str) -> str:
        asked = ["o.module = ?", "o.kind = ?"]
        writer.params += [self.subject, FORM_POSTED]
        if self.form:
            asked.append("o.detail = ?")
            writer.params.append(self.form)
        for sign, bound in ((">=", low), ("<=", high)):
            if bound.strip("~"):
                asked.append(f"o.at {sign} CAST(? AS TIMESTAMP)")
                writer.params.append(bound)
        return f"({' AND '.join(asked)})"

    def _messages(self, writer: SqlWriter) -> str:
        asked = ["true"]
        for column, value in (("campaign", self.campaign), ("template_id", self.template)):
            if value:
                asked.append(f'o."{column}" = ?')
                writer.params.append(value)
        if self.where:
            with writer.within("o"):
                asked.append(f"({self.where.sql(writer)})")
        return f"({' AND '.join(asked)})"

    def _facts(self, writer: SqlWriter, low: str, high: str) -> str:
        asked = [f"f >= ? AND left(f, {_AT}) <= ?"]
        writer.params += [low, high]
        if self.url:
            check = _built(self.url).sql(read_in_sql("text", f"substr(f, {_AT + 2})"), writer.params)
            asked.append(f"{'NOT ' if self.url.operator.negative else ''}coalesce({check}, false)")
        facts = f"list_filter(o.{quoted('facts#' + self.kind)}, lambda f: {' AND '.join(asked)})"
        return f"coalesce(sum(len({facts})), 0)"

    def leaves(self) -> Iterator[Node]:
        yield self

    def inner(self) -> Sequence[FieldLeaf]:
        """What is asked of the messages' own fields."""
        return tuple(leaf for leaf in self.where.leaves() if isinstance(leaf, FieldLeaf)) if self.where else ()

    def to_json(self) -> Json:
        asked: Json = {"activity": self.kind, "times": self.times.to_json(), **self.window.to_json()}
        named: Mapping[str, Any] = {"campaign": self.campaign, "template": self.template, "form": self.form}
        asked |= {name: value for name, value in named.items() if value}
        if self.url:
            asked["url"] = {"op": self.url.operator.id, "value": self.url.operand}
        return asked | ({"where": self.where.to_json()} if self.where else {})


def _built(url: FieldLeaf) -> Check:
    return url.operator.build(url.field, url.operand, Moment(NOTHING.now, NOTHING.zone))


def _url_check(url: FieldLeaf | None) -> Callable[[str], bool]:
    if url is None:
        return lambda visited: True
    holds = url.compile()
    return lambda visited: holds(View({url.field.id: visited}, NOTHING.now))

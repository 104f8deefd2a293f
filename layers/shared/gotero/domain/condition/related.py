"""Leaves that ask something of other records: those that point to this one, and those that are linked with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from gotero.domain.condition.nodes import FieldLeaf, Json, Node, Verdict
from gotero.domain.condition.sql import SqlWriter, quoted
from gotero.domain.condition.times import NEVER, Times
from gotero.domain.condition.view import NOTHING, View
from gotero.domain.modules import LINK

MESSAGES = "messages"
Match = Literal["any", "all", "none"]
#: How many of the related records an explanation shows.
_SHOWN = 3
#: Module of a recipient -> the column of its own messages that says so, and what else must be. One to a contact carries
#: the contact's account too.
_TO: Mapping[str, tuple[str, str]] = {
    "contacts": ("contact", "true"),
    "leads": ("lead", "true"),
    "accounts": ("account", 'o."contact" IS NULL AND o."lead" IS NULL'),
}
#: A claim is a state of seconds that nobody is told of.
_MESSAGES_AS_TOLD = (
    '(SELECT * REPLACE (CASE WHEN "status" = \'claimed\' THEN \'planned\' ELSE "status" END AS "status") '
    'FROM "messages")'
)


@dataclass(frozen=True, slots=True)
class Link:
    """From a record of `subject` to those of `module` that point to it through `field`; messages by their recipient.

    Through the field LINK it leads to those that are linked with it, many to many.
    """

    subject: str
    module: str
    field: str | None = None

    @property
    def key(self) -> str:
        return f"{self.module}.{self.field}" if self.field else self.module

    @property
    def linked(self) -> bool:
        return self.field == LINK

    def sql(self) -> tuple[str, str, str]:
        """FROM the related records, as `o`; the column that says to whom each belongs; what else must be."""
        if self.field is None:
            column, also = _TO[self.subject]
            return f"{_MESSAGES_AS_TOLD} AS o", f"o.{quoted(column)}", also
        if self.linked:
            return self._through_links()
        return f"{quoted(self.module)} AS o", f"o.{quoted(self.field)}", "true"

    def _through_links(self) -> tuple[str, str, str]:
        """A row of `links` names both ends, the module that comes first in the alphabet first (domain/record_link)."""
        first = self.subject < self.module
        mine, other = ("one", "other") if first else ("other", "one")
        ends = f"l.\"{mine}_module\" = '{self.subject}' AND l.\"{other}_module\" = '{self.module}'"
        return f'"links" AS l JOIN {quoted(self.module)} AS o ON o."id" = l."{other}"', f'l."{mine}"', ends


@dataclass(frozen=True, slots=True)
class RelatedLeaf:
    """So many of the related records meet a condition; `all`: none of them fails it."""

    link: Link
    where: Node
    match: Match | None = None
    times: Times = NEVER

    def compile(self) -> Verdict:
        wanted, key, bounds, every = self.where.compile(), self.link.key, self.times, self.match == "all"

        def decide(view: View) -> bool:
            seen = (wanted(of_related(view, item)) for item in view.many.get(key, ()))
            return bounds.hold(sum(met != every for met in seen))

        return decide

    def explain(self, view: View) -> Json:
        items = view.many.get(self.link.key, ())
        told = [(item, self.where.explain(of_related(view, item))) for item in items]
        deciding = sorted(told, key=lambda pair: pair[1]["verdict"] == (self.match == "all"))
        return {
            **self.to_json(),
            "verdict": self.compile()(view),
            "found": {"related": len(told), "matching": sum(tree["verdict"] for _, tree in told)},
            "examples": [{"number": item.get("number"), "tree": tree} for item, tree in deciding[:_SHOWN]],
        }

    def sql(self, writer: SqlWriter) -> str:
        with writer.within("o"):
            where = self.where.sql(writer)
        met = f"NOT ({where})" if self.match == "all" else f"({where})"
        return self.times.sql(self.link.sql(), met, "count(*)", writer.params)

    def leaves(self) -> Iterator[Node]:
        yield self

    def inner(self) -> tuple[FieldLeaf, ...]:
        """What is asked of the related records' own fields."""
        return tuple(leaf for leaf in self.where.leaves() if isinstance(leaf, FieldLeaf))

    def counts_one_with_nothing(self) -> bool:
        """Whether a related record without a single value would count."""
        return self.where.compile()(NOTHING) != (self.match == "all")

    def to_json(self) -> Json:
        how: Json = {"match": self.match} if self.match else {"times": self.times.to_json()}
        where = self.where.to_json()
        return {"related": self.link.key, **how} | ({} if where == {"all": []} else {"where": where})


def of_related(view: View, item: Mapping[str, Any]) -> View:
    """One of the related records, as it is looked at."""
    return replace(view, values=item, previous=None, related={}, many={})


def as_told(message: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a message as conditions on its recipient see them: a claim is told to nobody."""
    return {**message, "status": "planned"} if message.get("status") == "claimed" else dict(message)

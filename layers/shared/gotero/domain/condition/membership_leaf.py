"""Leaves that ask whether the record is in a segment."""

from collections.abc import Iterator
from dataclasses import dataclass

from gotero.domain.condition.nodes import Json, Node, Verdict
from gotero.domain.condition.sql import SqlWriter
from gotero.domain.condition.view import View

OPERATORS = ("is_member", "is_not_member")


@dataclass(frozen=True, slots=True)
class SegmentLeaf:
    """The record is a member of a segment by whatever source, or is none."""

    subject: str
    segment: str
    negative: bool = False

    def compile(self) -> Verdict:
        segment, negative = self.segment, self.negative
        return lambda view: (segment in view.segments) != negative

    def explain(self, view: View) -> Json:
        inside = self.segment in view.segments
        return {**self.to_json(), "verdict": inside != self.negative, "found": inside}

    def sql(self, writer: SqlWriter) -> str:
        writer.params += [self.segment, self.subject]
        found = f"SELECT o.record FROM {writer.members} AS o WHERE o.segment = ? AND o.module = ?"  # noqa: S608 - the relation is the caller's own, values are parameters
        return f'{"NOT " if self.negative else ""}(r."id" IN ({found}))'

    def leaves(self) -> Iterator[Node]:
        yield self

    def to_json(self) -> Json:
        return {"segment": self.segment, "op": OPERATORS[self.negative]}

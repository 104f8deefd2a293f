"""A record of any module, what caused a write to it, and what changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from gotero.domain.ids import derived_id

Values = Mapping[str, Any]
CauseKind = Literal["user", "form", "workflow", "assignment", "campaign", "message", "import", "system"]
#: `delete` puts into the bin, `restore` takes out of it, `purge` empties what has lain there for its time.
#: `merge` puts into the bin what has become a part of another. `relate` and `unrelate` link it with another, many to
#: many, and undo that: nothing in the record itself changes.
EventKind = Literal["create", "modify", "delete", "merge", "restore", "purge", "relate", "unrelate"]

#: A chain of workflows that cause each other is cut here.
MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Ref:
    """Which record: its module and id."""

    module: str
    id: str

    def __str__(self) -> str:
        return f"{self.module}#{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Ref":
        module, _, record_id = text.partition("#")
        return cls(module, record_id)

    def to_json(self) -> dict[str, str]:
        return {"module": self.module, "id": self.id}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> "Ref":
        return cls(data["module"], data["id"])


@dataclass(frozen=True, slots=True)
class Cause:
    """Who or what made a write: every write carries one, so that every state can be explained and loops be cut."""

    kind: CauseKind
    id: str
    #: The task of a workflow, the step of a flow.
    part: str | None = None
    #: The event that set it off (a record event, a provider event).
    event: str | None = None
    #: How many workflows stand between this write and the person or event that began it.
    depth: int = 0

    @property
    def execution(self) -> str:
        """Names what a task does at one event: coming again, it is the same. "" for who may well do something twice."""
        if self.kind != "workflow" or not (self.part and self.event):
            return ""
        return derived_id("task", self.id, self.part, self.event)

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {self.kind: self.id}
        if self.part:
            data["task"] = self.part
        if self.event:
            data["event"] = self.event
        if self.depth:
            data["depth"] = self.depth
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Cause":
        for kind in CauseKind.__args__:  # type: ignore[attr-defined]  # typing offers no public way to list a Literal here
            if kind in data:
                return cls(kind, data[kind], data.get("task"), data.get("event"), data.get("depth", 0))
        raise ValueError("a cause names who or what")


@dataclass(frozen=True, slots=True)
class RecordEvent:
    """What a write tells the workflows: which kind of change, why, when, and through which form if any."""

    id: str
    kind: EventKind
    cause: Cause
    at: str
    form: str | None = None

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"id": self.id, "kind": self.kind, "cause": self.cause.to_json(), "at": self.at}
        if self.form:
            data["form"] = self.form
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "RecordEvent":
        return cls(data["id"], data["kind"], Cause.from_json(data["cause"]), data["at"], data.get("form"))


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `values` holds the declared fields; instants are texts as in domain/instant.py."""

    module: str
    id: str
    number: str
    owner: str
    values: Values
    created_at: str
    created_by: str
    updated_at: str
    version: int = 1
    tags: tuple[str, ...] = ()
    deleted_at: str | None = None
    #: The record of the same module that it was merged into; it lies in the bin then.
    merged_into: str | None = None
    #: The records that were merged into this one, and those that had been merged into them.
    absorbed: tuple[str, ...] = ()

    @property
    def ref(self) -> Ref:
        return Ref(self.module, self.id)

    def changed(
        self, values: Values, *, at: str, owner: str | None = None, tags: tuple[str, ...] | None = None
    ) -> "Record":
        """The next version, with `values` laid over; a value of None empties the field."""
        merged = {k: v for k, v in {**self.values, **values}.items() if v is not None}
        return replace(
            self,
            values=merged,
            owner=owner or self.owner,
            tags=self.tags if tags is None else tags,
            updated_at=at,
            version=self.version + 1,
        )

    def to_json(self) -> dict[str, Any]:
        data = {
            "module": self.module,
            "id": self.id,
            "number": self.number,
            "owner": self.owner,
            "tags": list(self.tags),
            "created_at": self.created_at,
            "created_by": self.created_by,
            "updated_at": self.updated_at,
            "version": self.version,
            "values": dict(self.values),
        }
        in_bin = {"deleted_at": self.deleted_at, "merged_into": self.merged_into}
        merged = {"absorbed": list(self.absorbed)} if self.absorbed else {}
        return {**data, **merged, **{name: value for name, value in in_bin.items() if value}}


@dataclass(frozen=True, slots=True)
class Change:
    """A record before and after one event; `before` is None for a creation."""

    event: RecordEvent
    after: Record
    before: Record | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

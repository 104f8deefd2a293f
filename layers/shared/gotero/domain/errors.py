"""What can go wrong, as types; the HTTP status of each stands in entry/http.py alone.

GoteroError
├── NotFoundError        the thing named does not exist, or is not the caller's to see
│   └── MergedError      it has become a part of another record
├── InvalidError         the input breaks rules; carries one FieldError per broken rule
├── ConflictError        the input is fine, the state is not (stale version, taken key)
│   ├── AppliedError     the very same task has written before, at the very same event
│   ├── DuplicateError   another record holds a unique value
│   └── InUseError       something else still refers to it
├── NotAllowedError      the caller may not do this
├── TooLargeError        the body is over the limit
├── TransientError       try again later (throttled, lost connection)
└── PermanentError       trying again cannot help
    └── OversizeError    a mail that no provider would take
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One broken rule: where (JSON path), which rule, and values for its message in the catalogue."""

    path: str
    rule: str
    values: tuple[tuple[str, str], ...] = ()

    def under(self, prefix: str) -> "FieldError":
        """The same error seen from one level further out."""
        return FieldError(f"{prefix}.{self.path}" if self.path else prefix, self.rule, self.values)


class GoteroError(Exception):
    """Anything this product raises on purpose."""


class NotFoundError(GoteroError):
    """The thing named does not exist, or the caller may not know that it does."""


class MergedError(NotFoundError):
    """The record has become a part of another; says of which."""

    def __init__(self, into: str) -> None:
        super().__init__("merged")
        self.into = into


class InvalidError(GoteroError):
    """The input breaks at least one rule; nothing was written."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{e.path}: {e.rule}" for e in errors))
        self.errors = errors


class ConflictError(GoteroError):
    """The state has moved on: stale version, wrong phase. Says by a rule what stands in the way and what to do."""

    def __init__(self, detail: str, rule: str = "stale", path: str = "", **values: str) -> None:
        super().__init__(detail)
        self._told = FieldError(path, rule, tuple(values.items()))

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """As an answer tells it."""
        return (self._told,)


#: Stands for the id of a holder that whoever asks does not see.
HIDDEN = "-"


class AppliedError(ConflictError):
    """The very same task has written before, at the very same event: whatever is there now came later."""


class DuplicateError(ConflictError):
    """Something else already holds a unique value; says where it stands and who has it."""

    def __init__(self, path: str, holder_id: str) -> None:
        super().__init__(f"{path} is already held")
        self.path = path
        self.holder_id = holder_id

    @property
    def field_error(self) -> FieldError:
        if self.holder_id == HIDDEN:
            return FieldError(self.path, "unique_hidden")
        return FieldError(self.path, "unique", (("holder", self.holder_id),))

    @property
    def errors(self) -> tuple[FieldError, ...]:
        return (self.field_error,)


@dataclass(frozen=True, slots=True)
class Use:
    """What still refers to a thing: a definition by kind and id, and what it is called."""

    kind: str
    id: str
    name: str


class InUseError(ConflictError):
    """Something else refers to it, or belongs to it; says what, and of its records how many in each module."""

    def __init__(self, *uses: Use, owned: Mapping[str, int] | None = None) -> None:
        super().__init__("in use")
        self.uses = uses
        self.owned = owned or {}

    @property
    def errors(self) -> tuple[FieldError, ...]:
        return (
            *(FieldError(f"records.{id}", "owns_records", (("count", str(n)),)) for id, n in self.owned.items()),
            *(FieldError(f"{use.kind}.{use.id}", "in_use", (("holder", use.name),)) for use in self.uses),
        )


class NotAllowedError(GoteroError):
    """The caller is known and may not do this."""


class TooLargeError(GoteroError):
    """A body is over the limit of its route."""


class TransientError(GoteroError):
    """Worth another try."""


class PermanentError(GoteroError):
    """Another try cannot help; the caller records it and goes on."""


class OversizeError(PermanentError):
    """The mail is larger than a mail may be."""

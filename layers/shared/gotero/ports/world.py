"""The clock, and where identifiers come from."""

from datetime import datetime
from typing import Any, Protocol

Json = dict[str, Any]


class Clock(Protocol):
    """The only reader of the time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""


class Ids(Protocol):
    """The only source of randomness for identifiers."""

    def new(self) -> str:
        """A new identifier, sortable by its instant."""

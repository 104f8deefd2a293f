"""How often something must be: the bounds of a count."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Times:
    """From `low` to `high` times, both included; None is no bound above."""

    low: int
    high: int | None = None

    def hold(self, count: int) -> bool:
        return self.low <= count and (self.high is None or count <= self.high)

    def sql(self, count: str, params: list[Any]) -> str:
        """`count` is SQL for a whole number, never NULL; its own parameters are in `params` already."""
        params.append(self.low)
        if self.high is None:
            return f"({count}) >= ?"
        params.append(self.high)
        return f"({count}) BETWEEN ? AND ?"

    def to_json(self) -> dict[str, int]:
        if self.high is None:
            return {"at_least": self.low}
        if self.low == self.high:
            return {"exactly": self.low}
        return {"at_most": self.high} | ({"at_least": self.low} if self.low else {})


ONCE = Times(1)
NEVER = Times(0, 0)

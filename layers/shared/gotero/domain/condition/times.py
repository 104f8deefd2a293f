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

    def sql(self, of: tuple[str, str, str], met: str, count: str, params: list[Any]) -> str:
        """Whether so many rows belong to the record `r`: `of` is FROM, the column of the owner, and what must be.

        `met` selects rows and `count` counts those of an owner; their parameters are in `params` already. One set of
        owners is worked out for all records: a query of its own for each would take seconds to plan.
        """
        source, owner, also = of
        bounds = "BETWEEN ? AND ?" if self.high is not None else ">= ?"
        params += [self.low] if self.high is None else [self.low, self.high]
        none_is_enough = self.hold(0)
        having = f"{'NOT ' if none_is_enough else ''}({count} {bounds})"
        owners = (
            f"SELECT {owner} FROM {source} WHERE {owner} IS NOT NULL AND {also} AND {met} GROUP BY 1 HAVING {having}"  # noqa: S608 - names are quoted identifiers of the declaration, values are parameters
        )
        return f'(r."id" {"NOT IN" if none_is_enough else "IN"} ({owners}))'

    def to_json(self) -> dict[str, int]:
        if self.high is None:
            return {"at_least": self.low}
        if self.low == self.high:
            return {"exactly": self.low}
        return {"at_most": self.high} | ({"at_least": self.low} if self.low else {})


ONCE = Times(1)
NEVER = Times(0, 0)

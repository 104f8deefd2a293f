"""When sending must stop by itself: the rates of what comes back and their limits; how many soft bounces are enough."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

Brake = Literal["bounces", "complaints"]
#: Hours over which the account's rates are taken.
WINDOW_HOURS = 24


@dataclass(frozen=True, slots=True)
class Tally:
    """What came back: of how many mails the end is known, and how many of those ended badly."""

    delivered: int = 0
    #: Returned for good; what may pass another time says nothing about the list.
    bounced: int = 0
    complained: int = 0

    @property
    def known(self) -> int:
        return self.delivered + self.bounced

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.delivered + other.delivered, self.bounced + other.bounced, self.complained + other.complained)

    def to_json(self) -> dict[str, Any]:
        return {
            "known": self.known,
            "delivered": self.delivered,
            "bounced": self.bounced,
            "complained": self.complained,
            "bounce_rate": round(self.bounced / self.known, 5) if self.known else 0.0,
            "complaint_rate": round(self.complained / self.known, 5) if self.known else 0.0,
        }


@dataclass(frozen=True, slots=True)
class AccountBrake:
    """The account's brake. What is counted belongs to a round; a person who lets go of the brake begins a new one."""

    round: int = 1
    #: Why it is on; empty while it is off.
    brake: Brake | Literal[""] = ""
    at: str = ""
    #: The figures that put it on.
    tally: Tally = Tally()
    #: Who let go of it last, when, and what they said.
    released_by: str = ""
    released_at: str = ""
    note: str = ""
    version: int = 0

    def put_on(self, brake: Brake, tally: Tally, at: str) -> "AccountBrake":
        return replace(self, brake=brake, at=at, tally=tally, version=self.version + 1)

    def let_go(self, user_id: str, note: str, at: str) -> "AccountBrake":
        return AccountBrake(self.round + 1, released_by=user_id, released_at=at, note=note, version=self.version + 1)

    def to_json(self) -> dict[str, Any]:
        return {
            "brake": self.brake or None,
            "at": self.at or None,
            "figures": self.tally.to_json() if self.brake else None,
            "released_by": self.released_by or None,
            "released_at": self.released_at or None,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Deliverability:
    """The settings of that name. Limits are shares; AWS looks at an account at 5 % and 0.1 %, and stops it at 10 % and
    0.5 % (FAULTS): ours are reached before.
    """

    ID: ClassVar[str] = "deliverability"

    #: Mails in a row that came back softly until the address is suppressed; 0 never.
    soft_bounces: int = 5
    bounce_limit: float = 0.04
    #: With fewer mails than this the limit is that share of this many: a few early bounces stop nothing.
    bounce_minimum: int = 500
    complaint_limit: float = 0.001
    complaint_minimum: int = 10_000
    #: Whether the brakes act at all.
    brakes: bool = True

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Deliverability":
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data and name != "ID"})

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "ID"}

    def exceeded(self, tally: Tally) -> Brake | None:
        """What the figures are too bad in."""
        if not self.brakes:
            return None
        if tally.bounced >= self.bounce_limit * max(tally.known, self.bounce_minimum):
            return "bounces"
        if tally.complained >= self.complaint_limit * max(tally.known, self.complaint_minimum):
            return "complaints"
        return None

    def warned(self, tally: Tally) -> Brake | None:
        """The same at half the limits: worth a look before it stops."""
        if 2 * tally.bounced >= self.bounce_limit * max(tally.known, self.bounce_minimum):
            return "bounces"
        if 2 * tally.complained >= self.complaint_limit * max(tally.known, self.complaint_minimum):
            return "complaints"
        return None

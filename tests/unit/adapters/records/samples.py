"""A record, an event and the stores that hold them."""

from dataclasses import dataclass

from gotero.domain.record import Cause, Ref
from gotero.ports import (
    Counters,
    Definitions,
    Memberships,
    Numbers,
    Records,
    Timeline,
)

AT = "2026-11-21T09:00:00.000Z"
LATER = "2026-11-21T10:00:00.000Z"
CAUSE = Cause("workflow", "w1", part="t1", event="e1", depth=2)
LIA = Ref("contacts", "lia")


@dataclass(frozen=True)
class Stores:
    records: Records
    numbers: Numbers
    definitions: Definitions
    memberships: Memberships
    timeline: Timeline
    counters: Counters

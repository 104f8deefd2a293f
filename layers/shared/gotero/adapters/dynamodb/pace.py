"""`Pace` in one item of the Work table: when the line of senders is free again. A booking is one conditional write.

The item is small and its loss harmless: the next sender starts a new line at once, and SES throttles what is too fast.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import PutError

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.domain.lane import Lane
from gotero.domain.pacing import Line, book
from gotero.ports import Clock

#: More rivals than this for one turn: send unpaced, and let SES say when it is too fast.
_ATTEMPTS = 8


class PaceItem(Item):
    class Meta:
        table_name = FromEnv("WORK_TABLE")

    free_at = NumberAttribute()
    level = NumberAttribute(null=True)
    level_at = NumberAttribute(null=True)
    drips_at = NumberAttribute(null=True)
    ttl = NumberAttribute()


class DynamoPace:
    """One line for one account. `rate` is what SES grants, in mails a second."""

    def __init__(self, rate: Callable[[], float], clock: Clock) -> None:
        self._rate = rate
        self._clock = clock

    def turn(self, mails: int, patience: float, lane: Lane = "bulk") -> float:
        rate = self._rate()
        for _ in range(_ATTEMPTS):
            stored = self._stored()
            now = self._clock.now()
            turn = book(_line(stored), now.timestamp(), mails, rate, patience, lane)
            if turn.line is None or self._write(turn.line, stored, now):
                return turn.wait
        return 0.0

    def slow(self) -> None:
        for _ in range(_ATTEMPTS):
            stored = self._stored()
            now = self._clock.now()
            before = _line(stored)
            after = before.slowed(now.timestamp())
            if after == before or self._write(after, stored, now):
                return

    def _write(self, line: Line, stored: PaceItem | None, now: datetime) -> bool:
        """Whether nobody was faster."""
        unmoved = _as_it_was(stored) if stored else PaceItem.pk.does_not_exist()
        item = PaceItem(
            keys.PACE,
            keys.SELF,
            free_at=round(line.free_at, 3),
            level=round(line.level, 3),
            level_at=round(line.level_at, 3),
            drips_at=round(line.drips_at, 3),
            ttl=int((now + timedelta(days=1)).timestamp()),
        )
        try:
            item.save(condition=unmoved)
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def _stored(self) -> PaceItem | None:
        try:
            return PaceItem.get(keys.PACE, keys.SELF, consistent_read=True)
        except PaceItem.DoesNotExist:
            return None


def _as_it_was(stored: PaceItem) -> Any:
    """Its level too: whoever slows the line books nothing. And a drip may have booked beside it."""
    level = PaceItem.level.does_not_exist() if stored.level is None else PaceItem.level == stored.level
    beside = PaceItem.drips_at.does_not_exist() if stored.drips_at is None else PaceItem.drips_at == stored.drips_at
    return (PaceItem.free_at == stored.free_at) & level & beside


def _line(item: PaceItem | None) -> Line:
    if item is None:
        return Line()
    level = 1.0 if item.level is None else float(item.level)
    return Line(float(item.free_at), level, float(item.level_at or 0), float(item.drips_at or 0))

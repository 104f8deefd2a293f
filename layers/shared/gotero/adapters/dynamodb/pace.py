"""`Pace` in one item of the Work table: when the line is free again. A booking is one conditional write.

The item is small and its loss harmless: the next sender starts a new line at once, and SES throttles what is too fast.
"""

from collections.abc import Callable
from datetime import timedelta

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import PutError

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.domain.pacing import book
from gotero.ports import Clock

#: More rivals than this for one turn: send unpaced, and let SES say when it is too fast.
_ATTEMPTS = 8


class PaceItem(Item):
    class Meta:
        table_name = FromEnv("WORK_TABLE")

    free_at = NumberAttribute()
    ttl = NumberAttribute()


class DynamoPace:
    """One line for one account. `rate` is what SES grants, in mails a second."""

    def __init__(self, rate: Callable[[], float], clock: Clock) -> None:
        self._rate = rate
        self._clock = clock

    def turn(self, mails: int, patience: float) -> float:
        for _ in range(_ATTEMPTS):
            stored = self._stored()
            now = self._clock.now()
            turn = book(float(stored.free_at) if stored else 0.0, now.timestamp(), mails, self._rate(), patience)
            if turn.next_at is None:
                return turn.wait
            gone = int((now + timedelta(days=1)).timestamp())
            unmoved = PaceItem.free_at == stored.free_at if stored else PaceItem.pk.does_not_exist()
            try:
                PaceItem(keys.PACE, keys.SELF, free_at=round(turn.next_at, 3), ttl=gone).save(condition=unmoved)
            except PutError as error:
                if error.cause_response_code != "ConditionalCheckFailedException":
                    raise
                continue
            return turn.wait
        return 0.0

    def _stored(self) -> PaceItem | None:
        try:
            return PaceItem.get(keys.PACE, keys.SELF, consistent_read=True)
        except PaceItem.DoesNotExist:
            return None

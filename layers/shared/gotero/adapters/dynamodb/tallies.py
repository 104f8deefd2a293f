"""What came back, counted in windows, and the account's brake.

Access patterns: the windows of a key from one on; one brake. A batch of events is one addition a key, so that no item
is written once a mail. Windows go after a month; the brake stays.
"""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.domain.deliverability import AccountBrake, Tally
from gotero.domain.errors import ConflictError
from gotero.ports import Clock

_KEEP = timedelta(days=31)


class TallyItem(Item):
    class Meta:
        table_name = FromEnv("WORK_TABLE")

    delivered = NumberAttribute(default=0)
    bounced = NumberAttribute(default=0)
    complained = NumberAttribute(default=0)
    ttl = NumberAttribute()


class BrakeItem(Item):
    class Meta:
        table_name = FromEnv("JOBS_TABLE")

    brake = UnicodeAttribute()
    version = NumberAttribute()


class DynamoTallies:
    """`Tallies` on DynamoDB: an atomic ADD, which answers with the sum."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def add(self, key: str, window: str, tally: Tally) -> Tally:
        item = TallyItem(keys.tally(key), window)
        actions: list[Any] = [TallyItem.ttl.set(int((self._clock.now() + _KEEP).timestamp()))]
        actions += [getattr(TallyItem, name).add(n) for name, n in asdict(tally).items()]
        item.update(actions=actions)
        return _tally(item)

    def windows(self, key: str, since: str) -> dict[str, Tally]:
        found = TallyItem.query(keys.tally(key), TallyItem.sk >= since, consistent_read=True)
        return {item.sk: _tally(item) for item in found}

    def forget(self, key: str, window: str) -> None:
        TallyItem(keys.tally(key), window).delete()


class DynamoBrakes:
    """`Brakes` on DynamoDB."""

    def get(self) -> AccountBrake:
        try:
            stored = json.loads(BrakeItem.get(keys.BRAKE, keys.SELF, consistent_read=True).brake)
        except BrakeItem.DoesNotExist:
            return AccountBrake()
        return AccountBrake(**{**stored, "tally": Tally(**stored["tally"])})

    def put(self, brake: AccountBrake) -> None:
        item = BrakeItem(keys.BRAKE, keys.SELF, brake=json.dumps(asdict(brake)), version=brake.version)
        before = brake.version - 1
        try:
            item.save(condition=BrakeItem.version == before if before else BrakeItem.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            raise ConflictError("the brake has another version") from error


def _tally(item: TallyItem) -> Tally:
    return Tally(int(item.delivered or 0), int(item.bounced or 0), int(item.complained or 0))

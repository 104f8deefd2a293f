"""Small facts that may be forgotten and rebuilt: what has been done, counters in windows. All with a TTL."""

from datetime import timedelta

from pynamodb.attributes import NumberAttribute
from pynamodb.exceptions import PutError

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.ports import Clock


class WorkItem(Item):
    class Meta:
        table_name = FromEnv("WORK_TABLE")

    n = NumberAttribute(null=True)
    ttl = NumberAttribute()


class DynamoOnce:
    """`Once` on DynamoDB."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def first(self, key: str, keep_days: int = 2) -> bool:
        ttl = int((self._clock.now() + timedelta(days=keep_days)).timestamp())
        try:
            WorkItem(keys.once(key), keys.SELF, ttl=ttl).save(condition=WorkItem.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == "ConditionalCheckFailedException":
                return False
            raise
        return True


class DynamoCounters:
    """`Counters` on DynamoDB: an atomic ADD."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def add(self, key: str, window: str, keep_days: int = 2) -> int:
        ttl = int((self._clock.now() + timedelta(days=keep_days)).timestamp())
        item = WorkItem(keys.counter(key), window, ttl=ttl)
        item.update(actions=[WorkItem.n.add(1), WorkItem.ttl.set(ttl)])
        return int(item.n or 0)

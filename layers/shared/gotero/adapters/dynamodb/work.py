"""Small facts that may be forgotten: counters in windows, with a TTL."""

from datetime import timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.ports import Clock


class WorkItem(Item):
    class Meta:
        table_name = FromEnv("WORK_TABLE")

    n = NumberAttribute(null=True)
    ttl = NumberAttribute()


class DynamoCounters:
    """`Counters` on DynamoDB: an atomic ADD."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def add(self, key: str, window: str, keep_days: int = 2) -> int:
        ttl = int((self._clock.now() + timedelta(days=keep_days)).timestamp())
        item = WorkItem(keys.counter(key), window, ttl=ttl)
        item.update(actions=[WorkItem.n.add(1), WorkItem.ttl.set(ttl)])
        return int(item.n or 0)


class MarkItem(Item):
    class Meta:
        table_name = FromEnv("WORK_TABLE")

    value = UnicodeAttribute()


class DynamoMarks:
    """`Marks` on DynamoDB."""

    def get(self, name: str) -> str:
        try:
            return str(MarkItem.get(keys.mark(name), keys.SELF, consistent_read=True).value)
        except MarkItem.DoesNotExist:
            return ""

    def put(self, name: str, value: str) -> None:
        MarkItem(keys.mark(name), keys.SELF, value=value).save()

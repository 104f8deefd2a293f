"""Small facts that may be forgotten: counters in windows, with a TTL."""

from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from gotero.adapters.dynamodb import keys
from gotero.adapters.dynamodb.table import FromEnv, Item
from gotero.domain import instant
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


class RestItem(Item):
    class Meta:
        table_name = FromEnv("WORK_TABLE")

    holder = UnicodeAttribute()
    until = UnicodeAttribute()
    ttl = NumberAttribute()


class DynamoRests:
    """`Rests` on DynamoDB: one conditional write. Lost, it is the end of a rest before its time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def begin(self, name: str, holder: str, until: datetime) -> bool:
        # A lost answer of our own looks like our own rest, and is no refusal.
        free = RestItem.pk.does_not_exist() | (RestItem.until <= instant.write(self._clock.now()))
        ttl = int(until.timestamp())
        item = RestItem(keys.rest(name), keys.SELF, holder=holder, until=instant.write(until), ttl=ttl)
        try:
            item.save(condition=free | (RestItem.holder == holder))
        except PutError as error:
            if error.cause_response_code != "ConditionalCheckFailedException":
                raise
            return False
        return True


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

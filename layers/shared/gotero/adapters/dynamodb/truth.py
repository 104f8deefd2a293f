"""The tables from beginning to end, in equal parts: the only scans there are, and only for rebuilding the lake.

Access patterns: a segment of Records, Memberships, Messages or Timeline, a page at a time, strongly consistent.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from gotero.adapters.dynamodb.memberships import MembershipItem, membership_of
from gotero.adapters.dynamodb.messages import MessageItem, message_of
from gotero.adapters.dynamodb.record_links import LinkItem, link_of
from gotero.adapters.dynamodb.records import PostItem, RecordItem, record_of
from gotero.adapters.dynamodb.table import connection, plain
from gotero.adapters.dynamodb.timeline import TimelineItem
from gotero.domain.membership import Transition
from gotero.domain.record import Ref
from gotero.ports import Json, Moved, Posted
from gotero.ports.rebuild import Item, Table

Raw = Mapping[str, Any]


class DynamoTruth:
    def scan(
        self, table: Table, segment: int, segments: int, after: Json | None, limit: int
    ) -> tuple[list[Item], Json | None]:
        more: Json = {"ExclusiveStartKey": after} if after else {}
        client: Any = connection().client  # botocore makes its methods when it runs
        answer = client.scan(
            TableName=_ITEMS[table].Meta.table_name,
            Segment=segment,
            TotalSegments=segments,
            Limit=limit,
            ConsistentRead=True,
            **more,
        )
        found = (_READERS[table](raw) for raw in answer["Items"])
        return [item for item in found if item is not None], answer.get("LastEvaluatedKey")


def _of_records(raw: Raw) -> Item | None:
    if "values" in raw:
        return record_of(plain(RecordItem.from_raw_data(dict(raw)).attribute_values))
    if "form" in raw:
        post = PostItem.from_raw_data(dict(raw))
        return Posted(Ref.parse(post.pk), post.sk.partition("#")[2], post.form, post.at)
    if "linked" in raw:
        return link_of(plain(LinkItem.from_raw_data(dict(raw)).attribute_values))
    return None


def _of_memberships(raw: Raw) -> Item | None:
    return membership_of(plain(MembershipItem.from_raw_data(dict(raw)).attribute_values)) if "segment" in raw else None


def _of_messages(raw: Raw) -> Item | None:
    return message_of(plain(MessageItem.from_raw_data(dict(raw)).attribute_values)) if "ledger" in raw else None


def _of_timeline(raw: Raw) -> Item | None:
    if raw["kind"]["S"] not in get_args(Transition):
        return None
    item = TimelineItem.from_raw_data(dict(raw))
    id = item.sk.removeprefix(f"{item.at}#")
    return Moved(id, Ref.parse(item.pk), plain(item.data)["segment"], item.kind, item.at)


_ITEMS: Mapping[Table, Any] = {
    "records": RecordItem,
    "memberships": MembershipItem,
    "messages": MessageItem,
    "timeline": TimelineItem,
}
_READERS: Mapping[Table, Callable[[Raw], Item | None]] = {
    "records": _of_records,
    "memberships": _of_memberships,
    "messages": _of_messages,
    "timeline": _of_timeline,
}

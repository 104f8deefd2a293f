"""The tables from beginning to end, in equal parts: the only scans there are, for rebuilding lake and due index alone.

Access patterns: a segment of Records, Memberships, Messages, Timeline, Assignments or Jobs, a page at a time, strongly
consistent.
"""

from collections.abc import Callable, Mapping
from typing import Any, get_args

from gotero.adapters.dynamodb.assignments import AssignmentItem, assignment_of
from gotero.adapters.dynamodb.job_items import ChunkItem, JobItem, chunk_of, job_of
from gotero.adapters.dynamodb.keys import SELF, chunk_number
from gotero.adapters.dynamodb.memberships import EvaluationItem, MembershipItem, membership_of
from gotero.adapters.dynamodb.messages import MessageItem, message_of
from gotero.adapters.dynamodb.record_links import LinkItem, link_of
from gotero.adapters.dynamodb.records import PostItem, RecordItem, record_of
from gotero.adapters.dynamodb.suppressions import SuppressionItem, suppression_of
from gotero.adapters.dynamodb.table import connection, plain
from gotero.adapters.dynamodb.timeline import TimelineItem, entry_of
from gotero.domain.membership import Standing, Transition
from gotero.domain.record import Ref
from gotero.domain.workflow import RAN
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
    if "segment" in raw:
        return membership_of(plain(MembershipItem.from_raw_data(dict(raw)).attribute_values))
    if "flip_at" in raw:
        item = EvaluationItem.from_raw_data(dict(raw))
        return Standing(Ref.parse(item.pk), int(item.version), item.flip_at or "")
    return None


def _of_messages(raw: Raw) -> Item | None:
    if "ledger" in raw:
        return message_of(plain(MessageItem.from_raw_data(dict(raw)).attribute_values))
    if raw["pk"]["S"].startswith("SUPPRESSED#"):
        item = SuppressionItem.from_raw_data(dict(raw))
        return suppression_of(item, item.sk)
    return None


def _of_timeline(raw: Raw) -> Item | None:
    kind = raw["kind"]["S"]
    waits = kind == RAN and "event" in raw["data"]["M"]
    if not waits and kind not in get_args(Transition):
        return None
    entry = entry_of(TimelineItem.from_raw_data(dict(raw)))
    return entry if waits else Moved(entry.id, entry.ref, entry.data["segment"], entry.kind, entry.at)


def _of_assignments(raw: Raw) -> Item | None:
    return assignment_of(plain(AssignmentItem.from_raw_data(dict(raw)).attribute_values)) if "state" in raw else None


def _of_jobs(raw: Raw) -> Item | None:
    if raw["sk"]["S"] == SELF and "kind" in raw:
        return job_of(JobItem.from_raw_data(dict(raw)))
    if "at_risk" in raw:
        item = ChunkItem.from_raw_data(dict(raw))
        return chunk_of(item.pk.removeprefix("JOB#"), chunk_number(item.sk), item)
    return None


_ITEMS: Mapping[Table, Any] = {
    "records": RecordItem,
    "memberships": MembershipItem,
    "messages": MessageItem,
    "timeline": TimelineItem,
    "assignments": AssignmentItem,
    "jobs": JobItem,
}
_READERS: Mapping[Table, Callable[[Raw], Item | None]] = {
    "records": _of_records,
    "memberships": _of_memberships,
    "messages": _of_messages,
    "timeline": _of_timeline,
    "assignments": _of_assignments,
    "jobs": _of_jobs,
}

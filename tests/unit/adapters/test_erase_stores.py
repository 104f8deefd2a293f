"""Somebody is erased on DynamoDB as in memory: nothing of her is left in any item of any table."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, cast

import boto3

from gotero.adapters.dynamodb.assignments import DynamoAssignments
from gotero.adapters.dynamodb.job_log import DynamoJobLog
from gotero.adapters.dynamodb.jobs import DynamoJobs
from gotero.adapters.dynamodb.memberships import DynamoMemberships
from gotero.adapters.dynamodb.messages import DynamoMessages
from gotero.adapters.dynamodb.records import DynamoRecords
from gotero.adapters.dynamodb.suppressions import DynamoSuppressions
from gotero.adapters.dynamodb.timeline import DynamoTimeline
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryRecords
from gotero.domain.job import Job
from gotero.domain.record import Change, Record, RecordEvent
from gotero.ports import IndexKeys
from gotero.services.assign import assign_many
from gotero.services.erase_person import erase_again
from gotero.services.link_records import link_records
from gotero.services.save_record import create_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.person_house import IS, PERSONAL, House, found
from tests.unit.services.post_office import PostOffice


class ToldRecords(DynamoRecords):
    """With its stream."""

    def __init__(self, tell: Callable[[Change], None]) -> None:
        self._tell = tell

    def create(self, record: Record, event: RecordEvent, keys_: IndexKeys) -> None:
        super().create(record, event, keys_)
        self._tell(Change(event, record))

    def update(self, record: Record, event: RecordEvent, before: IndexKeys, after: IndexKeys) -> None:
        stored = self.get(record.ref)
        super().update(record, event, before, after)
        self._tell(Change(event, record, stored))


class StoredOffice(PostOffice):
    def make_records(self) -> MemoryRecords:
        return cast("MemoryRecords", ToldRecords(self.changes.append))

    def make_messages(self) -> MemoryMessages:
        return cast("MemoryMessages", DynamoMessages())

    def make_jobs(self) -> MemoryJobs:
        return cast("MemoryJobs", DynamoJobs())


def every_item() -> list[str]:
    client = boto3.client("dynamodb")
    return [
        repr(item)
        for table in client.list_tables()["TableNames"]
        for page in client.get_paginator("scan").paginate(TableName=table)
        for item in page["Items"]
    ]


def a_house() -> House:
    stored: dict[str, Any] = {"timeline": DynamoTimeline(), "suppressions": DynamoSuppressions(lambda: ["secret"])}
    return House(StoredOffice(**stored), DynamoMemberships(), DynamoJobLog(), DynamoAssignments(), every_item)


def test_nothing_of_a_person_is_left_in_any_table(
    dynamodb_tables: Callable[[], AbstractContextManager[None]],
) -> None:
    with dynamodb_tables():
        house = a_house()
        post, ref = house.post, house.zoe()
        fair = create_record(post.writer, "campaigns", {"name": "Feria"}, cause=BY_MARC, owner=MARC).ref
        link_records(post.records, post.clock, ref, "campaigns", [fair.id], cause=BY_MARC)
        action = post.define("actions", {"name": "Carta", "kind": "mail", "params": {"template_id": post.template}})
        later = {"reference": "C", "action_id": action.id, "status": "active", "sender": "recipient_owner"}
        scheduled = post.define("scheduled_actions", {**later, "when": {"on": "assignment", "offset": {"days": 9}}})
        assert assign_many(house.file.drips, [ref], scheduled_actions=[scheduled.id], cause=BY_MARC)
        assert found("\n".join(every_item())) == list(PERSONAL)

        job = house.erase(ref)

        assert (job.state, job.created_by, job.params["person"]) == ("finished", MARC, str(ref))
        house.project()
        assert found(house.everything()) == []
        assert "erased" in [entry.kind for entry in post.timeline.page(ref, 10, None)[0]]
        assert post.suppressions.get_many([IS])[IS].reason == "hard_bounce"
        (message,) = post.messages.of(ref)
        assert (message.feedback.clicked, message.mailing.address) == (1, "")
        post.clock.move(hours=25)
        erase_again(house.eraser, job.id)
        again = cast("MemoryQueue", post.job_line.queue).take()[-1]["job"]
        house.work(again)
        assert again != job.id
        assert cast("Job", post.jobs.get(again)).state == "finished"
        assert found(house.everything()) == []
        assert [entry.kind for entry in post.timeline.page(ref, 10, None)[0]] == ["erased"]

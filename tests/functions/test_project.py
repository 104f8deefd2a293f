"""The projection, from what DynamoDB's own streams carry to the lake and the timelines."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from functions.project import app
from gotero.adapters.dynamodb.memberships import DynamoMemberships
from gotero.adapters.dynamodb.messages import DynamoMessages
from gotero.adapters.dynamodb.records import DynamoRecords
from gotero.domain.message import Mailing, Message, MessageKey, State
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.entry import batch, wiring
from gotero.entry.changes import heard_changes
from gotero.ports import IndexKeys, Source
from tests.unit.adapters.lake.rows import StoppedClock

AT = "2026-11-21T09:00:00.000Z"
ANA = Ref("contacts", "ana")
USER = Cause("user", "admin")
TABLES = ("Records", "Memberships", "Messages", "Timeline", "Definitions")


class _Loader(yaml.SafeLoader):
    """CloudFormation's own tags are of no interest here."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tables of infra/data.yaml and a bucket."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("LAKE_BUCKET", "lake")
    # Its time stands still: however slowly the test runs, the projection trails by nothing.
    monkeypatch.setattr(wiring, "clock", StoppedClock())
    wiring.lake.cache_clear()
    wiring.projection.cache_clear()
    template = yaml.load(Path("infra/data.yaml").read_text(), _Loader)
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="lake")
        for table in TABLES:
            monkeypatch.setenv(f"{table.upper()}_TABLE", table)
            properties = template["Resources"][table]["Properties"]
            wanted = ("AttributeDefinitions", "KeySchema", "BillingMode")
            stream = {**properties.get("StreamSpecification", {}), "StreamEnabled": True}
            boto3.client("dynamodb").create_table(
                TableName=table,
                **{name: properties[name] for name in wanted},
                **({"StreamSpecification": stream} if "StreamSpecification" in properties else {}),
            )
        yield
    wiring.lake.cache_clear()
    wiring.projection.cache_clear()


def events() -> list[dict[str, Any]]:
    """What Lambda would be handed: one batch a table, with everything that was written."""
    client = boto3.client("dynamodbstreams")
    batches = []
    for stream in client.list_streams()["Streams"]:
        shards = client.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
        start = client.get_shard_iterator(
            StreamArn=stream["StreamArn"], ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )
        records = client.get_records(ShardIterator=start["ShardIterator"])["Records"]
        batches.append({"Records": [_as_lambda_has_it(record, stream["StreamArn"]) for record in records]})
    return [batch for batch in batches if batch["Records"]]


def _as_lambda_has_it(record: dict[str, Any], arn: str) -> dict[str, Any]:
    at = wiring.clock.now().timestamp()
    return {**record, "eventSourceARN": arn, "dynamodb": {**record["dynamodb"], "ApproximateCreationDateTime": at}}


def deliver(batches: list[dict[str, Any]]) -> None:
    for one in batches:
        assert app.handler(one, None) == {"batchItemFailures": []}  # type: ignore[arg-type]  # no context is read


def told(ref: Ref) -> list[str]:
    return [entry.kind for entry in wiring.timeline().page(ref, 50, None)[0]]


def test_what_the_stores_write_is_listed_and_told(stack: None) -> None:
    record = Record("contacts", "ana", "CON-1", "admin", {"firstname": "Ana", "score": 12.5}, AT, "admin", AT)
    keys = IndexKeys({"email": "ana@garden.example"}, frozenset({"ana@garden.example"}))
    DynamoRecords().create(record, RecordEvent("e1", "create", USER, AT, "f"), keys)
    after = record.changed({"lastname": "Gil", "firstname": None}, at="2026-11-21T09:01:00.000Z")
    DynamoRecords().update(after, RecordEvent("e2", "modify", USER, after.updated_at), keys, keys)
    DynamoMemberships().add("twitter", ANA, Source("manual", "admin", AT, USER))
    DynamoMemberships().add("twitter", ANA, Source("workflow", "w", AT, USER))
    DynamoMemberships().remove("old", ANA, None, USER, AT)
    mailing = Mailing("t1", "Bienvenida", "marketing", "owner", "ana@garden.example", campaign="CAM355")
    planned = Message(MessageKey(ANA, "job", "j1"), "MSG-000001", "admin", mailing, USER, AT, AT)
    sent = replace(planned.raised(State.ACCEPTED, AT), sent_at=AT, version=2)
    assert DynamoMessages().create(planned, {"id": "m1"})
    DynamoMessages().save(sent, None)

    batches = events()
    assert len(batches) == 3
    deliver(batches)

    lake = wiring.lake()
    page = lake.page("contacts")
    assert page.items == [after.to_json()]
    assert page.exact
    assert [(m["id"], m["title"], len(m["sources"])) for m in lake.members("twitter").items] == [("ana", "Gil", 2)]
    assert lake.page("messages").items == [sent.to_record().to_json()]
    assert lake.message_totals("CAM355")[0]["sent"] == 1
    kinds = sorted(told(ANA))
    assert kinds == ["changed", "created", "form_posted", "message_sent", "segment_entered"]

    deliver(batches)
    assert sorted(told(ANA)) == kinds
    assert lake.page("contacts").items == [after.to_json()]


def test_whoever_enters_a_segment_has_not_changed_by_that(stack: None) -> None:
    ana = Record("contacts", "ana", "CON-1", "admin", {"leadsource": "Twitter"}, AT, "admin", AT)
    DynamoMemberships().add("twitter", ANA, Source("manual", "admin", AT, USER))
    (carried,) = events()
    (heard,) = [c for r in batch.stream_records(carried) for c in heard_changes(r, lambda _: ana)]
    assert (heard.extra["transition"], heard.before, heard.after) == ("segment_entered", ana, ana)
    assert [c for r in batch.stream_records(carried) for c in heard_changes(r, lambda _: None)] == []


def test_links_follow_in_the_lake_whatever_order_they_come_in(stack: None) -> None:
    records, fair = DynamoRecords(), Ref("campaigns", "fair")
    for ref in (ANA, fair):
        record = Record(ref.module, ref.id, "N-1", "admin", {"name": "Feria"}, AT, "admin", AT)
        records.create(record, RecordEvent(f"e{ref}", "create", USER, AT), IndexKeys())
    records.link(ANA, fair, USER, AT)
    (linked,) = events()
    records.unlink(ANA, fair, USER, AT)
    records.link(fair, ANA, USER, "2026-11-21T09:00:02.000Z")
    (all_of_it,) = events()
    heard = [change for record in batch.stream_records(all_of_it) for change in heard_changes(record, records.get)]
    assert [(c.event.kind, c.after.ref, c.extra.get("other")) for c in heard[2:4]] == [
        ("relate", fair, ANA),
        ("relate", ANA, fair),
    ]
    assert [c.event.kind for c in heard[4:]] == ["unrelate", "unrelate", "relate", "relate"]
    assert len({c.event.id for c in heard[2:]}) == 3

    deliver([all_of_it, linked])
    lake = wiring.lake()
    asked = {"related": "campaigns", "where": {"field": "name", "op": "is", "value": "Feria"}}
    assert lake.count("contacts", asked).count == 1
    assert sorted(told(ANA)) == ["created", "linked", "linked", "unlinked"]
    records.unlink(ANA, fair, None, AT)
    deliver(events())
    assert lake.count("contacts", asked).count == 0
    assert len(told(ANA)) == 4, "of a record that is gone for ever nobody is told"


def test_a_lake_that_fails_brings_the_whole_batch_back(stack: None, monkeypatch: pytest.MonkeyPatch) -> None:
    record = Record("contacts", "ana", "CON-1", "admin", {}, AT, "admin", AT)
    DynamoRecords().create(record, RecordEvent("e1", "create", USER, AT), IndexKeys())
    (carried,) = events()
    monkeypatch.setenv("LAKE_BUCKET", "elsewhere")
    with pytest.raises(Exception, match="lake"):
        app.handler(carried, None)  # type: ignore[arg-type]
    assert told(ANA) == []

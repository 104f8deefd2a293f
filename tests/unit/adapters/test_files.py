"""The bucket of files: one suite for memory and S3; and what importing asks of DynamoDB."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from moto import mock_aws

from gotero.adapters.aws import files as s3
from gotero.adapters.dynamodb.definitions import DynamoNumbers
from gotero.adapters.dynamodb.records import DynamoRecords
from gotero.adapters.dynamodb.suppressions import DynamoSuppressions
from gotero.adapters.dynamodb.table import connection
from gotero.adapters.memory.files import MemoryFiles
from gotero.domain.errors import NotFoundError
from gotero.ports import Files
from gotero.ports.files import PART_BYTES
from gotero.services import import_rows
from tests.unit.services.exchange_world import ExchangeWorld


@pytest.fixture(params=["memory", "s3"])
def files(request: pytest.FixtureRequest) -> Iterator[Files]:
    if request.param == "memory":
        yield MemoryFiles()
        return
    s3._client.cache_clear()
    with mock_aws():
        boto3.client("s3", "eu-west-1").create_bucket(
            Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield s3.S3Files("files")
    s3._client.cache_clear()


def test_a_file_is_read_part_by_part(files: Files) -> None:
    files.put("a/b.csv", b"0123456789")
    assert (files.size("a/b.csv"), files.size("a/c.csv")) == (10, None)
    assert files.read("a/b.csv", 2, 3) == b"234"
    assert files.read("a/b.csv", 8, 30) == b"89"
    assert files.read("a/b.csv", 10, 30) == b""
    with pytest.raises(NotFoundError):
        files.read("a/c.csv", 0, 1)


def test_a_file_is_written_in_parts_which_may_come_twice(files: Files) -> None:
    upload = files.begin("big.csv")
    first = files.add_part("big.csv", upload, 1, b"x" * PART_BYTES)
    assert files.add_part("big.csv", upload, 1, b"x" * PART_BYTES) == first
    parts = [first, files.add_part("big.csv", upload, 2, b"end")]
    assert files.size("big.csv") is None
    files.complete("big.csv", upload, parts)
    files.complete("big.csv", upload, parts)
    assert files.size("big.csv") == PART_BYTES + 3
    assert files.read("big.csv", PART_BYTES - 1, 10) == b"xend"
    # As S3 answers NoSuchUpload; moto raises a KeyError of its own there.
    with pytest.raises(NotFoundError if isinstance(files, MemoryFiles) else KeyError):
        files.add_part("big.csv", upload, 2, b"end")


def test_signed_addresses_go_to_the_buckets_own_host_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3._client.cache_clear()
    with mock_aws():
        files = s3.S3Files("gotero-files")
        put = urlsplit(files.upload_url("imports/x/source.csv", 123))
        got = urlsplit(files.download_url("exports/x.csv", 'Lía "y"\r\nmás.csv'))
        document = parse_qs(urlsplit(files.download_url("documents/x.pdf", "tarifas.pdf")).query)
    s3._client.cache_clear()
    assert {put.netloc, got.netloc} == {"gotero-files.s3.us-east-1.amazonaws.com"}
    assert parse_qs(put.query)["X-Amz-Expires"] == ["300"]
    assert parse_qs(put.query)["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
    disposition = parse_qs(got.query)["response-content-disposition"]
    assert disposition == ["attachment; filename*=UTF-8''L%C3%ADa%20%22y%22%0D%0Am%C3%A1s.csv"]
    assert parse_qs(got.query)["response-content-type"] == ["text/csv; charset=utf-8"]
    assert document["response-content-type"] == ["application/pdf"]
    assert document["response-content-disposition"] == ["attachment; filename*=UTF-8''tarifas.pdf"]


def test_importing_costs_a_transaction_a_row_and_little_else(
    dynamodb_tables: Callable[[], AbstractContextManager[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tables in the process take one transaction at a time.
    monkeypatch.setattr(import_rows, "LANES", 1000)
    calls: Counter[str] = Counter()

    def count(**event: Any) -> None:
        calls[str(event["event_name"]).rpartition(".")[2]] += 1

    with dynamodb_tables():
        world = ExchangeWorld()
        records = DynamoRecords()
        writer = replace(world.writer, records=records, numbers=DynamoNumbers())
        world.importer = replace(world.importer, writer=writer, suppressions=DynamoSuppressions(lambda: ("secret",)))
        world.renew()
        events = connection().client.meta.events
        events.register("before-send.dynamodb", count)
        try:
            rows = 25
            text = "email;lastname\n" + "".join(f"p{n}@correo.example;P\n" for n in range(rows))
            made = world.run(text, columns=["email", "lastname"], match="email")
            spent = Counter(calls)
            calls.clear()
            same = world.run(text, columns=["email", "lastname"], match="email")
        finally:
            events.unregister("before-send.dynamodb", count)
    assert (made.outcome["new"], same.outcome["unchanged"]) == (rows, rows)
    # A batch of keys, of records, of suppressed addresses, and numbers by twenties.
    assert spent["TransactWriteItems"] == rows
    assert sum(spent.values()) - rows <= 5
    # Those that change nothing are only read: up to 100 keys, records, addresses a call.
    assert "TransactWriteItems" not in calls
    assert sum(calls.values()) <= 4

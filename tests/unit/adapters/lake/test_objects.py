"""The bucket behaves as the lake relies on, S3's and the one in memory alike."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.lake.objects import Found, Objects, S3Objects
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.domain.errors import TransientError
from tests.unit.adapters.lake.rows import AS_OF, StoppedClock, a_contact


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Objects]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield S3Objects("lake")


@pytest.fixture(params=["s3", "memory"])
def objects(request: pytest.FixtureRequest) -> Objects:
    if request.param == "memory":
        return MemoryObjects()
    found: S3Objects = request.getfixturevalue("s3")
    return found


def test_a_first_switch_wants_nothing_there(objects: Objects) -> None:
    etag = objects.switch("m", b"1", None)
    assert etag is not None
    assert objects.switch("m", b"2", None) is None
    assert objects.get("m") == Found(b"1", etag)


def test_a_switch_wants_the_state_that_it_knows(objects: Objects) -> None:
    first = objects.switch("m", b"1", None)
    second = objects.switch("m", b"2", first)
    assert second is not None
    assert objects.switch("m", b"3", first) is None
    assert objects.get("m") == Found(b"2", second)


def test_an_object_that_has_not_changed_is_not_sent_again(objects: Objects) -> None:
    etag = objects.switch("m", b"1", None)
    assert objects.get("m", unless=etag) is None
    objects.switch("m", b"2", etag)
    found = objects.get("m", unless=etag)
    assert found is not None
    assert found.body == b"2"


def test_what_is_not_there_is_a_key_error(objects: Objects) -> None:
    with pytest.raises(KeyError):
        objects.get("nothing")
    objects.put("a", b"1")
    with pytest.raises(KeyError):
        objects.get_many(["a", "b"])


def test_many_come_in_the_order_asked_for(objects: Objects) -> None:
    for number in range(20):
        objects.put(f"p/{number}", str(number).encode())
    assert objects.get_many([f"p/{n}" for n in (7, 3, 19)]) == [b"7", b"3", b"19"]
    objects.delete([f"p/{n}" for n in range(1, 20)])
    assert [key for key, _ in objects.list("p/")] == ["p/0"]


def test_a_bucket_that_fails_is_worth_another_try(s3: S3Objects) -> None:
    with pytest.raises(TransientError):
        S3Objects("another").put("a", b"")


def test_the_lake_stands_on_s3(s3: S3Objects) -> None:
    lake = S3Lake(s3, StoppedClock())
    for number in range(18):
        lake.append("contacts", [a_contact(f"c{number}", number=number)], AS_OF)
    page = S3Lake(s3, StoppedClock()).page("contacts", sort=[("number", True)], limit=2)
    assert [item["number"] for item in page.items] == ["CON-17", "CON-16"]
    assert lake.page("contacts", limit=20).after is None

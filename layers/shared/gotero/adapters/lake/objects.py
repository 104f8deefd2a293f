"""The bucket as the lake needs it: immutable objects, and one that is switched only by who knows its present state."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from gotero.domain.errors import TransientError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

#: Parts that are fetched at the same time; S3 answers each in 20–50 ms, a Lambda's network carries about this many.
PARALLEL = 16
#: What S3 says when somebody else wrote first: the condition fails, or two writes met.
_LOST = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}
_MISSING = {"NoSuchKey", "404"}


@dataclass(frozen=True, slots=True)
class Found:
    body: bytes
    etag: str


class Objects(Protocol):
    """What the lake asks of a bucket."""

    def get(self, key: str, unless: str | None = None) -> Found | None:
        """The object; None when it still has the etag `unless`. KeyError when there is none."""

    def get_many(self, keys: Sequence[str]) -> list[bytes]:
        """The objects in the order of `keys`. KeyError when one has gone."""

    def put(self, key: str, body: bytes) -> None: ...

    def switch(self, key: str, body: bytes, etag: str | None) -> str | None:
        """Replace the object that has `etag` (None: there must be none); the new etag, or None when it has moved on."""

    def list(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """The objects there and when each was written, by the bucket's own clock."""

    def delete(self, keys: Sequence[str]) -> None: ...


class S3Objects:
    """The lake bucket. Readers need s3:ListBucket too: without it S3 answers 403 for an object that is not there."""

    def __init__(self, bucket: str, client: "S3Client | None" = None) -> None:
        self._bucket = bucket
        self._client = client or boto3.client("s3", config=Config(max_pool_connections=PARALLEL))

    def get(self, key: str, unless: str | None = None) -> Found | None:
        condition: dict[str, Any] = {"IfNoneMatch": unless} if unless else {}
        with _transient(key):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key, **condition)
                return Found(answer["Body"].read(), answer["ETag"])
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 304:
                    return None
                if error.response["Error"]["Code"] in _MISSING:
                    raise KeyError(key) from error
                raise

    def get_many(self, keys: Sequence[str]) -> list[bytes]:
        def body(key: str) -> bytes:
            found = self.get(key)
            assert found is not None, "an unconditional read always answers"
            return found.body

        if len(keys) < 2:
            return [body(key) for key in keys]
        with ThreadPoolExecutor(min(PARALLEL, len(keys))) as pool:
            return list(pool.map(body, keys))

    def put(self, key: str, body: bytes) -> None:
        self._write(key, body, {})

    def switch(self, key: str, body: bytes, etag: str | None) -> str | None:
        try:
            return self._write(key, body, {"IfMatch": etag} if etag else {"IfNoneMatch": "*"})
        except _LostError:
            return None

    def list(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with _transient(prefix):
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"], entry["LastModified"]

    def delete(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), 1000):  # S3's limit of one request
            chunk = keys[start : start + 1000]
            with _transient(chunk[0]):
                self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in chunk], "Quiet": True}
                )

    def _write(self, key: str, body: bytes, condition: dict[str, Any]) -> str:
        with _transient(key):
            try:
                return self._client.put_object(Bucket=self._bucket, Key=key, Body=body, **condition)["ETag"]
            except ClientError as error:
                # A manifest that was deleted between read and write answers 404 to If-Match.
                if condition and error.response["Error"]["Code"] in _LOST | _MISSING:
                    raise _LostError from error
                raise


class _LostError(Exception):
    """Somebody else switched the object first."""


@contextmanager
def _transient(key: str) -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise TransientError(f"the lake bucket failed at {key}") from error

"""`Files` in S3: what people upload and download goes between their browser and the bucket, by signed addresses."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from gotero.domain.document import KINDS, ending
from gotero.domain.errors import NotFoundError, TransientError

#: A signed address works no longer: enough to begin a transfer, too little to be passed around.
SECONDS = 300
_MISSING = {"NoSuchKey", "404", "NotFound"}
#: What imports and exports are, beside the kinds of documents.
_KINDS = {"csv": "text/csv", "json": "application/json"}


def _kind(key: str) -> str:
    """By the ending of the key."""
    found = KINDS.get(ending(key))
    return _KINDS.get(ending(key)) or (found.type if found else "application/octet-stream")


def _shown_kind(key: str) -> str:
    kind = _kind(key)
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or ending(key) in _KINDS else kind


@cache
def _client() -> Any:
    # The bucket's own regional host in every region: the console's content security policy names exactly that one.
    config = Config(
        signature_version="s3v4",
        s3={"us_east_1_regional_endpoint": "regional"},
        connect_timeout=2,
        read_timeout=20,
        retries={"total_max_attempts": 3, "mode": "standard"},
    )
    return boto3.client("s3", config=config)


class S3Files:
    """One bucket. TransientError where it fails, NotFoundError for what is not there; addresses hold for SECONDS."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def upload_url(self, key: str, size: int) -> str:
        return self._signed("put_object", key, {"ContentLength": size, "ContentType": _kind(key)})

    def download_url(self, key: str, name: str) -> str:
        # The header quotes the name; what could end it, or the line, is percent-encoded.
        return self._signed(
            "get_object",
            key,
            {
                "ResponseContentType": _shown_kind(key),
                "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            },
        )

    def size(self, key: str) -> int | None:
        try:
            with _transient():
                return int(_client().head_object(Bucket=self._bucket, Key=key)["ContentLength"])
        except NotFoundError:
            return None

    def read(self, key: str, start: int, length: int) -> bytes:
        try:
            with _transient():
                wanted = f"bytes={start}-{start + length - 1}"
                return bytes(_client().get_object(Bucket=self._bucket, Key=key, Range=wanted)["Body"].read())
        except _BeyondError:
            return b""

    def put(self, key: str, body: bytes) -> None:
        with _transient():
            _client().put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=_kind(key))

    def forget(self, key: str) -> None:
        with _transient():
            _client().delete_object(Bucket=self._bucket, Key=key)

    def begin(self, key: str) -> str:
        with _transient():
            begun = _client().create_multipart_upload(Bucket=self._bucket, Key=key, ContentType=_kind(key))
            return str(begun["UploadId"])

    def add_part(self, key: str, upload: str, number: int, body: bytes) -> str:
        with _transient():
            part = _client().upload_part(Bucket=self._bucket, Key=key, UploadId=upload, PartNumber=number, Body=body)
            return str(part["ETag"])

    def complete(self, key: str, upload: str, parts: Sequence[str]) -> None:
        written = [{"ETag": etag, "PartNumber": number} for number, etag in enumerate(parts, 1)]
        try:
            with _transient():
                _client().complete_multipart_upload(
                    Bucket=self._bucket,
                    Key=key,
                    UploadId=upload,
                    MultipartUpload={"Parts": written},
                )
        except NotFoundError:
            # The upload is gone: somebody was here before, if the file is there.
            if self.size(key) is None:
                raise

    def _signed(self, operation: str, key: str, params: dict[str, Any]) -> str:
        named = {"Bucket": self._bucket, "Key": key, **params}
        return str(_client().generate_presigned_url(operation, Params=named, ExpiresIn=SECONDS))


class _BeyondError(Exception):
    """The part that was asked for lies behind the end."""


@contextmanager
def _transient() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _MISSING or code == "NoSuchUpload":
            raise NotFoundError("file") from error
        if code in ("InvalidRange", "416"):
            raise _BeyondError from error
        raise TransientError("the bucket of files failed") from error
    except BotoCoreError as error:
        raise TransientError("the bucket of files failed") from error

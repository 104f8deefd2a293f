"""The two calls of every mail, without the layers of the SDK: built, signed and read here, sent by its connections.

Of the millisecond of processor that a call takes in the SDK two thirds go into what is the same each time: rules of
endpoints, hooks, shapes of requests and answers (benchmarks/sending.py; docs/adr). Credentials, connections, timeouts,
errors, and the hook before a request leaves stay the SDK's own. One call is one try.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import get_current_datetime
from botocore.exceptions import ClientError, NoCredentialsError
from botocore.parsers import ResponseParserError

Json = dict[str, Any]
#: Without a name of its own the SDK puts one together from twenty parts for each call.
USER_AGENT = "Boto3 gotero"
_ALGORITHM = "AWS4-HMAC-SHA256"
_FAILED = 300


class _Credentials(Protocol):
    access_key: str
    secret_key: str
    token: str | None


class SignedCalls:
    """POSTs of JSON to the service of one SDK client. `target` names the operation where a header does that."""

    def __init__(self, client: Any, content_type: str, target: str = "") -> None:
        self._client = client
        self._endpoint: str = client.meta.endpoint_url.rstrip("/")
        self._host = urlsplit(self._endpoint).netloc
        self._service: str = client.meta.service_model.signing_name
        self._region: str = client.meta.region_name
        self._hook = f"before-send.{client.meta.service_model.service_id.hyphenize()}."
        self._content_type, self._target = content_type, target
        self._key: tuple[tuple[str, str], bytes] = (("", ""), b"")

    def post(self, operation: str, body: Json, path: str = "/") -> Json:
        """The answer; ClientError where it is a refusal, ResponseParserError where it cannot be read."""
        content = json.dumps(body, default=_binary).encode()
        url = f"{self._endpoint}{path}"
        headers: Any = self._headers(operation, path, content)
        request = AWSPreparedRequest("POST", url, headers, content, False)
        _, answer = self._client.meta.events.emit_until_response(self._hook + operation, request=request)
        if answer is None:
            answer = self._client._endpoint.http_session.send(request)
        told = _read(answer.content, answer.status_code)
        if answer.status_code >= _FAILED:
            raise ClientError(_refusal(told, answer.status_code, answer.headers), operation)  # type: ignore[arg-type]  # as the SDK's own parsers make it
        return told

    def _headers(self, operation: str, path: str, content: bytes) -> dict[str, str]:
        held = self._client._get_credentials()
        if held is None:
            raise NoCredentialsError
        credentials: _Credentials = held.get_frozen_credentials()
        at = get_current_datetime().strftime("%Y%m%dT%H%M%SZ")
        signed = {"host": self._host, "x-amz-date": at}
        if credentials.token:
            signed["x-amz-security-token"] = credentials.token
        if self._target:
            signed["x-amz-target"] = f"{self._target}.{operation}"
        return {
            **signed,
            "content-type": self._content_type,
            "content-length": str(len(content)),
            "user-agent": USER_AGENT,
            "authorization": self._signature(credentials, signed, path, content),
        }

    def _signature(self, credentials: _Credentials, signed: Mapping[str, str], path: str, content: bytes) -> str:
        """Signature Version 4 over the headers in `signed`, which stand in alphabetical order."""
        names, at = ";".join(signed), signed["x-amz-date"]
        headers = "".join(f"{name}:{value}\n" for name, value in signed.items())
        canonical = f"POST\n{path}\n\n{headers}\n{names}\n{hashlib.sha256(content).hexdigest()}"
        scope = f"{at[:8]}/{self._region}/{self._service}/aws4_request"
        to_sign = f"{_ALGORITHM}\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self._signing_key(credentials.secret_key, scope), to_sign.encode(), "sha256").hex()
        return f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"

    def _signing_key(self, secret: str, scope: str) -> bytes:
        """The same all day long."""
        made_for, key = self._key
        if made_for != (secret, scope):
            key = f"AWS4{secret}".encode()
            for part in scope.split("/"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key = ((secret, scope), key)
        return key


def _binary(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"no JSON: {type(value).__name__}")


def _read(content: bytes, status: int) -> Json:
    try:
        told = json.loads(content or b"{}")
    except ValueError as error:
        if status >= _FAILED:
            return {}
        raise ResponseParserError("an answer that is no JSON") from error
    return told if isinstance(told, dict) else {}


def _refusal(told: Json, status: int, headers: Any) -> Json:
    """As the SDK tells it. The code stands in a header or in the answer, with its namespace before or a link behind."""
    code = str(headers.get("x-amzn-errortype") or told.get("__type") or told.get("code") or status)
    message = told.get("message") or told.get("Message") or ""
    return {
        **told,
        "Error": {"Code": code.partition(":")[0].rpartition("#")[2], "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": dict(headers), "RetryAttempts": 0},
    }

"""HTTP for every function: strict JSON bodies, limits, who is asking. Errors become answers in problems.py."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as RouteNotFoundError
from aws_lambda_powertools.utilities.typing import LambdaContext

from gotero.domain import catalogue
from gotero.domain.errors import (
    FieldError,
    GoteroError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    TooLargeError,
    TransientError,
)
from gotero.domain.ids import derived_id
from gotero.domain.letter import Attachment
from gotero.domain.record import Cause
from gotero.domain.user import User
from gotero.entry import bodies, problems, strict_json, wiring
from gotero.entry.invocation import must_be_request
from gotero.entry.observability import log_failure

Json = dict[str, Any]

ADMIN_BODY_LIMIT = 1024 * 1024
PUBLIC_BODY_LIMIT = 256 * 1024
LONGEST_ID = 255

_READING = ("GET", "HEAD", "OPTIONS")
#: What is asked in a body, for its length, and changes nothing: a viewer may.
_QUESTIONS = ("/audience", "/count", "/preview")
#: What is kept with the person who asks and concerns nobody else: it is a viewer's too.
_OWN = re.compile(r"POST /v1/records/[^/]+/columns")


class Api(APIGatewayHttpResolver):
    """The routes of one resource. `handler` is what Lambda calls."""

    def __init__(self, *, limit: int = ADMIN_BODY_LIMIT, find_user: Callable[[str], User | None] | None = None) -> None:
        super().__init__(serializer=strict_json.write)
        self._limit = limit
        self._find_user = find_user
        self.not_found(self._route_not_found)
        self.exception_handler(GoteroError)(self._problem)
        # Unhandled, the resolver would log it with its message before it comes to us.
        self.exception_handler(Exception)(self._bug)

    # -- what a route asks ------------------------------------------------------------------------------------

    @property
    def user(self) -> User:
        """Who is asking; the JWT authorizer has checked the token, `_authorise` the person."""
        user: User = self.context["user"]
        return user

    def administrator(self) -> Cause:
        """Who is asking, as the cause of a write that administrators alone may make; NotAllowedError for others."""
        if not self.user.may_administer():
            raise NotAllowedError("role")
        return Cause("user", self.user.id)

    @property
    def language(self) -> catalogue.Language:
        return catalogue.language_of(self.header("accept-language"))

    def header(self, name: str) -> str | None:
        return {k.lower(): v for k, v in self.current_event.headers.items()}.get(name.lower())

    def query(self, name: str) -> str | None:
        values: dict[str, str] = self.current_event.query_string_parameters or {}
        return values.get(name)

    def query_int(self, name: str, default: int, limit: int) -> int:
        """A whole number from 1 to `limit`."""
        text = self.query(name)
        if text is None:
            return default
        number = _whole(text)
        if number is None or not 1 <= number <= limit:
            raise InvalidError(FieldError(name, "limit", (("limit", str(limit)),)))
        return number

    def query_choice(self, name: str, choices: Sequence[str]) -> str | None:
        """One of `choices`, or None when it is not asked for."""
        text = self.query(name)
        if text is not None and text not in choices:
            raise InvalidError(FieldError(name, "choice", (("choices", ", ".join(choices)),)))
        return text

    def json(self) -> Json:
        """The body as a JSON object; InvalidError for anything else."""
        try:
            body = strict_json.read(self.raw_body())
        except ValueError as error:
            raise InvalidError(FieldError("", "json")) from error
        if not isinstance(body, dict):
            raise InvalidError(FieldError("", "object"))
        return body

    def raw_body(self) -> bytes:
        event = self.current_event.raw_event
        text = event.get("body") or ""
        try:
            return b64decode(text, validate=True) if event.get("isBase64Encoded") else text.encode()
        except (Base64Error, UnicodeEncodeError) as error:
            raise InvalidError(FieldError("", "json")) from error

    def read(self, shape: type[bodies.Shape]) -> bodies.Shape:
        """The body as `shape`, else InvalidError with every broken rule and its path."""
        return bodies.read(shape, self.json())

    def expected_version(self) -> int | None:
        """The version in If-Match (`"3"`), when there is one."""
        text = (self.header("if-match") or "").removeprefix("W/").strip('" ')
        if not text or text == "*":
            return None
        version = _whole(text)
        if version is None:
            raise InvalidError(FieldError("If-Match", "integer"))
        return version

    def idempotency_key(self) -> str | None:
        """The caller's `Idempotency-Key`."""
        key = self.header("idempotency-key")
        if key is not None and not 0 < len(key) <= 255:
            raise InvalidError(FieldError("Idempotency-Key", "too_long", (("limit", "255"),)))
        return key

    def idempotent_id(self) -> str | None:
        """The id that a creation under this caller's `Idempotency-Key` has: the same key makes one thing."""
        key = self.idempotency_key()
        if key is None:
            return None
        return derived_id("idempotency", self.user.id, self.current_event.path, key)

    # -- what Lambda calls ------------------------------------------------------------------------------------

    def handler(self, event: Json, context: LambdaContext) -> Json:
        """Answer one request. Whatever happens, the answer is a problem and never a traceback."""
        must_be_request(event)
        self.current_event = self._to_proxy_event(event)  # type: ignore[assignment]  # the resolver sets it later; the catch-all needs it now
        try:
            self._check_size(event)
            self._check_path(event)
            if self._find_user:
                self.context["user"] = self._authorise(event)
                wiring.declare()
            answer: Json = self.resolve(event, context)
            return answer
        except GoteroError as error:
            return self._problem(error).to_json_answer()
        except Exception as error:
            return self._bug(error).to_json_answer()

    def _check_size(self, event: Json) -> None:
        body = event.get("body") or ""
        size = len(body) * 3 // 4 if event.get("isBase64Encoded") else len(body.encode(errors="surrogatepass"))
        if size > self._limit:
            raise TooLargeError("body")

    def _check_path(self, event: Json) -> None:
        """No id of ours is longer, and no key of a table may be."""
        if any(len(part) > LONGEST_ID for part in event["rawPath"].split("/")):
            raise NotFoundError("path")

    def _authorise(self, event: Json) -> User:
        claims = event.get("requestContext", {}).get("authorizer", {}).get("jwt", {}).get("claims", {})
        user = self._find_user(claims.get("sub", "")) if self._find_user else None
        if user is None or user.disabled:
            raise NotAllowedError("no such user")
        method, path = event["requestContext"]["http"]["method"], event["rawPath"]
        questions = method == "POST" and path.endswith(_QUESTIONS)
        asks = method in _READING or questions or _OWN.fullmatch(f"{method} {path}")
        if not asks and not user.may_write():
            raise NotAllowedError("role")
        return user

    def _route_not_found(self, error: RouteNotFoundError) -> Response[str]:
        return problems.problem(HTTPStatus.NOT_FOUND, "not_found")

    def _bug(self, error: Exception) -> problems.Answer:
        if problems.is_throttled(error):
            return self._problem(TransientError("throttled"))
        log_failure("request failed", error)
        return problems.problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal")

    def _problem(self, error: GoteroError) -> problems.Answer:
        return problems.answer_to(error, self.language)


def json_answer(body: Json, status: HTTPStatus = HTTPStatus.OK) -> Json:
    """JSON, outside the resolver."""
    headers = {"content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": int(status), "headers": headers, "body": strict_json.write(body), "isBase64Encoded": False}


def created(body: Json) -> Response[str]:
    """201 with the whole object."""
    return respond(body, HTTPStatus.CREATED)


def accepted(body: Json) -> Response[str]:
    """202: a job will do it."""
    return respond(body, HTTPStatus.ACCEPTED)


def file(made: Attachment) -> Response[bytes]:
    """A file to be saved, never shown as a page."""
    named: dict[str, str | list[str]] = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(made.name, safe='')}",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(int(HTTPStatus.OK), made.type, made.content, headers=named)


def respond(body: Json, status: HTTPStatus = HTTPStatus.OK) -> Response[str]:
    """JSON with its version as ETag where it has one."""
    headers: dict[str, str | list[str]] = {"cache-control": "no-store"}
    if "version" in body:
        headers["etag"] = f'"{body["version"]}"'
    return Response(
        status_code=int(status), content_type="application/json", body=strict_json.write(body), headers=headers
    )


def empty() -> Response[str]:
    """204."""
    return Response(status_code=int(HTTPStatus.NO_CONTENT), body="", headers={"cache-control": "no-store"})


def _whole(text: str) -> int | None:
    """A number of nine digits at most; isdigit alone would let ² pass."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None

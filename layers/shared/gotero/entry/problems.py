"""From errors to answers: the table of statuses, and problems as RFC 9457 has them. Nothing else knows a status."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response

from gotero.domain import catalogue
from gotero.domain.errors import (
    ConflictError,
    FieldError,
    GoteroError,
    InvalidError,
    MergedError,
    NotAllowedError,
    NotFoundError,
    TooLargeError,
    TransientError,
)
from gotero.entry import strict_json
from gotero.entry.observability import log_failure

Json = dict[str, Any]

#: The only table from error to status; the first type that fits, wins.
STATUS: tuple[tuple[type[GoteroError], HTTPStatus], ...] = (
    (MergedError, HTTPStatus.GONE),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (InvalidError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ConflictError, HTTPStatus.CONFLICT),
    (NotAllowedError, HTTPStatus.FORBIDDEN),
    (TooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (TransientError, HTTPStatus.SERVICE_UNAVAILABLE),
)

#: When to come again, in seconds.
_AGAIN: dict[HTTPStatus, dict[str, str]] = {HTTPStatus.SERVICE_UNAVAILABLE: {"retry-after": "2"}}


class Answer(Response[str]):
    """A response that can also be given outside the resolver."""

    def to_json_answer(self) -> Json:
        return {
            "statusCode": self.status_code,
            "headers": {**self.headers, "content-type": self.content_type or "application/json"},
            "body": self.body,
            "isBase64Encoded": False,
        }


def problem(
    status: HTTPStatus, kind: str, errors: tuple[FieldError, ...] = (), language: catalogue.Language = "es"
) -> Answer:
    """An RFC 9457 problem."""
    body: Json = {"type": f"urn:gotero:problem:{kind}", "title": status.phrase, "status": int(status)}
    if errors:
        body["errors"] = [
            {"path": e.path, "rule": e.rule, "message": catalogue.text("errors", e.rule, language, **dict(e.values))}
            for e in errors
        ]
    return Answer(
        status_code=int(status),
        content_type="application/problem+json",
        body=strict_json.write(body),
        headers={"cache-control": "no-store", **_AGAIN.get(status, {})},
    )


def answer_to(error: GoteroError, language: catalogue.Language) -> Answer:
    """The problem that tells of this error."""
    status = next((s for kind, s in STATUS if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        log_failure("request failed", error)
    errors: tuple[FieldError, ...] = ()
    if isinstance(error, InvalidError | ConflictError):
        errors = error.errors
    elif isinstance(error, MergedError):
        errors = (FieldError("id", "merged", (("into", error.into),)),)
    return problem(status, status.phrase.lower().replace(" ", "_"), errors, language)


#: What AWS answers when it is asked too much at once; its clients have tried a few times by then.
_THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "ThrottlingException",
        "ThrottlingError",
        "TooManyRequestsException",
        "TransactionConflictException",
    }
)


def is_throttled(error: Exception) -> bool:
    """By the code that pynamodb and boto3 leave on their exceptions; neither is imported here."""
    answer = getattr(error, "response", None)
    code = answer.get("Error", {}).get("Code") if isinstance(answer, dict) else None
    return bool({code, getattr(error, "cause_response_code", None)} & _THROTTLED)

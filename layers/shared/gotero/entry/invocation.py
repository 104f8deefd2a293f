"""What a function is called with: a request, a batch, a job's state, a document to make. It refuses all else first.

Another kind comes from a wrong mapping, or from a test event of the AWS console. The call then fails with a name that
says so and stands in the function's errors; nothing has been read or written.
"""

from typing import Any, Literal

from gotero.domain.errors import PermanentError

Json = dict[str, Any]
Source = Literal["aws:sqs", "aws:dynamodb"]


class WrongEventError(PermanentError):
    """The function was called with another kind of event than its own."""


def must_be_request(event: Json) -> None:
    """A request of an HTTP API in payload format 2.0."""
    http = event.get("requestContext", {}).get("http")
    if not isinstance(http, dict) or "method" not in http or not isinstance(event.get("rawPath"), str):
        raise WrongEventError("not a request of an HTTP API (payload format 2.0)")


def must_be_batch(event: Json, source: Source) -> None:
    """Records, all of them from this kind of source."""
    records = event.get("Records")
    if not isinstance(records, list) or any(record.get("eventSource") != source for record in records):
        raise WrongEventError(f"not a batch of {source}")


def job_of(event: Json) -> str:
    """The job that a state of a state machine is about."""
    job_id = event.get("job_id")
    if not isinstance(job_id, str):
        raise WrongEventError("not the state of a job: job_id is missing")
    return job_id


def must_be_document(event: Json) -> None:
    """The template of a document, for whoever needs one made or looked at."""
    if not isinstance(event.get("template"), dict):
        raise WrongEventError("not a document to make: template is missing")

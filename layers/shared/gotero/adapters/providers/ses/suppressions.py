"""SES's own suppression list for the account: at most one call a second, else it asks to be left alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from gotero.domain import instant
from gotero.domain.errors import TransientError
from gotero.domain.suppression import Suppression, SuppressionReason
from gotero.domain.validation import address

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client

_PAGE = 500
#: SES knows two reasons; what a person or a list says is none of a complainant.
_REASONS: Mapping[SuppressionReason, Literal["BOUNCE", "COMPLAINT"]] = {"complaint": "COMPLAINT"}
_OURS: Mapping[str, SuppressionReason] = {"BOUNCE": "hard_bounce", "COMPLAINT": "complaint"}
_SLOW_DOWN = frozenset({"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"})


class SesSuppressions:
    """`ProviderSuppressions` on SES API v2."""

    def __init__(self, client: "SESV2Client") -> None:
        self._client = client

    def put(self, address: str, reason: SuppressionReason) -> None:
        with _asked():
            self._client.put_suppressed_destination(EmailAddress=address, Reason=_REASONS.get(reason, "BOUNCE"))

    def delete(self, address: str) -> None:
        with _asked():
            self._client.delete_suppressed_destination(EmailAddress=address)

    def page(self, since: datetime | None, token: str) -> tuple[list[Suppression], str]:
        asked: dict[str, Any] = {"PageSize": _PAGE}
        if since:
            asked["StartDate"] = since
        if token:
            asked["NextToken"] = token
        found: list[Suppression] = []
        following = ""
        with _asked():
            answer = self._client.list_suppressed_destinations(**asked)
            for entry in answer.get("SuppressedDestinationSummaries", []):
                key = address.key(entry["EmailAddress"])
                if key:
                    at = instant.write(entry["LastUpdateTime"])
                    found.append(Suppression(key, _OURS.get(entry["Reason"], "hard_bounce"), at))
            following = answer.get("NextToken") or ""
        return found, following


@contextmanager
def _asked() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NotFoundException":
            return
        if code in _SLOW_DOWN or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise TransientError(code) from error
        raise
    except BotoCoreError as error:
        raise TransientError(type(error).__name__) from error

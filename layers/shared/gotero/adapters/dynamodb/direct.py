"""DynamoDB's client as pynamodb uses it, with a first try that skips the layers of the SDK.

What fails without a word about the request itself goes to the SDK, which tries again as ever: a write whose answer was
lost may then be refused for what it wrote itself, as it may after the SDK's own retries (FAULTS.md §0.3); whoever
writes conditionally reads back.
"""

from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from gotero.adapters.aws.signed_calls import Json, SignedCalls

#: Refusals that may pass: the SDK knows how often to ask again, and how long to wait.
_PASSING = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionInProgressException",
        # Credentials that have just changed, a clock that is off: the SDK has its own answer to these.
        "ExpiredTokenException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
    }
)
_SERVER_ERROR = 500


class DirectClient:
    """Everything but the call itself is the SDK client's."""

    def __init__(self, client: Any) -> None:
        self._sdk = client
        self._calls = SignedCalls(client, "application/x-amz-json-1.0", "DynamoDB_20120810")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sdk, name)

    def _make_api_call(self, operation: str, params: Json) -> Json:
        if operation == "TransactWriteItems" and "ClientRequestToken" not in params:
            # Both tries are one transaction then.
            params = {**params, "ClientRequestToken": str(uuid4())}
        try:
            return self._calls.post(operation, params)
        except ClientError as error:
            if not _may_pass(error):
                raise
        except (BotoCoreError, ResponseParserError):
            pass
        answer: Json = self._sdk._make_api_call(operation, params)
        return answer


def _may_pass(error: ClientError) -> bool:
    refused = error.response
    code = refused["Error"]["Code"]
    return code in _PASSING or refused["ResponseMetadata"]["HTTPStatusCode"] >= _SERVER_ERROR

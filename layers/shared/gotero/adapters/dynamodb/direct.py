"""DynamoDB's client as pynamodb uses it, with a first try that skips the layers of the SDK.

What fails without a word about the request itself goes to the SDK, which tries again as ever: a write whose answer was
lost may then be refused for what it wrote itself, as it may after the SDK's own retries (FAULTS.md §0.3); whoever
writes conditionally reads back.

What met another transaction on the same item was not written, and the SDK leaves it at that (it retries neither
TransactionConflictException nor a cancelled transaction). The counters of a job are such an item, with a transaction
for each chunk of every sender: such a meeting is over within milliseconds, a queue's next delivery comes in minutes.
"""

import random
import time
from collections.abc import Callable
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
#: Of a cancelled transaction: why an item was no reason, or one that passes.
_MET = frozenset({"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
#: The pauses between tries grow to this many seconds at most: 0.6 all of them together, on average half of that.
_PAUSES = (0.02, 0.04, 0.08, 0.16, 0.32)


class DirectClient:
    """Everything but the call itself is the SDK client's."""

    def __init__(self, client: Any, pause: Callable[[float], None] = time.sleep) -> None:
        self._sdk = client
        self._calls = SignedCalls(client, "application/x-amz-json-1.0", "DynamoDB_20120810")
        self._pause = pause

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sdk, name)

    def _make_api_call(self, operation: str, params: Json) -> Json:
        for longest in _PAUSES:
            try:
                return self._called(operation, params)
            except ClientError as error:
                if not _met_another(error):
                    raise
            self._pause(random.uniform(0, longest))  # noqa: S311 - spreads writers, hides nothing
        return self._called(operation, params)

    def _called(self, operation: str, params: Json) -> Json:
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


def _met_another(error: ClientError) -> bool:
    """Whether another transaction was at work on an item, and nothing else stood against the write."""
    refused: Any = error.response
    if refused["Error"]["Code"] == "TransactionConflictException":
        return True
    reasons = {reason.get("Code") or "None" for reason in refused.get("CancellationReasons") or ()}
    return bool(reasons - {"None"}) and reasons <= _MET

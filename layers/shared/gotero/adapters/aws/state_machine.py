"""`StateMachine` on Step Functions."""

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from gotero.ports import Json

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient


class StepFunctions:
    """One state machine."""

    def __init__(self, client: "SFNClient", arn: str) -> None:
        self._client = client
        self._arn = arn

    def start(self, name: str, payload: Json) -> None:
        # Names carry the instant of their asking: a taken one is our own first try, whose answer was lost and whose
        # execution has ended since. While it runs StartExecution itself answers with it.
        with suppress(self._client.exceptions.ExecutionAlreadyExists):
            self._client.start_execution(stateMachineArn=self._arn, name=name, input=json.dumps(payload))

"""Starting an execution: a name that is taken is our own first try; anything else is an error."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from gotero.adapters.aws.state_machine import StepFunctions

ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:send"


@pytest.mark.parametrize(("code", "passes"), [("ExecutionAlreadyExists", True), ("StateMachineDoesNotExist", False)])
def test_a_taken_name_is_the_same_execution(code: str, *, passes: bool) -> None:
    client: Any = boto3.client("stepfunctions", "eu-west-1", aws_access_key_id="t", aws_secret_access_key="t")
    with Stubber(client) as stub:
        stub.add_client_error("start_execution", code, http_status_code=400)
        if passes:
            StepFunctions(client, ARN).start("job1-1-1", {"job_id": "job1"})
        else:
            with pytest.raises(ClientError):
                StepFunctions(client, ARN).start("job1-1-1", {"job_id": "job1"})
        stub.assert_no_pending_responses()

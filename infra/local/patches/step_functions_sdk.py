"""`aws-sdk:<service>:<operation>` works for every service the emulator has.

Stock: `services/stepfunctions._invoke_aws_sdk_integration` knows 24 services, neither `scheduler` nor `sesv2`, and
fails the state with "Service 'scheduler' is not supported". The rest goes through boto3 to the emulator itself.
"""

import json
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError
from ministack.services import stepfunctions

from infra.local.aws import client
from infra.local.emulator import Emulator


def apply(emulator: Emulator) -> None:
    stock = stepfunctions._invoke_aws_sdk_integration

    def invoke(resource: str, input_data: dict[str, Any]) -> Any:
        parts = resource.replace(".waitForTaskToken", "").split(":")
        service = parts[6].lower() if len(parts) > 7 else ""
        if not service or service in stepfunctions._AWS_SDK_SERVICE_MAP:
            return stock(resource, input_data)
        try:
            answer = getattr(client(emulator.ports.aws_url, service), xform_name(parts[7]))(**input_data)
        except ClientError as error:
            name = service[:1].upper() + service[1:]
            raise stepfunctions._ExecutionError(f"{name}.{error.response['Error']['Code']}", str(error)) from error
        answer.pop("ResponseMetadata", None)
        return json.loads(json.dumps(answer, default=str))

    stepfunctions._invoke_aws_sdk_integration = invoke

"""boto3 against the emulator, with credentials that mean nothing anywhere else."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

ACCOUNT = "000000000000"
REGION = "us-east-1"
ACCESS_KEY = "test"


@cache  # to make one takes longer than most calls
def client(endpoint: str, service: str) -> Any:
    """Of any service by name, hence untyped. No retries: on a laptop a failure is to be seen."""
    return boto3.client(
        service,  # type: ignore[call-overload]  # the stubs list each service as a literal
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=ACCESS_KEY,
        config=Config(retries={"max_attempts": 0}, read_timeout=120, inject_host_prefix=False),
    )

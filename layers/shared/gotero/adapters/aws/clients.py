"""boto3 clients, one a service and process, with timeouts that a request can afford."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from gotero.adapters.aws.signed_calls import USER_AGENT, SignedCalls

_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})


@cache
def secrets() -> Any:
    return boto3.client("secretsmanager", config=_CONFIG)


@cache
def logins() -> Any:
    return boto3.client("cognito-idp", config=_CONFIG)


@cache
def queues() -> Any:
    return boto3.client("sqs", config=_CONFIG)


@cache
def topics() -> Any:
    return boto3.client("sns", config=_CONFIG)


@cache
def executions() -> Any:
    return boto3.client("stepfunctions", config=_CONFIG)


@cache
def mail() -> Any:
    """SES. A lost answer must stay lost: a second try would be a second mail (adapters/providers/ses/send.py)."""
    once = Config(
        connect_timeout=2,
        # Answers take well under a second; a mail whose answer does not come is uncertain, and its event tells.
        read_timeout=10,
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=64,
        user_agent=USER_AGENT,
    )
    return DirectMail(boto3.client("sesv2", config=once))


class DirectMail:
    """SES's client; the call of every mail skips the layers of the SDK, and is never made again."""

    def __init__(self, client: Any) -> None:
        self._sdk = client
        self._calls = SignedCalls(client, "application/json")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sdk, name)

    def send_email(self, **request: Any) -> Any:
        return self._calls.post("SendEmail", request, "/v2/email/outbound-emails")


@cache
def functions() -> Any:
    return boto3.client("lambda", config=_CONFIG)


@cache
def documents() -> Any:
    """The function that makes documents: it starts with a library to load, and may be asked twice."""
    config = Config(
        connect_timeout=2,
        read_timeout=12,
        retries={"total_max_attempts": 2, "mode": "standard"},
        max_pool_connections=16,
    )
    return boto3.client("lambda", config=config)


@cache
def parameters() -> Any:
    return boto3.client("ssm", config=_CONFIG)

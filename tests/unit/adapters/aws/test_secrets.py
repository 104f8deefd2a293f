"""Secrets by reference: kept for minutes, both the present and the replaced value valid."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from gotero.adapters.aws.secrets import AwsSecrets

SECRET = "arn:aws:secretsmanager:eu-west-1:1:secret:gotero/webhooks/a"
PARAMETER = "arn:aws:ssm:eu-west-1:1:parameter/gotero/webhooks/b"


class Aws:
    """Both services as far as they are used."""

    def __init__(self) -> None:
        self.stages = {"AWSCURRENT": "new", "AWSPREVIOUS": "old"}
        self.calls = 0
        self.error = "ResourceNotFoundException"

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> Any:
        self.calls += 1
        if VersionStage not in self.stages:
            raise ClientError({"Error": {"Code": self.error}}, "GetSecretValue")
        return {"SecretString": self.stages[VersionStage]}

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Any:
        self.calls += 1
        assert WithDecryption
        return {"Parameter": {"Value": f"of {Name}"}}


def made() -> tuple[Aws, AwsSecrets, list[float]]:
    aws, now = Aws(), [0.0]
    return aws, AwsSecrets(lambda: aws, lambda: aws, lambda: now[0]), now


def test_the_replaced_value_is_still_valid() -> None:
    _, secrets, _ = made()
    assert secrets.values(SECRET) == ("new", "old")
    assert secrets.values(PARAMETER) == ("of /gotero/webhooks/b",)


def test_values_are_kept_and_looked_up_again_at_most_once_a_minute() -> None:
    aws, secrets, now = made()
    for seconds, anew, calls in ((0, False, 2), (299, False, 2), (300, False, 4), (359, True, 4), (360, True, 6)):
        now[0] = seconds
        secrets.values(SECRET, anew=anew)
        assert aws.calls == calls, seconds


def test_a_secret_that_does_not_exist_has_no_values() -> None:
    aws, secrets, _ = made()
    aws.stages = {}
    assert secrets.values(SECRET) == ()


def test_a_refusal_of_aws_is_no_missing_secret() -> None:
    aws, secrets, _ = made()
    aws.stages, aws.error = {}, "AccessDeniedException"
    with pytest.raises(ClientError):
        secrets.values(SECRET)

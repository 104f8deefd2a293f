"""The signer's secret in Secrets Manager: read once, and again when a token does not fit."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from gotero.adapters.aws.signer import SecretSigner


class Secrets:
    """Moto's Secrets Manager, with its answers counted."""

    def __init__(self) -> None:
        self.client = boto3.client("secretsmanager", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="y")
        self.arn = self.client.create_secret(Name="tokens", SecretString="first")["ARN"]
        self.reads = 0

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> object:
        self.reads += 1
        return self.client.get_secret_value(SecretId=SecretId, VersionStage=VersionStage)

    def rotate(self, text: str) -> None:
        self.client.put_secret_value(SecretId=self.arn, SecretString=text)


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def secrets() -> Iterator[Secrets]:
    with mock_aws():
        yield Secrets()


def test_reads_the_secret_once(secrets: Secrets) -> None:
    signer = SecretSigner(secrets, secrets.arn)

    for number in range(5):
        assert signer.read("o", signer.sign("o", {"m": str(number)})) == {"m": str(number)}
    assert secrets.reads == 1


def test_after_a_rotation_both_secrets_count(secrets: Secrets) -> None:
    seconds = Seconds()
    running = SecretSigner(secrets, secrets.arn, seconds)
    old = running.sign("u", {"m": "x"})
    secrets.rotate("second")
    fresh = SecretSigner(secrets, secrets.arn, seconds)

    assert fresh.read("u", old) == {"m": "x"}
    assert running.read("u", fresh.sign("u", {"m": "y"})) == {"m": "y"}
    secrets.rotate("third")
    assert SecretSigner(secrets, secrets.arn, seconds).read("u", old) is None


def test_bad_tokens_cost_one_look_a_minute(secrets: Secrets) -> None:
    seconds = Seconds()
    signer = SecretSigner(secrets, secrets.arn, seconds)

    for _ in range(10):
        assert signer.read("o", "eyJtIjoieCJ9.AAAAAAAAAAAAAAAAAAAAAA") is None
    assert secrets.reads == 3
    seconds.now = 61
    assert signer.read("o", "eyJtIjoieCJ9.AAAAAAAAAAAAAAAAAAAAAA") is None
    assert secrets.reads == 5

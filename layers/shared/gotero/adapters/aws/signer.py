"""`Signer` with the secret in Secrets Manager; after a rotation, the previous version of the secret counts too."""

from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol

from botocore.exceptions import ClientError

from gotero.domain import token
from gotero.ports import Json

#: A token that does not fit may be younger or older than the secret at hand. Bad tokens cost a look a minute, no more.
_LOOK_AGAIN_SECONDS = 60


class SecretsClient(Protocol):
    """What is used of boto3's Secrets Manager client."""

    def get_secret_value(self, *, SecretId: str, VersionStage: str) -> Any: ...


class SecretSigner:
    """One instance a process: the secret is read when it is first needed."""

    def __init__(self, client: SecretsClient, secret_arn: str, elapsed: Callable[[], float] = monotonic) -> None:
        self._client = client
        self._secret_arn = secret_arn
        self._elapsed = elapsed
        self._secrets: list[bytes] = []
        self._looked_at: float | None = None

    def sign(self, purpose: str, payload: Json) -> str:
        return token.encode(self._current()[0], purpose, payload)

    def read(self, purpose: str, text: str) -> Json | None:
        payload = token.decode(self._current(), purpose, text)
        if payload is None and self._look_again():
            payload = token.decode(self._secrets, purpose, text)
        return payload

    def _current(self) -> list[bytes]:
        if not self._secrets:
            self._secrets = self._stage("AWSCURRENT")
        return self._secrets

    def _look_again(self) -> bool:
        now = self._elapsed()
        if self._looked_at is not None and now - self._looked_at < _LOOK_AGAIN_SECONDS:
            return False
        self._looked_at = now
        self._secrets = self._stage("AWSCURRENT") + self._stage("AWSPREVIOUS")
        return True

    def _stage(self, stage: str) -> list[bytes]:
        try:
            answer = self._client.get_secret_value(SecretId=self._secret_arn, VersionStage=stage)
        except ClientError as error:
            if stage == "AWSPREVIOUS" and error.response["Error"]["Code"] == "ResourceNotFoundException":
                return []
            raise
        text: str = answer["SecretString"]
        return [text.encode()]

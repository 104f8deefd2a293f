"""`Secrets` in Secrets Manager or as parameters of Systems Manager, kept for some minutes."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from botocore.exceptions import ClientError

from gotero.adapters.aws import clients

_KEEP_SECONDS = 300
#: Requests that do not fit must not become a call to AWS each.
_LOOK_AGAIN_SECONDS = 60
_MISSING = frozenset({"ResourceNotFoundException", "ParameterNotFound", "ParameterVersionNotFound"})


class AwsSecrets:
    """One instance a process. References are ARNs."""

    def __init__(
        self,
        manager: Callable[[], Any] = clients.secrets,
        parameters: Callable[[], Any] = clients.parameters,
        elapsed: Callable[[], float] = monotonic,
    ) -> None:
        self._manager, self._parameters, self._elapsed = manager, parameters, elapsed
        self._kept: dict[str, tuple[float, tuple[str, ...]]] = {}

    def values(self, reference: str, *, anew: bool = False) -> tuple[str, ...]:
        now = self._elapsed()
        kept = self._kept.get(reference)
        if kept is None or now - kept[0] >= (_LOOK_AGAIN_SECONDS if anew else _KEEP_SECONDS):
            kept = (now, self._read(reference))
            self._kept[reference] = kept
        return kept[1]

    def _read(self, reference: str) -> tuple[str, ...]:
        if ":ssm:" in reference:
            return _found(lambda: self._parameter(reference))
        return _found(lambda: self._stage(reference, "AWSCURRENT")) + _found(
            lambda: self._stage(reference, "AWSPREVIOUS")
        )

    def _parameter(self, reference: str) -> Any:
        name = f"/{reference.partition(':parameter/')[2]}"
        return self._parameters().get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]

    def _stage(self, reference: str, stage: str) -> Any:
        return self._manager().get_secret_value(SecretId=reference, VersionStage=stage)["SecretString"]


def _found(read: Callable[[], Any]) -> tuple[str, ...]:
    try:
        return (str(read()),)
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return ()
        raise

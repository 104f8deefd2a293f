"""What SES grants the account."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from types_boto3_sesv2 import SESV2Client

#: AWS raises a rate by itself now and then, and lowers it when somebody misbehaves.
_KEEP_SECONDS = 300.0
#: The least that an account out of the sandbox is granted.
_LEAST = 1.0


class SesAccount:
    """What the account may send, asked for every five minutes."""

    def __init__(self, client: "SESV2Client", elapsed: Callable[[], float] = monotonic) -> None:
        self._client = client
        self._elapsed = elapsed
        self._rate = _LEAST
        self._quota: dict[str, float] | None = None
        self._asked_at: float | None = None

    def quota(self) -> dict[str, float] | None:
        """Mails a second, mails in 24 hours, and how many of those are used; None when SES does not say."""
        self.rate()
        return self._quota

    def rate(self) -> float:
        """Mails a second."""
        now = self._elapsed()
        if self._asked_at is None or now - self._asked_at > _KEEP_SECONDS:
            self._asked_at = now
            try:
                quota = self._client.get_account()["SendQuota"]
            except (ClientError, BotoCoreError):
                return self._rate  # the last one known; asked again in five minutes
            self._quota = {
                "rate": float(quota.get("MaxSendRate", _LEAST)),
                "per_day": float(quota.get("Max24HourSend", 0)),
                "sent": float(quota.get("SentLast24Hours", 0)),
            }
            self._rate = max(_LEAST, float(quota.get("MaxSendRate", _LEAST)))
        return self._rate

"""What mails cost, in dollars: the provider's price, and what the rest of the house takes beside it."""

from dataclasses import dataclass
from typing import Any

#: SES, outbound, à la carte: price list of 2026-07. An account on the plan «Essentials» pays 0.16.
PROVIDER_PER_THOUSAND = 0.10
#: A mail with its event: 4.1 dollars a million in the tables (`make bench NAME=sending`), functions and queues guessed.
PLATFORM_PER_THOUSAND = 0.005


@dataclass(frozen=True, slots=True)
class Cost:
    """About how much, in dollars."""

    provider: float
    platform: float

    def to_json(self) -> dict[str, Any]:
        return {"currency": "USD", "provider": self.provider, "platform": self.platform}


def mail_cost(mails: int) -> Cost:
    """What this many mails cost, to a tenth of a cent."""
    return Cost(round(mails * PROVIDER_PER_THOUSAND / 1000, 3), round(mails * PLATFORM_PER_THOUSAND / 1000, 3))

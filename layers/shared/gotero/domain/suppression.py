"""Addresses that nothing is sent to any more, by any path, and why."""

from dataclasses import dataclass
from typing import Literal

SuppressionReason = Literal["hard_bounce", "complaint", "manual", "import"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """One suppressed address, in the form in which addresses are compared (domain/validation/address.py)."""

    address_key: str
    reason: SuppressionReason
    at: str
    #: The message that brought it, when one did.
    message: str = ""

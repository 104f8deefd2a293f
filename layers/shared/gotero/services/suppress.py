"""Never send to an address again, and say so on everybody who has it."""

from collections.abc import Callable
from dataclasses import dataclass

from gotero.domain.record import Cause, Ref
from gotero.domain.suppression import Suppression, SuppressionReason
from gotero.ports import Records, Suppressions

#: Sets «No enviar email» on a record with its source (domain/modules/people.py), by the service that writes records.
SetDoNotEmail = Callable[[Ref, str, Cause], None]


@dataclass(frozen=True, slots=True)
class Protector:
    """What protecting a person from mails needs."""

    suppressions: Suppressions
    records: Records
    set_do_not_email: SetDoNotEmail


def suppress(protector: Protector, address_key: str, reason: SuppressionReason, at: str, message_id: str = "") -> None:
    """No path sends to this address any more."""
    if address_key:
        protector.suppressions.add(Suppression(address_key, reason, at, message_id))


def opt_out(protector: Protector, address_key: str, recipient: Ref, source: str, cause: Cause) -> None:
    """«No enviar email» on the recipient and on every account, contact and lead with that address."""
    others = protector.records.with_address(address_key) if address_key else []
    for ref in dict.fromkeys((recipient, *others)):
        if ref.module in ("contacts", "accounts", "leads"):
            protector.set_do_not_email(ref, source, cause)

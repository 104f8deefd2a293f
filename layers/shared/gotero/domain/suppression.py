"""Addresses that nothing is sent to any more, by any path, and why. What counts towards it: soft bounces in a row."""

import csv
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from gotero.domain.bounce import classify
from gotero.domain.message import Message
from gotero.domain.validation import address

SuppressionReason = Literal["hard_bounce", "complaint", "soft_bounces", "manual", "import"]
#: The module under which the timeline keeps what happened to an address.
HISTORY = "suppressions"
#: Lines of one import: what one request can write in its time.
MAX_IMPORT = 10_000


@dataclass(frozen=True, slots=True)
class Suppression:
    """One suppressed address, in the form in which addresses are compared (domain/validation/address.py)."""

    address_key: str
    reason: SuppressionReason
    #: When it happened, by the clock of whoever saw it.
    at: str
    #: The message that brought it, when one did.
    message: str = ""
    #: Who did it by hand, and what they said about it.
    by: str = ""
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "address": self.address_key,
            "reason": self.reason,
            "at": self.at,
            "message": self.message or None,
            "by": self.by or None,
            "note": self.note,
        }


def keyed_hash(secret: bytes, address_key: str) -> str:
    """What stands for the address of somebody who was erased: found by whoever has the address and the secret."""
    return hmac.digest(secret, f"suppression:{address_key}".encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class Listed:
    """What a pasted list comes to: addresses in their compared form, and the lines that hold none."""

    addresses: tuple[str, ...]
    invalid: tuple[int, ...]


def read_list(text: str) -> Listed:
    """The first address of every line, whatever stands beside it; a first line without one is a heading."""
    found: dict[str, None] = {}
    invalid: list[int] = []
    lines = text.lstrip("\ufeff").splitlines()
    for number, line in enumerate(lines, start=1):
        cells = _cells(line.replace(";", ",").replace("\t", ","))
        keys = [key for key in map(address.key, cells) if key]
        if keys:
            found[keys[0]] = None
        elif (any(cells) and number > 1) or any("@" in cell for cell in cells):
            invalid.append(number)
    return Listed(tuple(found), tuple(invalid))


def _cells(line: str) -> list[str]:
    try:
        return [cell.strip() for row in csv.reader([line]) for cell in row]
    except csv.Error:
        return [line.strip()]  # longer than any cell may be: no address


#: Transient bounces that say nothing of the mailbox (SES's subtypes): the same mail would bounce anywhere.
_OF_THE_MAIL = ("MessageTooLarge", "ContentRejected", "AttachmentRejected")


def soft_in_a_row(messages: Iterable[Message], address_key: str) -> tuple[int, str]:
    """How many mails to the address in a row came back softly, and when the last did; any delivery begins anew.

    Read from the messages themselves, so that neither order nor repetition of events can change it.
    """
    softly: list[str] = []
    delivered_at = ""
    for message in messages:
        back = message.feedback
        if address.key(message.mailing.address) != address_key:
            continue
        if back.delivered and back.bounce_type != "hard":
            # With a soft bounce as well, that is as a rule an absence note: the mailbox has the mail.
            delivered_at = max(delivered_at, back.delivered_at)
        elif back.bounce_type == "soft" and _is_of_the_mailbox(back.verdict[2]):
            softly.append(back.verdict[1])
    after = [at for at in softly if at > delivered_at]
    return len(after), max(after, default="")


def _is_of_the_mailbox(reason: str) -> bool:
    return not any(kind in reason for kind in _OF_THE_MAIL) and classify(reason) != "block"

"""E-mail addresses by their syntax, with the standard library alone.

What is accepted is what can be sent to through SES and what people really have: a dot-atom of ASCII before the @ (SES
takes no other), and a domain of at least two labels, in any script. Quoted local parts, comments, display names and
bracketed IP addresses are legal in RFC 5322 and refused: nobody is reached by them, and headers are forged with them.
Domains reserved for tests and documentation (.example, .test, .invalid, .localhost) are accepted: demos live on them.
Those of one network or of no mail at all (.local, .onion, .arpa: RFC 6762, 7686, 3172) are refused.
"""

import re
from dataclasses import dataclass

from gotero.domain.validation.host import as_read, labels_of

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_WITHOUT_MAIL = frozenset({"local", "onion", "arpa"})
_MAX_LOCAL, _MAX_ADDRESS = 64, 254


@dataclass(frozen=True, slots=True)
class Address:
    """An address that is one: its local part as typed, its domain as people read it and as the wire carries it."""

    local: str
    domain: str
    ascii_domain: str

    @property
    def text(self) -> str:
        """As it is stored and shown."""
        return f"{self.local}@{self.domain}"

    @property
    def wire(self) -> str:
        """As a mail server takes it."""
        return f"{self.local}@{self.ascii_domain}"

    @property
    def key(self) -> str:
        """What makes two addresses the same: letter case is ignored, dots and +tags are not, the domain is in ASCII."""
        return f"{self.local.lower()}@{self.ascii_domain}"


def parse(text: str) -> Address | None:
    """The address, or None when no mail can reach it by its syntax. No white space is trimmed here."""
    local, at, domain = text.rpartition("@")
    if not at or len(local) > _MAX_LOCAL or not _LOCAL.fullmatch(local):
        return None
    labels = labels_of(domain)
    if labels is None or len(labels) < 2 or labels[-1].isdigit() or labels[-1] in _WITHOUT_MAIL:
        return None
    ascii_domain = ".".join(labels)
    if len(local) + 1 + len(ascii_domain) > _MAX_ADDRESS:
        return None
    return Address(local, as_read(labels), ascii_domain)


def key(text: str) -> str | None:
    """The key of an address (see Address.key), or None when it is none."""
    address = parse(text.strip())
    return address.key if address else None

"""E-mail addresses by their syntax, with the standard library alone.

What is accepted is what can be sent to through SES and what people really have: a dot-atom of ASCII before the @ (SES
takes no other), and a domain of at least two labels, in any script. Quoted local parts, comments, display names and
bracketed IP addresses are legal in RFC 5322 and refused: nobody is reached by them, and headers are forged with them.
Domains reserved for tests and documentation (.example, .test, .invalid, .localhost) are accepted: demos live on them.
Those of one network or of no mail at all (.local, .onion, .arpa: RFC 6762, 7686, 3172) are refused.
"""

import re
import unicodedata
from dataclasses import dataclass

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_ASCII_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
#: The dots that IDNA reads as a full stop.
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
#: Letters and marks that nobody sees: the joiner of graphemes, fillers of Hangul, selectors of variants.
_UNSEEN = frozenset(map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0))).union(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_WITHOUT_MAIL = frozenset({"local", "onion", "arpa"})
_MAX_LOCAL, _MAX_LABEL, _MAX_DOMAIN, _MAX_ADDRESS = 64, 63, 253, 254


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
    labels = unicodedata.normalize("NFC", domain.translate(_DOTS).lower()).split(".")
    encoded = [_to_ascii(label) for label in labels]
    sound = [label for label in encoded if label is not None]
    if len(labels) < 2 or len(sound) < len(labels) or sound[-1].isdigit() or sound[-1] in _WITHOUT_MAIL:
        return None
    ascii_domain = ".".join(sound)
    if len(ascii_domain) > _MAX_DOMAIN or len(local) + 1 + len(ascii_domain) > _MAX_ADDRESS:
        return None
    return Address(local, ".".join(_to_unicode(label) for label in sound), ascii_domain)


def key(text: str) -> str | None:
    """The key of an address (see Address.key), or None when it is none."""
    address = parse(text.strip())
    return address.key if address else None


def _to_ascii(label: str) -> str | None:
    """The label as DNS carries it; None when it cannot be one."""
    if not label.isascii():
        label = _encoded(label) or ""
    elif label[2:4] == "--" and not (label.startswith("xn--") and _encoded(_to_unicode(label)) == label):
        return None  # an honest label in punycode comes back the same
    return label if len(label) <= _MAX_LABEL and _ASCII_LABEL.fullmatch(label) else None


def _encoded(label: str) -> str | None:
    """In ASCII; None for what no domain has. Unlike IDNA 2003, ß and ς stay what they are."""
    if (
        not label
        or not all(_may_stand_in_domain(label, i) for i in range(len(label)))
        or unicodedata.combining(label[0])
    ):
        return None
    plain = unicodedata.normalize("NFKC", label).lower()
    if plain.startswith("-") or plain.endswith("-") or plain[2:4] == "--":
        return None
    return plain if plain.isascii() else "xn--" + plain.encode("punycode").decode("ascii")


def _to_unicode(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _may_stand_in_domain(label: str, index: int) -> bool:
    """Letters, marks and decimal digits of any script, hyphens, and the two middle dots that languages need."""
    character = label[index]
    if character in _UNSEEN:
        return False
    if character == "\u00b7":  # Catalan: col·lectiu
        return label[index - 1 : index] == "l" and label[index + 1 : index + 2] == "l"
    return character in "-\u30fb" or unicodedata.category(character) in ("Ll", "Lo", "Lm", "Mn", "Mc", "Nd")

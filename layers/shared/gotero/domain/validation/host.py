"""Names of hosts, in any script, with the standard library alone: what DNS carries, and what people read."""

import re
import unicodedata
from collections.abc import Sequence
from ipaddress import ip_address

_ASCII_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
#: The dots that IDNA reads as a full stop.
_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")
_MAX_LABEL, _MAX_DOMAIN = 63, 253
#: Letters and marks that nobody sees: the joiner of graphemes, fillers of Hangul, selectors of variants.
_UNSEEN = frozenset(map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0))).union(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)


def labels_of(domain: str) -> list[str] | None:
    """Its labels as DNS carries them; None when one of them cannot be, or all of them are too long."""
    labels = unicodedata.normalize("NFC", domain.translate(_DOTS).lower()).split(".")
    encoded = [_to_ascii(label) for label in labels]
    sound = [label for label in encoded if label is not None]
    return sound if len(sound) == len(labels) and len(".".join(sound)) <= _MAX_DOMAIN else None


def as_read(labels: Sequence[str]) -> str:
    """The name of these labels as people read it."""
    return ".".join(_to_unicode(label) for label in labels)


def is_web_host(host: str) -> bool:
    """Whether a browser can be sent there: an IP address, or a name with a dot and with nothing in it that hides.

    The web has underscores and hearts in its names, which no mail goes to: more than `labels_of` takes.
    """
    try:
        ip_address(host)
    except ValueError:
        labels = host.translate(_DOTS).removesuffix(".").split(".")
        named = len(labels) > 1 and all(labels) and not labels[-1].isdigit()
        hidden = any(c in _UNSEEN or unicodedata.category(c)[0] in "CZ" for c in host)
        return host == "localhost" or (named and not hidden)
    return True


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

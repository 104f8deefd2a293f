"""The company that sends: what its settings say (definition `settings`, id `company`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

#: A name as the network has it; no numbers alone, which readers read differently.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)
KIND = "settings"
ID = "company"
SEND_DELAY_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Company:
    """Who stands behind every mail."""

    name: str
    #: The postal address that the law wants in every marketing mail.
    address: str
    #: The mail address of a sender who has none of their own in a verified domain.
    sender: str
    zone: str = "Europe/Madrid"
    language: str = "es"
    #: Domains that the provider lets us send from; the sender's own always counts.
    verified_domains: frozenset[str] = frozenset()
    #: The company's own page for those who want to leave; without one it is ours.
    landing_page: str = ""
    #: Where a mail that wants to unsubscribe is received (docs/unsubscribing.md).
    unsubscribe_mail: str = ""
    #: How long a send waits after it was confirmed: until then it can be deleted as if it had never been.
    send_delay_minutes: int = SEND_DELAY_MINUTES
    #: Who in the house gets a copy of each campaign.
    seeds: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Company":
        sender = data.get("sender", "")
        domains = {domain.casefold() for domain in (*data.get("verified_domains", ()), sender.rpartition("@")[2])}
        return cls(
            data.get("name", ""),
            data.get("address", ""),
            sender,
            data.get("zone") or "Europe/Madrid",
            data.get("language") or "es",
            frozenset(domains - {""}),
            data.get("landing_page") or "",
            data.get("unsubscribe_mail") or "",
            data.get("send_delay_minutes", SEND_DELAY_MINUTES),
            tuple(data.get("seed_list") or ()),
        )

    def may_send_as(self, address: str) -> bool:
        """Whether the provider accepts this address as a sender."""
        return address.rpartition("@")[2].casefold() in self.verified_domains


def is_web_page(url: str) -> bool:
    """Whether a browser is safely sent there: https, a host, and nothing that two readers could read differently."""
    if not url.isascii() or not url.isprintable() or any(character in url for character in ' \\"<>#@'):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(_HOST.fullmatch(parts.hostname or "")) and parts.port != 0
    except ValueError:
        return False

"""The company that sends: what its settings say (definition `settings`, id `company`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KIND = "settings"
ID = "company"


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
        )

    def may_send_as(self, address: str) -> bool:
        """Whether the provider accepts this address as a sender."""
        return address.rpartition("@")[2].casefold() in self.verified_domains

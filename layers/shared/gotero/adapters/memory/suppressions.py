"""`Suppressions` in dictionaries."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from gotero.domain import instant
from gotero.domain.errors import TransientError
from gotero.domain.suppression import Suppression, SuppressionReason, keyed_hash

_SECRET = b"of the suppression list in memory"


class MemorySuppressions:
    def __init__(self) -> None:
        self._stored: dict[str, Suppression] = {}
        self._released: dict[str, str] = {}
        #: Keyed hash -> the suppression without its address, of those who were erased.
        self._erased: dict[str, Suppression] = {}

    def get_many(self, address_keys: Iterable[str]) -> dict[str, Suppression]:
        asked = {key: self._stored.get(key) or self._hidden(key) for key in address_keys}
        return {key: found for key, found in asked.items() if found}

    def _hidden(self, key: str) -> Suppression | None:
        erased = self._erased.get(keyed_hash(_SECRET, key))
        return replace(erased, address_key=key) if erased else None

    def released(self, address_keys: Iterable[str]) -> dict[str, str]:
        return {key: self._released[key] for key in address_keys if key in self._released}

    def add(self, suppression: Suppression) -> bool:
        key = suppression.address_key
        if key in self._stored or self._released.get(key, "") >= suppression.at:
            return False
        self._stored[key] = suppression
        return True

    def add_many(self, suppressions: Sequence[Suppression]) -> int:
        known = self.get_many([suppression.address_key for suppression in suppressions])
        new = {s.address_key: s for s in reversed(suppressions) if s.address_key not in known}
        # Of one that is named twice, or was put there meanwhile, the first stays.
        new = {key: suppression for key, suppression in new.items() if key not in self._stored}
        self._stored |= new
        return len(new)

    def remove(self, address_key: str, at: str) -> bool:
        if not self.get_many([address_key]):
            return False
        self._stored.pop(address_key, None)
        self._erased.pop(keyed_hash(_SECRET, address_key), None)
        self._released[address_key] = at
        return True

    def erase(self, address_keys: Iterable[str], objected_at: str = "") -> None:
        for key in set(address_keys):
            known = self.get_many([key]).get(key)
            self._stored.pop(key, None)
            self._released.pop(key, None)
            if known or objected_at:
                reason, at = (known.reason, known.at) if known else ("manual", objected_at)
                self._erased[keyed_hash(_SECRET, key)] = Suppression("", reason, at)

    def page(self, prefix: str, limit: int, after: str | None) -> tuple[list[Suppression], str | None]:
        keys = sorted((k for k in self._stored if k.startswith(prefix)), key=_place)
        left = [key for key in keys if after is None or _place(key) > _place(after)]
        return [self._stored[key] for key in left[:limit]], left[limit - 1] if len(left) > limit else None


def _place(key: str) -> tuple[str, str]:
    """Symbols before digits before letters, as the partitions of the table stand."""
    return (key[:1] if key[:1].isalnum() else "!", key)


class MemoryProviderSuppressions:
    """`ProviderSuppressions` in a dictionary; `refusals` calls are refused as too fast."""

    def __init__(self) -> None:
        self.stored: dict[str, Suppression] = {}
        self.refusals = 0

    def put(self, address: str, reason: SuppressionReason) -> None:
        self._ask()
        self.stored[address] = Suppression(address, reason, "")

    def delete(self, address: str) -> None:
        self._ask()
        self.stored.pop(address, None)

    def page(self, since: datetime | None, token: str) -> tuple[list[Suppression], str]:
        self._ask()
        found = [s for s in self.stored.values() if since is None or s.at >= instant.write(since)]
        at = int(token or 0)
        return found[at : at + 2], str(at + 2) if len(found) > at + 2 else ""

    def _ask(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise TransientError("too fast")

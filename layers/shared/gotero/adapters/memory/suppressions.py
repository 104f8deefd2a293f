"""`Suppressions` in a dictionary."""

from collections.abc import Iterable

from gotero.domain.suppression import Suppression


class MemorySuppressions:
    def __init__(self) -> None:
        self._stored: dict[str, Suppression] = {}

    def get_many(self, address_keys: Iterable[str]) -> dict[str, Suppression]:
        return {key: self._stored[key] for key in address_keys if key in self._stored}

    def add(self, suppression: Suppression) -> None:
        self._stored.setdefault(suppression.address_key, suppression)

    def remove(self, address_key: str) -> None:
        self._stored.pop(address_key, None)

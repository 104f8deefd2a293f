"""`Secrets` at hand."""

from collections.abc import Mapping


class MemorySecrets:
    """Values by reference; `asked_anew` counts the looks that go past what is kept."""

    def __init__(self, values: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.stored = dict(values or {})
        self.asked_anew = 0

    def values(self, reference: str, *, anew: bool = False) -> tuple[str, ...]:
        self.asked_anew += anew
        return self.stored.get(reference, ())

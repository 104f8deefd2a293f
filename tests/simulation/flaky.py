"""Stores that fail now and then."""

from random import Random
from typing import Any

from gotero.domain.errors import TransientError


class Flaky:
    """A store of which one call in so many fails: before it does anything, or after it has, as a lost answer does."""

    def __init__(self, store: Any, drawn: Random, every: int) -> None:
        self.store, self.drawn, self.every = store, drawn, every

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.store, name)
        if self.every == 0 or self.drawn.randrange(self.every):
            return call

        def failing(*args: Any, **named: Any) -> Any:
            if self.drawn.random() < 0.5:
                call(*args, **named)
            raise TransientError("a store that does not answer")

        return failing

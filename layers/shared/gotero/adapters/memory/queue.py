"""A queue and a state machine in memory, for tests that look at what was asked of them."""

from collections.abc import Iterable

from gotero.ports import Json


class MemoryQueue:
    """`Queue` in a list."""

    def __init__(self) -> None:
        self.bodies: list[Json] = []
        self.delays: list[int] = []

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None:
        new = list(bodies)
        self.bodies += new
        self.delays += [delay_seconds] * len(new)

    def take(self) -> list[Json]:
        """Everything that stands in it, which it then no longer does."""
        bodies, self.bodies, self.delays = self.bodies, [], []
        return bodies


class MemoryStateMachine:
    """`StateMachine` that remembers what was started."""

    def __init__(self) -> None:
        self.started: dict[str, Json] = {}

    def start(self, name: str, payload: Json) -> None:
        self.started.setdefault(name, payload)

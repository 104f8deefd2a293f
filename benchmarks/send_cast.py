"""The parts that AWS plays in the send simulation: queue and workers, state machine, and due index."""

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from benchmarks.send_world import LIFETIME, World
from gotero.domain.errors import PermanentError
from gotero.domain.template import CompiledTemplate, MailContent
from gotero.ports import Json, RemainingTime

#: template.yaml: visibility of the send queues, workers of each at once, deliveries before the dead letters.
_VISIBILITY, _LANES, _RECEIVES = 240.0, 10, 5
_STATE_LIFETIME, _STATE_TRIES = 60.0, 6


class Rendering:
    """`Renderer`, as far as sending asks."""

    def compile(self, template: Any) -> CompiledTemplate:
        raise PermanentError("no template is saved in a simulation")

    def render(self, compiled: CompiledTemplate, context: Json, links: Any) -> MailContent:
        return MailContent(compiled.subject, compiled.html, compiled.text, ())


class TickingDue:
    """`DueIndex` whose tick comes each minute, and now and then a minute late."""

    def __init__(self, world: World, fire: Callable[[str], None]) -> None:
        self._world, self._fire = world, fire
        self._put: set[tuple[datetime, str]] = set()

    def put(self, at: datetime, thing: str, payload: Json) -> None:
        if (at, thing) in self._put:
            return  # the same thing at the same instant is one entry
        self._put.add((at, thing))
        late = self._world.random.choice((0.0, 0.0, 60.0))
        delay = max(0.0, (at - self._world.now()).total_seconds())
        minute = -(self._world.seconds + delay) % 60

        def fired() -> None:
            self._put.discard((at, thing))
            self._fire(thing)

        self._world.at(delay + minute + late, fired)


class WorkedQueue:
    """A queue with its workers: at least once, in any order, so many at a time; five tries, then the dead letters."""

    def __init__(self, world: World, receive: Callable[[Json, RemainingTime], None]) -> None:
        self._world, self._receive = world, receive
        self._waiting: deque[Callable[[], None]] = deque()
        self._busy = 0

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None:
        random = self._world.random
        for body in bodies:
            self._world.measure(payload=body)
            self._deliver(body, delay_seconds + random.uniform(0.01, 5), 1)
            if random.random() < self._world.faults.rate / 10:
                self._deliver(body, delay_seconds + random.uniform(0.01, 120), 1)

    def _deliver(self, body: Json, delay: float, receives: int) -> None:
        def ended(well: bool) -> None:
            self._busy -= 1
            if not well and receives < _RECEIVES:
                self._deliver(body, _VISIBILITY, receives + 1)
            if self._waiting and self._busy < _LANES:
                self._busy += 1
                self._waiting.popleft()()

        def begin() -> None:
            self._world.start(lambda: self._receive(body, self._remaining()), ended, LIFETIME)

        def arrived() -> None:
            if self._busy < _LANES:
                self._busy += 1
                begin()
            else:
                self._waiting.append(begin)

        self._world.at(delay, arrived)

    def _remaining(self) -> RemainingTime:
        deadline = self._world.seconds + LIFETIME
        # Some begin late in their batch.
        left = self._world.random.choice((LIFETIME, LIFETIME, LIFETIME, 4.0))
        return lambda: min(left, deadline - self._world.seconds)


#: What a state does for an execution, and the states that follow with their position and the seconds before.
Step = Callable[[Json, int, RemainingTime], list[tuple[str, int, float]]]


class Executions:
    """`StateMachine`: a name is taken for 90 days, each state is tried again six times, and executions get lost."""

    def __init__(self, world: World, states: dict[str, Step]) -> None:
        self._world, self._states = world, states
        self._names: set[str] = set()

    def start(self, name: str, payload: Json) -> None:
        if name in self._names:
            self._world.happened["name taken"] += 1
            return
        self._names.add(name)
        self._world.measure(payload=payload)
        self._enter(next(iter(self._states)), payload, 0, _STATE_TRIES)

    def _enter(self, state: str, payload: Json, position: int, tries: int) -> None:
        world = self._world
        following: list[tuple[str, int, float]] = []

        def work() -> None:
            deadline = world.seconds + _STATE_LIFETIME
            following.extend(self._states[state](payload, position, lambda: deadline - world.seconds))

        def ended(well: bool) -> None:
            if world.random.random() < world.faults.rate / 50 or (not well and not tries):
                world.happened["execution lost"] += 1
            elif not well:
                wait = 2.0 ** (_STATE_TRIES - tries + 1)
                world.at(wait, lambda: self._enter(state, payload, position, tries - 1))
            else:
                for name, start, wait in following:
                    world.at(wait, partial(self._enter, name, payload, start, _STATE_TRIES))

        world.start(work, ended)

"""A world to send in, from one seed: time that jumps, workers that interleave at every call, and faults at every step.

Workers are greenlets. At each call to a port one of them may be put aside for another, refused, killed before or after
the call took effect, or lose its answer (the call took effect, the SDK asks again and gets the answer of the second).
"""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, NoReturn

from greenlet import getcurrent, greenlet

from gotero.domain import instant
from gotero.domain.errors import ConflictError, GoteroError, TransientError
from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Unknown
from gotero.domain.message_event import EventKind, MessageEvent

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
#: Of each call, at rate 1: the process is frozen past the life of its claim, and goes on as if nothing had been.
_FROZEN = 0.003
#: A worker of the send queue lives 40 seconds (template.yaml).
LIFETIME = 40.0


class KilledError(BaseException):
    """The process is gone: nothing of it runs on, and no `except Exception` hears of it."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How often what goes wrong; `rate` is the share of mails whose handing over does."""

    rate: float = 0.3
    #: Provider events that never arrive.
    event_loss: float = 0.0

    @property
    def call(self) -> float:
        """Of each call to a store or queue: refused, or its answer lost."""
        return self.rate / 10

    @property
    def kill(self) -> float:
        """Of each call: the process dies at it."""
        return self.rate / 200


class World:
    """The clock and the workers. `now` moves only when nothing can run at the present instant."""

    def __init__(self, seed: int, faults: Faults) -> None:
        self.random = Random(seed)
        self.faults = faults
        self.happened: Counter[str] = Counter()
        self._seconds = 0.0
        self._order = count()
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._ready: list[greenlet] = []
        self._main = getcurrent()
        self.killed: set[greenlet] = set()

    def now(self) -> datetime:
        return START + timedelta(seconds=self._seconds)

    @property
    def seconds(self) -> float:
        return self._seconds

    def at(self, delay: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._later, (self._seconds + delay, next(self._order), action))

    def start(self, work: Callable[[], Any], ended: Callable[[bool], None]) -> None:
        """Run `work` as a worker; `ended` hears whether it came to its end."""

        def run() -> None:
            try:
                work()
            except KilledError:
                self.happened["killed"] += 1
                ended(False)
            except GoteroError:
                ended(False)
            else:
                ended(True)

        self._ready.append(greenlet(run))

    def run(self, until: float) -> None:
        """Until nothing is left to do, or the world's seconds are over."""
        while self._ready or self._later:
            while self._ready:
                # Any of them: the last takes the place of the one that goes.
                index = self.random.randrange(len(self._ready))
                self._ready[index], self._ready[-1] = self._ready[-1], self._ready[index]
                worker = self._ready.pop()
                asleep = worker.switch()
                if not worker.dead and not asleep:
                    self._ready.append(worker)
            if self._later:
                at, _, action = heapq.heappop(self._later)
                if at > until:
                    return
                self._seconds = max(self._seconds, at)
                action()

    def step(self) -> None:
        """A call to the outside: it takes its time, others come first, now and then the process stands still."""
        chance = self.random.random()
        if chance < _FROZEN * self.faults.rate:
            self.happened["frozen"] += 1
            self._sleep(self.random.uniform(30, 300))
        elif chance < 0.1:
            self._sleep(self.random.uniform(0.01, 2))
        elif chance < 0.3 and self._ready:
            self._main.switch()

    def _sleep(self, seconds: float) -> None:
        me = getcurrent()
        self.at(seconds, lambda: self._ready.append(me))
        self._main.switch(True)


class Port:
    """A port whose every call can go wrong."""

    def __init__(self, world: World, inner: Any, *, writes: frozenset[str]) -> None:
        self._world, self._inner, self._writes = world, inner, writes

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def call(*args: Any, **rest: Any) -> Any:
            world, faults = self._world, self._world.faults
            if getcurrent() in world.killed:
                raise KilledError
            world.step()
            chance = world.random.random()
            if chance < faults.kill:
                die(world, (lambda: method(*args, **rest)) if world.random.random() < 0.5 else None)
            if chance < faults.kill + faults.call / 2:
                world.happened["refused"] += 1
                raise TransientError("throttled")
            if chance < faults.kill + faults.call and name in self._writes:
                world.happened["answer lost"] += 1
                method(*args, **rest)
            return method(*args, **rest)

        return call


def die(world: World, effect: Callable[[], Any] | None) -> NoReturn:
    """The process ends at this call, before or after its effect."""
    if effect:
        try:
            effect()
        except ConflictError:
            world.happened["killed at a conflict"] += 1
    world.killed.add(getcurrent())
    raise KilledError


@dataclass
class Provider:
    """SES: takes what it is handed, answers or not, and tells later what became of it."""

    world: World
    tell: Callable[[MessageEvent], None]
    taken: Counter[str] = field(default_factory=Counter)

    def send(self, mail: OutgoingMail) -> Handover:
        world, rate = self.world, self.world.faults.rate
        if getcurrent() in world.killed:
            raise KilledError
        world.step()
        chance = world.random.random()
        if chance < rate / 3:
            world.happened["throttled"] += 1
            return Postponed("throttled")
        if chance < 2 * rate / 3:
            world.happened["unreachable"] += 1
            return Postponed("unreachable")
        if chance < 2 * rate / 3 + world.faults.kill:
            die(world, (lambda: self._take(mail)) if world.random.random() < 0.5 else None)
        if chance > 1 - rate / 100:
            world.happened["lost before acceptance"] += 1
            return Unknown("ReadTimeoutError")
        self._take(mail)
        if chance > 1 - rate / 3:
            world.happened["lost after acceptance"] += 1
            return Unknown("ReadTimeoutError")
        return Accepted(f"ses-{mail.message_id}")

    def _take(self, mail: OutgoingMail) -> None:
        self.taken[mail.message_id] += 1
        world = self.world
        hard = world.random.random() < 0.01
        kind = EventKind.BOUNCED if hard else EventKind.DELIVERED
        at = world.now() + timedelta(seconds=world.random.uniform(0.5, 30))
        event = MessageEvent(
            f"{mail.message_id}/{kind}", kind, mail.message_id, instant.write(at), permanent=hard, suppress=hard
        )
        if world.random.random() < world.faults.event_loss:
            world.happened["event lost"] += 1
            return
        for _ in range(2 if world.random.random() < 0.1 else 1):
            world.at(world.random.uniform(0.5, 300), lambda: self.tell(event))

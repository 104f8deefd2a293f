"""A world to send in, from one seed: time that jumps, workers that interleave at every call, and faults at every step.

Workers are greenlets. At each call to a port one of them may be put aside for another, refused, killed before or after
the call took effect, or lose its answer (the call took effect, the SDK asks again and gets the answer of the second).
"""

import heapq
import json
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any, NoReturn

from greenlet import getcurrent, greenlet

from gotero.domain.errors import ConflictError, GoteroError, TransientError

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
    #: Workers die, stand still, and are replaced by deployments.
    crashes: bool = True
    #: Requests get lost on their way to the provider, without a word of it.
    lost_requests: bool = True
    #: The machine is starved: threads begin late, everything takes long, and a worker is killed when its life is over.
    starved: bool = False
    #: How often each of these comes over the whole: a deployment that kills every worker at once, an hour in which the
    #: provider's quota is used up, a storm of bounces, a person who pauses the job and later goes on.
    unrest: int = 3

    @property
    def call(self) -> float:
        """Of each call to a store or queue: refused, or its answer lost."""
        return self.rate / 10

    @property
    def kill(self) -> float:
        """Of each call: the process dies at it."""
        return self.rate / 200 if self.crashes else 0.0


class World:
    """The clock and the workers. `now` moves only when nothing can run at the present instant."""

    def __init__(self, seed: int, faults: Faults) -> None:
        self.random = Random(seed)
        self.faults = faults
        self.happened: Counter[str] = Counter()
        #: The longest list that went through a port, the longest text that a queue or an execution was given.
        self.longest: Counter[str] = Counter()
        self._seconds = 0.0
        self._order = count()
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._ready: list[greenlet] = []
        #: Threads that have just been started: their requests leave together.
        self._first: deque[greenlet] = deque()
        self._main = getcurrent()
        self.killed: set[greenlet] = set()
        self._workers: set[greenlet] = set()
        #: Threads, and the worker whose process they share.
        self._process: dict[greenlet, greenlet] = {}

    def now(self) -> datetime:
        return START + timedelta(seconds=self._seconds)

    @property
    def seconds(self) -> float:
        return self._seconds

    def measure(self, *things: Any, payload: Any = None) -> None:
        for thing in things:
            if isinstance(thing, list | tuple | dict | set):
                self.longest["list"] = max(self.longest["list"], len(thing))
        if payload is not None:
            self.longest["payload"] = max(self.longest["payload"], len(json.dumps(payload)))

    def at(self, delay: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._later, (self._seconds + delay, next(self._order), action))

    def start(self, work: Callable[[], Any], ended: Callable[[bool], None], lifetime: float = 0.0) -> None:
        """Run `work` as a worker; `ended` hears whether it came to its end. On a starved machine it has a lifetime."""

        def run() -> None:
            well = False
            try:
                work()
                well = True
            except KilledError:
                self.happened["killed"] += 1
            except GoteroError:
                self.happened["given up"] += 1
            self._workers.discard(worker)
            self.killed.discard(worker)
            ended(well)

        # Not the worker that asks, whose end would not be the end: each end would walk through all that came before it.
        worker = greenlet(run, parent=self._main)
        self._workers.add(worker)
        self._ready.append(worker)
        if self.faults.starved and lifetime:
            self.at(lifetime, lambda: self._time_is_over(worker))

    def _time_is_over(self, worker: greenlet) -> None:
        if worker in self._workers:
            self.happened["out of time"] += 1
            self.killed.add(worker)

    def deploy(self) -> None:
        """All workers end at whatever they are about to do."""
        if not self.faults.crashes:
            return
        self.happened["deployed"] += 1
        self.happened["killed by a deployment"] += len(self._workers)
        self.killed |= self._workers

    @property
    def process(self) -> greenlet:
        """What dies together with whoever asks."""
        me = getcurrent()
        return self._process.get(me, me)

    def in_threads(self, work: Callable[[Any], Any], things: Sequence[Any], patience: float) -> list[Any]:
        """`work` on all of them at once, as threads of the worker that asks: all begin before any goes on.

        After `patience` seconds the worker goes on with those that have ended; the others still run.
        """
        owner = getcurrent()
        ended: dict[int, Any] = {}
        waiting = [True]

        def wake() -> None:
            if waiting:
                waiting.clear()
                self._ready.append(owner)

        def run(index: int, thing: Any) -> None:
            try:
                if self.faults.starved:
                    self._sleep(self.random.uniform(0, 30))
                ended[index] = work(thing)
            except KilledError:
                ended[index] = KilledError
            del self._process[getcurrent()]
            if len(ended) == len(things):
                wake()

        for index, thing in enumerate(things):
            thread = greenlet(partial(run, index, thing), parent=self._main)
            self._process[thread] = owner
            self._first.append(thread)
        self.at(patience, wake)
        self._main.switch(True)
        if KilledError in ended.values() or owner in self.killed:
            raise KilledError
        return [ended.get(index) for index in range(len(things))]

    def run(self, until: float) -> None:
        """Until nothing is left to do, or the world's seconds are over."""
        while self._first or self._ready or self._later:
            while self._first or self._ready:
                worker = self._first.popleft() if self._first else self._any()
                asleep = worker.switch()
                if not worker.dead and not asleep:
                    self._ready.append(worker)
            if self._later:
                at, _, action = heapq.heappop(self._later)
                if at > until:
                    return
                self._seconds = max(self._seconds, at)
                action()

    def _any(self) -> greenlet:
        """Any that can run: the last takes the place of the one that goes."""
        index = self.random.randrange(len(self._ready))
        self._ready[index], self._ready[-1] = self._ready[-1], self._ready[index]
        return self._ready.pop()

    def step(self) -> None:
        """A call to the outside: it takes its time, others come first, now and then the process stands still."""
        chance = self.random.random()
        if chance < _FROZEN * self.faults.rate * self.faults.crashes:
            self.happened["frozen"] += 1
            self._sleep(self.random.uniform(30, 300))
        elif chance < 0.1 or self.faults.starved:
            self._sleep(self.random.uniform(0.01, 2))
        elif chance < 0.3 and self._ready:
            self._main.switch()

    def let_others_begin(self) -> None:
        """Threads that were started together come as far as this together."""
        while self._first:
            self._main.switch()

    def _sleep(self, seconds: float) -> None:
        me = getcurrent()
        self.at(seconds, lambda: self._ready.append(me))
        self._main.switch(True)


class Port:
    """A port whose every call can go wrong."""

    def __init__(self, world: World, inner: Any, *, writes: frozenset[str], deadly: int = 1) -> None:
        self._world, self._inner, self._writes = world, inner, writes
        #: How much more often than elsewhere a worker dies here: where calls are so few that no death would hit them.
        self._deadly = deadly

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        def call(*args: Any, **rest: Any) -> Any:
            world, faults = self._world, self._world.faults
            if world.process in world.killed:
                raise KilledError
            world.step()
            if world.process in world.killed:
                raise KilledError
            chance, kill = world.random.random(), faults.kill * self._deadly
            if chance < kill:
                die(world, (lambda: method(*args, **rest)) if world.random.random() < 0.5 else None)
            if chance < kill + faults.call / 2:
                world.happened["refused"] += 1
                raise TransientError("throttled")
            if chance < kill + faults.call and name in self._writes:
                world.happened["answer lost"] += 1
                method(*args, **rest)
            answer = method(*args, **rest)
            world.measure(*args, answer)
            return answer

        return call


def die(world: World, effect: Callable[[], Any] | None) -> NoReturn:
    """The process ends at this call, before or after its effect."""
    if effect:
        try:
            effect()
        except ConflictError:
            world.happened["killed at a conflict"] += 1
    world.killed.add(world.process)
    raise KilledError

"""The provider of the send simulation: what it takes, how it answers, and what it tells later."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from benchmarks.send_world import KilledError, World, die
from gotero.domain import instant
from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Unknown
from gotero.domain.message_event import EventKind, MessageEvent


@dataclass
class Provider:
    """SES: takes what it is handed, answers or not, and tells later what became of it."""

    world: World
    tell: Callable[[MessageEvent], None]
    taken: Counter[str] = field(default_factory=Counter)
    #: Whose request has left a sender, whether it arrived or not.
    asked: set[str] = field(default_factory=set)
    #: The share of mails that come back for good, and whether today's quota is used up.
    bounces: float = 0.01
    #: The share of the others that somebody opens.
    opens: float = 0.1
    exhausted: bool = False

    def send(self, mail: OutgoingMail) -> Handover:
        world, rate = self.world, self.world.faults.rate
        if world.process in world.killed:
            raise KilledError
        if self.exhausted:
            return self._answered("quota", Postponed("quota"))
        chance = world.random.random()
        if chance < rate / 3:
            return self._answered("throttled", Postponed("throttled"))
        if chance < 2 * rate / 3:
            return self._answered("unreachable", Postponed("unreachable"))
        if world.faults.starved:
            world.step()
            if world.process in world.killed:
                raise KilledError
        self.asked.add(mail.message_id)
        # What answers take is a thousand times what it takes to ask: when one dies waiting, all beside it have asked.
        world.let_others_begin()
        if chance < 2 * rate / 3 + world.faults.kill:
            die(world, (lambda: self._take(mail)) if world.random.random() < 0.5 else None)
        if chance > 1 - rate / 100 and world.faults.lost_requests:
            return self._answered("lost before acceptance", Unknown("ReadTimeoutError"))
        self._take(mail)
        if chance > 1 - rate / 3:
            return self._answered("lost after acceptance", Unknown("ReadTimeoutError"))
        return self._answered("", Accepted(f"ses-{mail.message_id}"))

    def _answered(self, fault: str, answer: Handover) -> Handover:
        """The request has left; its answer takes its time, in which the process may die."""
        if fault:
            self.world.happened[fault] += 1
        for _ in range(6 if self.world.faults.starved else 1):
            self.world.step()
        if self.world.process in self.world.killed:
            raise KilledError
        return answer

    def _take(self, mail: OutgoingMail) -> None:
        """SES tells that it has taken a mail, and later what became of it: two events, lost each by itself."""
        self.taken[mail.message_id] += 1
        world, id = self.world, mail.message_id
        hard = world.random.random() < self.bounces
        kind = EventKind.BOUNCED if hard else EventKind.DELIVERED
        at = instant.write(world.now() + timedelta(seconds=world.random.uniform(0.5, 30)))
        self._tell(MessageEvent(f"{id}/sent", EventKind.ACCEPTED, id, instant.write(world.now())))
        self._tell(MessageEvent(f"{id}/{kind}", kind, id, at, permanent=hard, suppress=hard))
        if world.random.random() < self.opens and not hard:
            self._tell(MessageEvent(f"{id}/opened", EventKind.OPENED, id, at))

    def _tell(self, event: MessageEvent) -> None:
        world = self.world
        if world.random.random() < world.faults.event_loss:
            world.happened["event lost"] += 1
            return
        for _ in range(2 if world.random.random() < 0.1 else 1):
            world.at(world.random.uniform(0.5, 300), lambda: self.tell(event))

"""Drips under faults: crashes at every write, lost and doubled messages, late and doubled ticks, a clock that jumps,
and somebody else acting between a read and its write. Nobody twice, nobody after unassigning, nobody forgotten.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from gotero.adapters.memory.assignments import MemoryAssignments
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.domain.assignment import Assignment, Key
from gotero.domain.errors import ConflictError
from gotero.domain.record import Ref
from gotero.ports import Due, Json, TimelineEntry
from gotero.services.assign import Drips, assign_many
from gotero.services.tick import tick
from gotero.services.unassign import unassign_many
from tests.unit.services.drip_world import CAUSE, HeldQueue, Planned, World


class CrashError(Exception):
    """The process died here."""


class Faults:
    """Dies at the n-th write from now, before or after it took effect; 0 dies nowhere."""

    def __init__(self) -> None:
        self.at = 0
        self.after = False

    def around(self, write: Callable[[], None]) -> None:
        self.at -= 1
        if self.at == 0 and not self.after:
            raise CrashError
        write()
        if self.at == 0:
            raise CrashError


class FaultyAssignments(MemoryAssignments):
    """Lets somebody else act once between a read and the write that follows it."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults
        self.meanwhile: Callable[[], None] | None = None

    def get(self, key: Key) -> Assignment | None:
        found = super().get(key)
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        return found

    def put(self, assignment: Assignment, told: TimelineEntry | None = None) -> None:
        self._faults.around(lambda: super(FaultyAssignments, self).put(assignment, told))


class FaultyIndex(MemoryDueIndex):
    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self._faults = faults

    def put(self, at: Any, thing: str, payload: Json) -> None:
        self._faults.around(lambda: super(FaultyIndex, self).put(at, thing, payload))

    def done(self, entries: Any) -> None:
        self._faults.around(lambda: super(FaultyIndex, self).done(entries))


class FaultyQueue(HeldQueue):
    faults: Faults

    def put(self, bodies: Iterable[Json], delay_seconds: int = 0) -> None:
        kept = list(bodies)
        self.faults.around(lambda: super(FaultyQueue, self).put(kept, delay_seconds))


NAMES = ("lia", "iker", "carme")
PEOPLE = st.sampled_from([Ref("contacts", name) for name in NAMES])
STEPS = st.sampled_from([0, 1, 2])
CRASHES = st.one_of(st.just(0), st.integers(1, 4))
MOVES = st.one_of(st.integers(0, 300), st.sampled_from([3600, 86_400, 10 * 86_400, 40 * 86_400]))


class DripMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.faults = Faults()
        self.world = World()
        self.assignments = FaultyAssignments(self.faults)
        self.index = FaultyIndex(self.faults)
        self.queue = FaultyQueue(self.world.clock)
        self.queue.faults = self.faults
        drips = Drips(
            self.assignments,
            self.index,
            self.queue,
            self.world.definitions,
            self.world.records,
            self.world.clock,
        )
        self.world.drips = drips
        for name in NAMES:
            self.world.contact(name)
        #: Assignment id -> who got its mail.
        self.mails: dict[str, Ref] = {}
        self.world.mails = self  # type: ignore[assignment]  # it plans mails, with a check and a fault
        #: Taken from the queue and not yet acknowledged: they come again.
        self.in_flight: list[Json] = []

    def __call__(self, recipient: Ref, template_id: str, **how: Any) -> Planned:
        """The message ledger: a mail asked for again (after a crash, by a second delivery) is the same mail."""
        if how["source_id"] not in self.mails:
            (stored,) = [a for a in self.assignments.of(recipient)[0] if a.id == how["source_id"]]
            assert stored.state == "pending"
            assert stored.claimed_at
            assert stored.is_due(self.world.clock.now())
        self.faults.around(lambda: self.mails.update({how["source_id"]: recipient}))
        return Planned()

    def _attempt(self, act: Callable[[], object], crash: int = 0, after: bool = False) -> bool:
        """Whether it came to its end."""
        self.faults.at, self.faults.after = crash, after
        try:
            act()
        except (CrashError, ConflictError):
            return False
        finally:
            self.faults.at = 0
            self.assignments.meanwhile = None
        return True

    @rule(person=PEOPLE, step=STEPS, crash=CRASHES, after=st.booleans(), other=st.booleans())
    def assign(self, person: Ref, step: int, crash: int, after: bool, other: bool) -> None:
        if other:
            self.assignments.meanwhile = lambda: self._unassign(person, step)
        self._attempt(lambda: self._assign(person, step), crash, after)

    @rule(person=PEOPLE, crash=CRASHES, after=st.booleans())
    def assign_plan(self, person: Ref, crash: int, after: bool) -> None:
        self._attempt(lambda: assign_many(self.world.drips, [person], cause=CAUSE, plan=self.world.plan), crash, after)

    @rule(person=PEOPLE, step=STEPS, crash=CRASHES, after=st.booleans())
    def unassign(self, person: Ref, step: int, crash: int, after: bool) -> None:
        self._attempt(lambda: self._unassign(person, step), crash, after)

    @rule(person=PEOPLE)
    def unassign_plan(self, person: Ref) -> None:
        unassign_many(self.world.drips, [person], cause=CAUSE, plan=self.world.plan)

    @rule(crash=CRASHES, after=st.booleans())
    def tick(self, crash: int, after: bool) -> None:
        self._attempt(lambda: tick(self.index, self.queue, self.world.clock), crash, after)

    @rule(crash=CRASHES, after=st.booleans(), twice=st.booleans(), act=st.sampled_from(["", "unassign", "fire"]))
    def deliver(self, crash: int, after: bool, twice: bool, act: str) -> None:
        """One message; what fails, and what the queue delivers twice, comes again later."""
        self.in_flight += self.queue.take()
        if not self.in_flight:
            return
        body = self.in_flight.pop(0)
        key = Key.from_json(Due.from_json(body).payload)
        if act == "unassign":
            self.assignments.meanwhile = lambda: self._unassign(key.recipient, self._step(key))
        elif act == "fire":
            self.assignments.meanwhile = lambda: self._fire(body)
        if not self._attempt(lambda: self._fire(body), crash, after) or twice:
            self.in_flight.append(body)

    @rule(seconds=MOVES)
    def move(self, seconds: int) -> None:
        self.world.clock.move(seconds=seconds)

    @invariant()
    def states_and_mails_agree(self) -> None:
        for found in self._all():
            if found.state == "skipped":
                assert found.id not in self.mails  # nobody after unassigning
            if found.state == "done":
                assert self.mails[found.id] == found.key.recipient
        assert self.mails.keys() <= {found.id for found in self._all()}

    def teardown(self) -> None:
        """With the faults gone, everything that is due fires; what is left was taken back or waits for its day."""
        for step in (timedelta(), timedelta(minutes=6), timedelta(days=10), timedelta(days=31)):
            self.world.clock.move(seconds=step.total_seconds())
            for _ in range(4):
                tick(self.index, self.queue, self.world.clock)
                for body in [*self.in_flight, *self.queue.take()]:
                    self._fire(body)
                self.in_flight = []
                self.world.clock.move(minutes=1)
        assert {found.state for found in self._all()} <= {"done", "skipped"}
        self.states_and_mails_agree()

    def _all(self) -> list[Assignment]:
        return [found for name in NAMES for found in self.assignments.of(Ref("contacts", name))[0]]

    def _assign(self, person: Ref, step: int) -> None:
        assign_many(self.world.drips, [person], cause=CAUSE, scheduled_actions=[self.world.welcome[step]])

    def _unassign(self, person: Ref, step: int) -> None:
        unassign_many(self.world.drips, [person], cause=CAUSE, scheduled_actions=[self.world.welcome[step]])

    def _fire(self, body: Json) -> None:
        self.world.fire(body)

    def _step(self, key: Key) -> int:
        return self.world.welcome.index(key.scheduled_action)


DripMachine.TestCase.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestDrips = DripMachine.TestCase


def test_the_simulation_notices_a_protocol_without_claims() -> None:
    """A control: read, send, write mails somebody who is unassigned in between."""
    machine = DripMachine()
    lia = Ref("contacts", "lia")
    machine._assign(lia, 0)
    (body,) = machine.queue.take()
    machine.assignments.meanwhile = lambda: machine._unassign(lia, 0)
    found = machine.assignments.get(Key.from_json(Due.from_json(body).payload))
    assert found and found.state == "pending"
    with pytest.raises(AssertionError):
        machine(lia, "welcome", source_id=found.id)

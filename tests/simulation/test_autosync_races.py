"""Evaluations that meet: writers of a contact and of its account, interleaved at every read and write of the stores."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from threading import Condition, Thread
from typing import Any

import pytest

from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.domain.errors import NotFoundError
from gotero.domain.record import Change
from gotero.ports import Standing
from gotero.services.evaluate_record import Evaluator
from gotero.services.follow_change import Follower, follow_change
from gotero.services.save_record import delete_record, update_record
from tests.unit.services.office import BY_MARC
from tests.unit.services.synced_office import SyncedOffice

SEEDS = 1000


class Turns:
    """Threads that take turns, one call of a store each, in an order that a seed draws."""

    def __init__(self, seed: int) -> None:
        self._random, self._changed = Random(seed), Condition()
        self._waiting: set[int] = set()
        self._running: set[int] = set()
        self._may: int | None = None
        self._failed: list[BaseException] = []

    def run(self, *works: Callable[[Callable[[], None]], None]) -> None:
        threads = [Thread(target=self._work, args=(number, work)) for number, work in enumerate(works)]
        self._running = set(range(len(works)))
        for thread in threads:
            thread.start()
        with self._changed:
            while self._running:
                self._changed.wait_for(lambda: self._waiting == self._running)
                if self._running:
                    self._may = self._random.choice(sorted(self._waiting))
                    self._waiting.discard(self._may)
                    self._changed.notify_all()
        for thread in threads:
            thread.join()
        if self._failed:
            raise self._failed[0]

    def _work(self, number: int, work: Callable[[Callable[[], None]], None]) -> None:
        def my_turn() -> None:
            with self._changed:
                self._waiting.add(number)
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._may == number)
                self._may = None

        try:
            work(my_turn)
        except BaseException as error:
            self._failed.append(error)
        finally:
            with self._changed:
                self._running.discard(number)
                self._changed.notify_all()


class InTurns:
    """A store of which every call waits for its turn."""

    def __init__(self, store: Any, my_turn: Callable[[], None]) -> None:
        self._store, self._my_turn = store, my_turn

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._store, name)

        def in_turn(*args: Any, **named: Any) -> Any:
            self._my_turn()
            return call(*args, **named)

        return in_turn


def leaf(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


class Careless(MemoryMemberships):
    """Writes whatever the version of the evaluations is, as long as nobody has touched the memberships themselves."""

    def settle(self, before: Standing, *rest: Any) -> None:
        super().settle(replace(before, version=self.standing(before.ref).version), *rest)


def is_right(seed: int, memberships: type[MemoryMemberships] = MemoryMemberships) -> bool:
    """Whether the rules are right in the end, of a contact that changes while its account does."""
    office = SyncedOffice()
    office.memberships = memberships(office.rules.uncounted)
    banking, alzira = leaf("account.industry", "is", "Banking"), leaf("city", "is", "Alzira")
    office.segment({"all": [banking, alzira]}, banking)
    office.segment({"any": [{"not": banking}, alzira]})
    bank = office.account(industry="Banking")
    lia = office.contact(account=bank.id, city="Alzira")
    office.follower = Follower(replace(office.evaluator, memberships=office.memberships), office.queue)
    office.sync()
    drawn = Random(seed)

    def follow(change: Change, my_turn: Callable[[], None]) -> None:
        records, kept = InTurns(office.records, my_turn), InTurns(office.memberships, my_turn)
        evaluator = Evaluator(
            records, office.messages, kept, office.definitions, office.rules, office.due_index, office.clock
        )
        follow_change(Follower(evaluator, office.queue), change)

    def edits(edit: Callable[[], object]) -> Callable[[Callable[[], None]], None]:
        """Write something and evaluate what the stream tells of it; an edit of nothing hears the last one again."""

        def work(my_turn: Callable[[], None]) -> None:
            for _ in range(2):
                my_turn()
                try:
                    edit()
                except NotFoundError:
                    return
                for change in office.changes[-1:]:
                    follow(change, my_turn)

        return work

    def edit_contact() -> None:
        values = {"city": drawn.choice(["Alzira", "Gandia"]), "account": drawn.choice([bank.id, None])}
        update_record(office.writer, lia, values, cause=BY_MARC)

    def edit_account() -> None:
        values = {"industry": drawn.choice(["Banking", "Hospitality"])}
        update_record(office.writer, bank, values, cause=BY_MARC)

    works = [edits(edit_contact), edits(edit_account)]
    if seed % 4 == 0:
        works.append(edits(lambda: delete_record(office.writer, lia, cause=BY_MARC)))
    Turns(seed).run(*works)
    return office.given(lia) == office.by_rules(lia, list(office.rules.now().index.rules.values()))


@pytest.mark.parametrize("first", range(0, SEEDS, 250))
def test_whoever_writes_last_whoever_evaluates_first_the_rules_are_right(first: int) -> None:
    assert [seed for seed in range(first, first + 250) if not is_right(seed)] == []


def test_without_the_version_they_would_not_be() -> None:
    assert [seed for seed in range(250) if not is_right(seed, Careless)] != []

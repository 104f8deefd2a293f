"""Evaluations that meet: writers of a contact and of its account, interleaved at every read and write of the stores."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from greenlet import getcurrent, greenlet

from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.domain import instant
from gotero.domain.errors import NotFoundError
from gotero.domain.ids import derived_id
from gotero.domain.membership import Source
from gotero.domain.message import Mailing, Message, MessageKey, notice
from gotero.domain.message_event import EventKind, MessageEvent, apply
from gotero.domain.record import Change
from gotero.ports import Standing
from gotero.services.bin_record import delete_record
from gotero.services.change_message import Ledger, change_message
from gotero.services.evaluate_record import Evaluator
from gotero.services.follow_change import Follower, follow_change
from gotero.services.save_record import create_record, update_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice

SEEDS = 10_000


class Turns:
    """Works that take turns, one call of a store each, in an order that a seed draws."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def run(self, *works: Callable[[Callable[[], None]], None]) -> None:
        here = getcurrent()
        running = [greenlet(lambda work=work: work(here.switch)) for work in works]
        while running:
            self._random.choice(running).switch()
            running = [work for work in running if not work.dead]


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


class Race:
    """A contact that changes while its account does. Meanwhile a mail to it is opened, somebody puts it into a segment
    that a rule asks for, or it is deleted. Or it changes while it is linked with a campaign, which changes too.
    """

    def __init__(self, seed: int, memberships: type[MemoryMemberships]) -> None:
        self.seed, self.drawn, self.office = seed, Random(seed), SyncedOffice()
        office = self.office
        office.memberships = memberships(office.rules.uncounted)
        banking, alzira = leaf("account.industry", "is", "Banking"), leaf("city", "is", "Alzira")
        office.segment({"all": [banking, alzira]}, banking)
        self.picked = office.segment()
        member: dict[str, Any] = {"segment": self.picked.id, "op": "is_member"}
        opened = {"all": [member, {"any": [banking, {"activity": "opened"}]}]}
        office.segment({"any": [{"not": banking}, alzira]}, opened)
        fairs: dict[str, Any] = {"related": "campaigns", "where": leaf("status", "is", "Active")}
        office.segment(fairs, {"all": [alzira, {**fairs, "match": "all"}]})
        self.bank = office.account(industry="Banking")
        self.fair = create_record(office.writer, "campaigns", {"name": "F"}, cause=BY_MARC, owner=MARC).ref
        self.lia = office.contact(account=self.bank.id, city="Alzira")
        office.follower = Follower(replace(office.evaluator, memberships=office.memberships), office.queue)
        for change in office.changes:
            follow_change(office.follower, change)

    def run(self) -> bool:
        """Whether the rules are right in the end."""
        others = [self._delete, self._open_mail, self._pick, None, self._link_or_unlink]
        other = others[self.seed % 5]
        pointed = self._edit_fair if other == self._link_or_unlink else self._edit_account
        edits = [self._edit_contact, pointed, other]
        Turns(self.seed).run(*(self._work(edit) for edit in edits if edit))
        while entries := self.office._entries():
            for change in entries:
                follow_change(self.office.follower, change)
        rules = list(self.office.rules.now().index.rules.values())
        return self.office.given(self.lia) == self.office.by_rules(self.lia, rules)

    def _work(self, edit: Callable[[], object]) -> Callable[[Callable[[], None]], None]:
        """Write something and evaluate what the stream tells of it; an edit of nothing hears the last one again."""

        def work(my_turn: Callable[[], None]) -> None:
            for _ in range(2):
                my_turn()
                try:
                    edit()
                except NotFoundError:
                    return
                for change in [*self.office.changes[-1:], *self.office._entries()]:
                    self._follow(change, my_turn)

        return work

    def _follow(self, change: Change, my_turn: Callable[[], None]) -> None:
        office = self.office
        records, mails = InTurns(office.records, my_turn), InTurns(office.messages, my_turn)
        kept = InTurns(office.memberships, my_turn)
        evaluator = Evaluator(records, mails, kept, office.definitions, office.rules, office.due_index, office.clock)
        follow_change(Follower(evaluator, office.queue), change)

    def _edit_contact(self) -> None:
        pick = self.drawn.choice
        values = {"city": pick(["Alzira", "Gandia"]), "account": pick([self.bank.id, None])}
        update_record(self.office.writer, self.lia, values, cause=BY_MARC)

    def _edit_account(self) -> None:
        values = {"industry": self.drawn.choice(["Banking", "Hospitality"])}
        update_record(self.office.writer, self.bank, values, cause=BY_MARC)

    def _edit_fair(self) -> None:
        values = {"status": self.drawn.choice(["Active", "Completed"])}
        update_record(self.office.writer, self.fair, values, cause=BY_MARC)

    def _link_or_unlink(self) -> None:
        at = instant.write(self.office.clock.now())
        if not self.office.records.link(self.lia, self.fair, BY_MARC, at):
            self.office.records.unlink(self.lia, self.fair, BY_MARC, at)

    def _delete(self) -> None:
        delete_record(self.office.writer, self.lia, cause=BY_MARC)

    def _open_mail(self) -> None:
        at, key = instant.write(self.office.clock.now()), MessageKey(self.lia, "job", derived_id("mail"))
        mailing = Mailing("t1", "T", "marketing", MARC, "lia@example.org")
        message = Message(key, "MSG-1", MARC, mailing, BY_MARC, at, at)
        self.office.messages.create(message, notice(message, "planned", BY_MARC))
        event = MessageEvent(str(self.drawn.random()), EventKind.OPENED, str(key), at)
        ledger = Ledger(self.office.messages, self.office.jobs)
        change_message(ledger, key, lambda stored: apply(stored, event), "opened", BY_MARC)

    def _pick(self) -> None:
        at, memberships = instant.write(self.office.clock.now()), self.office.memberships
        if memberships.get(self.picked.id, self.lia):
            memberships.remove(self.picked.id, self.lia, None, BY_MARC, at)
        else:
            memberships.add(self.picked.id, self.lia, Source("manual", MARC, at, BY_MARC))


def is_right(seed: int, memberships: type[MemoryMemberships] = MemoryMemberships) -> bool:
    return Race(seed, memberships).run()


@pytest.mark.parametrize("first", range(0, SEEDS, 2_500))
def test_whoever_writes_last_whoever_evaluates_first_the_rules_are_right(first: int) -> None:
    assert [seed for seed in range(first, first + 2_500) if not is_right(seed)] == []


def test_without_the_version_they_would_not_be() -> None:
    assert [seed for seed in range(500) if not is_right(seed, Careless)] != []

"""A town whose people, firms, invoices, mails and fairs change at random, while streams deliver as badly as they may.

A fair is a campaign; people are linked with it, many to many.

What is edited is written as the services write it, without their validation: the stores hear the same writes. The
segments follow by the real services; what they come to is compared with a recomputation from the stores.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from gotero.domain import instant
from gotero.domain.errors import TransientError
from gotero.domain.ids import derived_id
from gotero.domain.membership import Source
from gotero.domain.message import Mailing, Message, MessageKey, notice
from gotero.domain.message_event import EventKind, MessageEvent, apply
from gotero.domain.modules import MODULES
from gotero.domain.record import Cause, Change, Record, RecordEvent, Ref
from gotero.ports import Definition, IndexKeys
from gotero.services.change_message import Ledger, change_message
from gotero.services.evaluate_record import Evaluator, flip_record
from gotero.services.find_filter import Chosen
from gotero.services.follow_change import Follower, follow_change
from gotero.services.save_record import index_keys
from gotero.services.set_autosync import turn_off, turn_on
from gotero.services.start_fill import start_fill
from tests.simulation.flaky import Flaky
from tests.unit.domain import wide_conditions as wide
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice

#: A fill has a last round two minutes after it, again while anybody still has a source that was retired.
ROUNDS = 4
PEOPLE, FIRMS, BILLS, MAILS, FAIRS = 8, 3, 10, 3, 4
#: What has not been heard yet may be heard before what came earlier, but not by more than so many changes.
REORDERED = 12


class Town:
    def __init__(self, seed: int) -> None:
        self.drawn = Random(seed)
        self.office = SyncedOffice()
        office = self.office
        self.stores = [Flaky(s, self.drawn, 0) for s in (office.records, office.messages, office.memberships)]
        records, messages, memberships = self.stores
        evaluator = Evaluator(
            records,
            messages,
            memberships,
            office.definitions,
            office.rules,
            office.due_index,
            office.clock,
        )
        self.flaky = Follower(evaluator, office.queue)
        self.ledger = Ledger(office.messages, office.jobs)
        self.events = self.edits = self.failures = self.repeats = 0
        self.people = [self._make("contacts", str(number)) for number in range(PEOPLE)]
        self.firms = [self._make("accounts", str(number)) for number in range(FIRMS)]
        self.bills = [self._make("invoices", str(number)) for number in range(BILLS)]
        self.fairs = [self._make("campaigns", str(number)) for number in range(FAIRS)]
        for form in wide.FORMS:
            office.define("forms", {"name": form}, form)
        self.segments = self._segments()

    def _segments(self) -> list[Definition]:
        """Five segments: one of hand-picked people, and each of the others may ask who is in those before it."""
        made: list[Definition] = [self.office.segment()]
        for _ in range(4):
            before = tuple(segment.id for segment in made)
            rules = [wide.a_condition(self.drawn, before) for _ in range(self.drawn.randint(1, 2))]
            made.append(self.office.segment(*rules))
        return made

    # -- edits

    def edit(self) -> None:
        """One change of something."""
        self.edits += 1
        kinds: list[tuple[int, Callable[[], None]]] = [
            (6, self._edit_person),
            (3, self._edit_firm),
            (5, self._edit_bill),
            (8, self._edit_mail),
            (2, self._post_form),
            (3, self._by_hand),
            (3, self._edit_fair),
            (4, self._link_or_unlink),
            (1, self._bin_or_bring_back),
        ]
        self.drawn.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]()

    def _edit_person(self) -> None:
        pick, account = self.drawn.choice, self.drawn.choice([*(f.id for f in self.firms), None])
        some: dict[str, Any] = pick(
            [{"city": pick(wide.CITIES)}, {"birthday": pick(wide.BIRTHDAYS)}, {"account": account}]
        )
        self._write(pick(self.people), some)

    def _edit_firm(self) -> None:
        self._write(self.drawn.choice(self.firms), {"industry": self.drawn.choice(wide.INDUSTRIES)})

    def _edit_bill(self) -> None:
        pick, today = self.drawn.choice, self.office.clock.now()
        some: dict[str, Any] = pick(
            [
                {"status": pick(wide.STATUSES)},
                {"total": pick(["10.00", "90.00"])},
                {"contact": pick([*(p.id for p in self.people), None])},
                {"due_date": today.date().replace(day=self.drawn.randint(18, 28)).isoformat()},
            ]
        )
        self._write(pick(self.bills), some)

    def _edit_fair(self) -> None:
        pick, today = self.drawn.choice, self.office.clock.now()
        some: dict[str, Any] = pick(
            [
                {"status": pick(wide.SITUATIONS)},
                {"target_size": pick([10, 90])},
                {"expected_close": today.date().replace(day=self.drawn.randint(18, 28)).isoformat()},
            ]
        )
        self._write(pick(self.fairs), some)

    def _link_or_unlink(self) -> None:
        """Either end may lie in the bin: what was linked while it was there counts when it is back."""
        pair, records = (self.drawn.choice(self.fairs), self.drawn.choice(self.people)), self.office.records
        at = instant.write(self.office.clock.now())
        if not records.link(*pair, BY_MARC, at):
            records.unlink(*pair, BY_MARC, at)

    def _edit_mail(self) -> None:
        pick, at = self.drawn.choice, instant.write(self.office.clock.now())
        key = MessageKey(pick(self.people), "job", derived_id("mail", str(self.drawn.randrange(MAILS))))
        if self.office.messages.get(key) is None:
            mailing = Mailing("t1", "T", "marketing", MARC, "a@example.org", pick((*wide.CAMPAIGNS, None)))
            message = Message(key, "MSG-1", MARC, mailing, BY_MARC, at, at)
            self.office.messages.create(message, notice(message, "planned", BY_MARC))
            return
        self.events += 1
        kind = pick([*EventKind, EventKind.OPENED, EventKind.CLICKED])
        event = MessageEvent(
            id=str(self.events),
            kind=kind,
            message_id=str(key),
            at=at,
            permanent=self.drawn.random() < 0.5,
            url=pick(wide.URLS),
            machine=kind in (EventKind.OPENED, EventKind.CLICKED) and self.drawn.random() < 0.3,
        )
        happened = "" if event.machine else str(event.kind)
        change_message(self.ledger, key, lambda stored: apply(stored, event), happened, BY_MARC)

    def _post_form(self) -> None:
        self._write(self.drawn.choice(self.people), {}, form=self.drawn.choice(wide.FORMS))

    def _by_hand(self) -> None:
        ref, segment = self.drawn.choice(self.people), self.drawn.choice(self.segments).id
        at = instant.write(self.office.clock.now())
        if self.drawn.random() < 0.6:
            self.office.memberships.add(segment, ref, Source("manual", MARC, at, BY_MARC))
        else:
            self.office.memberships.remove(segment, ref, None, BY_MARC, at)

    def _bin_or_bring_back(self) -> None:
        ref = self.drawn.choice([*self.people, *self.bills, self.firms[0], *self.fairs[:2]])
        before = self._record(ref)
        at = instant.write(self.office.clock.now())
        after = before.changed({}, at=at)
        self._save(before, replace(after, deleted_at=None if before.deleted_at else at), None)

    def _make(self, module: str, name: str) -> Ref:
        at = instant.write(self.office.clock.now())
        record = Record(module, derived_id(module, name), "N-1", MARC, {"city": "Alzira"}, at, MARC, at)
        event = RecordEvent(derived_id("event", module, name), "create", BY_MARC, at)
        self.office.records.create(record, event, index_keys(MODULES[module], record.values))
        return record.ref

    def _record(self, ref: Ref) -> Record:
        found = self.office.records.get(ref)
        assert found
        return found

    def _write(self, ref: Ref, values: dict[str, Any], form: str | None = None) -> None:
        before = self._record(ref)
        if not before.deleted_at:
            self._save(before, before.changed(values, at=instant.write(self.office.clock.now())), form)

    def _save(self, before: Record, after: Record, form: str | None) -> None:
        module = MODULES[after.module]
        event = RecordEvent(
            derived_id(str(after.ref), str(after.version)), "modify", Cause("user", MARC), after.updated_at, form
        )
        keys = [IndexKeys() if r.deleted_at else index_keys(module, r.values) for r in (before, after)]
        self.office.records.update(after, event, *keys)

    # -- rules that are turned on and off

    def turn(self) -> None:
        """AutoSync on with another condition, or off; its job goes as far as it goes."""
        number = self.drawn.randrange(1, len(self.segments))
        segment, name = self.segments[number], self.drawn.choice("fg")
        before = tuple(s.id for s in self.segments[:number])
        if self.drawn.random() < 0.7:
            chosen = Chosen("contacts", wide.a_condition(self.drawn, before), name)
            switch = turn_on(self.office.definer, segment.id, chosen, replaces=None, cause=BY_MARC)
        else:
            chosen = Chosen("contacts", {}, name)
            switch = turn_off(self.office.definer, segment.id, chosen, rule_id=None, cause=BY_MARC)
        if switch.changed:
            start_fill(self.office.filler, switch, user_id=MARC)

    # -- what the streams bring

    def pending(self) -> list[Change]:
        self.office.changes += self.office._entries()
        return self.office.changes

    def deliver(self, size: int, *, failing: int) -> None:
        """A batch, in another order, with repetitions; what fails comes again, and so does what stood behind it."""
        pending = self.pending()
        batch = [
            pending.pop(self.drawn.randrange(min(REORDERED, len(pending)))) for _ in range(min(size, len(pending)))
        ]
        repeated = [self.drawn.choice(batch) for _ in range(len(batch) // 4)]
        self.repeats += len(repeated)
        batch += repeated
        self._fail(failing)
        while batch:
            try:
                follow_change(self.flaky, batch[0])
            except TransientError:
                self.failures += 1
                if self.drawn.random() < 0.5:
                    pending[:0] = batch  # from the failed one on, the batch comes again later
                    break
                continue
            batch.pop(0)
        self._fail(0)

    def _fail(self, every: int) -> None:
        for store in self.stores:
            store.every = every

    def wait(self, hours: int) -> None:
        """Time passes; what falls due fires late, in any order."""
        office = self.office
        office.clock.move(hours=hours)
        due = [entry for page in office.due_index.due(office.clock.now()) for entry in page]
        self.drawn.shuffle(due)
        for entry in due:
            if entry.thing.startswith("flip#"):
                flip_record(self.flaky.evaluator, Ref.parse(entry.thing.removeprefix("flip#")))
            else:
                office.project()
                office.fire(entry)
            office.due_index.done([entry])

    def settle(self) -> None:
        """Everything arrives, jobs end, and what is due has fired: the last rounds of jobs too, minutes later."""
        for _ in range(ROUNDS):
            self._quiet()
            self.office.clock.move(minutes=3)
        self._quiet()

    def _quiet(self) -> None:
        self._fail(0)
        while True:
            while self.pending():
                self.deliver(20, failing=0)
            if self.office.queue.bodies:
                self.office.work()
                continue
            if any(True for page in self.office.due_index.due(self.office.clock.now()) for _ in page):
                self.wait(0)
                continue
            return

    def differences(self) -> list[str]:
        """Where what AutoSync has given is not what a recomputation gives."""
        rules = list(self.office.rules.now().index.rules.values())
        wrong = [f"{rule.id} is being filled for ever" for rule in rules if rule.state != "active"]
        for ref in self.people:
            given, right = self.office.given(ref), self.office.by_rules(ref, rules)
            wrong += [f"{ref} {pair} given wrongly" for pair in given - right]
            wrong += [f"{ref} {pair} not given" for pair in right - given]
            for membership in self.office.memberships.standing(ref).memberships:
                if membership.inside != bool(membership.sources):
                    wrong.append(f"{ref} {membership.segment} told wrongly")
        last: dict[tuple[str, Ref], str] = {}
        for kind, membership in self.office.memberships.told:
            place = (membership.segment, membership.ref)
            if last.get(place, "segment_left") == kind:
                wrong.append(f"{place} told {kind} twice")
            last[place] = kind
        return wrong

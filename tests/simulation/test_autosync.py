"""AutoSync against recomputation: whatever happens in whatever order, who is in is who meets the rules."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from gotero.domain.audience import Audience
from gotero.domain.record import Change, Ref
from gotero.services.bin_record import delete_record
from gotero.services.change_members import add_members, remove_members
from gotero.services.find_filter import Chosen
from gotero.services.follow_change import follow_change
from gotero.services.save_record import update_record
from gotero.services.set_autosync import turn_off, turn_on
from gotero.services.start_fill import start_fill
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice

CITIES = ("Alzira", "Gandia", None)
INDUSTRIES = ("Banking", "Hospitality", None)
BIRTHDAYS = ("1990-11-22", "1990-11-25", "1988-02-29", None)


def leaf(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} | ({} if value is None else {"value": value})


CONDITIONS: tuple[dict[str, Any], ...] = (
    leaf("city", "is", "Alzira"),
    leaf("city", "is_not", "Alzira"),
    leaf("city", "is_empty"),
    leaf("account.industry", "is", "Banking"),
    {"any": [leaf("account.industry", "is_empty"), leaf("city", "is", "Gandia")]},
    {"not": {"all": [leaf("account.industry", "is", "Hospitality"), leaf("city", "contains", "a")]}},
    leaf("birthday", "is_today"),
    {"all": [leaf("city", "is", "Alzira"), leaf("birthday", "is_today")]},
    leaf("updated_at", "less_than_hours_before", 20),
    leaf("created_at", "more_than_days_ago", 2),
    {"not": leaf("created_at", "less_than_days_ago", 1)},
    {"all": []},
)


class AutoSync(RuleBasedStateMachine):
    """Streams deliver late, twice and in another order; the lake trails; jobs stop half way; clocks move."""

    def __init__(self) -> None:
        super().__init__()
        self.office = SyncedOffice()
        self.accounts = [self.office.account(industry=industry) for industry in INDUSTRIES]
        self.segments = [self.office.segment() for _ in range(2)]
        self.heard: list[Change] = []

    @initialize(rules=st.lists(st.sampled_from(CONDITIONS), max_size=4))
    def begin(self, rules: list[dict[str, Any]]) -> None:
        """A segment whose rules are there before anybody is: no job ever repairs what an evaluation misses."""
        self.segments.append(self.office.segment(*rules))

    def _contacts(self) -> list[Ref]:
        everybody = self.office.everybody()
        return [r for r in everybody if r.module == "contacts" and not self.office.records._records[r].deleted_at]

    def _values(self, city: int, account: int, birthday: int) -> dict[str, Any]:
        picked = {"city": CITIES[city], "account": self.accounts[account].id if account < 3 else None}
        return {**picked, "birthday": BIRTHDAYS[birthday]}

    @rule(city=st.integers(0, 2), account=st.integers(0, 3), birthday=st.integers(0, 3))
    def create(self, city: int, account: int, birthday: int) -> None:
        if self._live(account):
            values = {k: v for k, v in self._values(city, account, birthday).items() if v}
            self.office.contact(**values)

    def _live(self, account: int) -> bool:
        return account == 3 or not self.office.records._records[self.accounts[account]].deleted_at

    @rule(who=st.integers(0, 9), city=st.integers(0, 2), account=st.integers(0, 3), birthday=st.integers(0, 3))
    def edit(self, who: int, city: int, account: int, birthday: int) -> None:
        people = self._contacts()
        if people and self._live(account):
            values = self._values(city, account, birthday)
            update_record(self.office.writer, people[who % len(people)], values, cause=BY_MARC)

    @rule(account=st.integers(0, 2), industry=st.integers(0, 2))
    def edit_account(self, account: int, industry: int) -> None:
        if self._live(account):
            values = {"industry": INDUSTRIES[industry]}
            update_record(self.office.writer, self.accounts[account], values, cause=BY_MARC)

    @rule(who=st.integers(0, 9))
    def delete(self, who: int) -> None:
        people = self._contacts()
        if people:
            delete_record(self.office.writer, people[who % len(people)], cause=BY_MARC)

    @rule(account=st.integers(0, 2))
    def delete_account(self, account: int) -> None:
        if self._live(account) and account == 2:
            delete_record(self.office.writer, self.accounts[account], cause=BY_MARC)

    @rule(segment=st.integers(0, 1), condition=st.sampled_from(CONDITIONS), name=st.sampled_from(["f", "g"]))
    def on(self, segment: int, condition: dict[str, Any], name: str) -> None:
        chosen = Chosen("contacts", condition, name)
        switch = turn_on(self.office.definer, self.segments[segment].id, chosen, replaces=None, cause=BY_MARC)
        if switch.changed:
            start_fill(self.office.filler, switch, user_id=MARC)

    @rule(segment=st.integers(0, 1), name=st.sampled_from(["f", "g"]))
    def off(self, segment: int, name: str) -> None:
        chosen = Chosen("contacts", {}, name)
        switch = turn_off(self.office.definer, self.segments[segment].id, chosen, rule_id=None, cause=BY_MARC)
        if switch.changed:
            start_fill(self.office.filler, switch, user_id=MARC)

    @rule(who=st.integers(0, 9), segment=st.integers(0, 1), inside=st.booleans())
    def by_hand(self, who: int, segment: int, inside: bool) -> None:
        people, office = self._contacts(), self.office
        if not people:
            return
        chosen, of = [people[who % len(people)]], self.segments[segment]
        if inside:
            add_members(
                of,
                chosen,
                source=("manual", MARC),
                cause=BY_MARC,
                memberships=office.memberships,
                records=office.records,
                clock=office.clock,
            )
        else:
            remove_members(of, chosen, cause=BY_MARC, memberships=office.memberships, clock=office.clock)

    @rule(at=st.integers(0, 9), again=st.booleans())
    def deliver(self, at: int, again: bool) -> None:
        """One change, whichever, perhaps not for the last time."""
        changes = self.office.changes
        if changes:
            change = changes[at % len(changes)]
            follow_change(self.office.follower, change)
            self.heard.append(change)
            if not again:
                changes.remove(change)

    @rule(at=st.integers(0, 9))
    def deliver_again(self, at: int) -> None:
        if self.heard:
            follow_change(self.office.follower, self.heard[at % len(self.heard)])

    @rule()
    def project(self) -> None:
        self.office.project()

    @rule()
    def step(self) -> None:
        self.office.step()

    @rule(hours=st.sampled_from([1, 6, 30, 24 * 4]))
    def wait(self, hours: int) -> None:
        self._settle()
        self.office.pass_time(hours=hours)
        self.compare()

    def _settle(self) -> None:
        """Everything arrives; the last rounds are over."""
        self.office.sync()
        self.office.pass_time(minutes=9)
        self.office.sync()

    def teardown(self) -> None:
        self._settle()
        self.compare()

    def compare(self) -> None:
        rules = list(self.office.rules.now().index.rules.values())
        assert all(rule.state == "active" for rule in rules)
        for ref in self.office.everybody():
            assert self.office.given(ref) == self.office.by_rules(ref, rules), ref
            for membership in self.office.memberships.standing(ref).memberships:
                assert membership.inside == bool(membership.sources)
        for segment in self.segments:
            found = {ref.id for page in self.office.lake.audience(Audience(segments=(segment.id,)), 99) for ref in page}
            alive = {ref for ref in self.office.members(segment) if not self.office.records._records[ref].deleted_at}
            assert found == {ref.id for ref in alive}

    @invariant()
    def a_transition_is_told_once(self) -> None:
        last: dict[tuple[str, Ref], str] = {}
        for kind, membership in self.office.memberships.told:
            key = (membership.segment, membership.ref)
            assert last.get(key, "segment_left") != kind
            last[key] = kind


AutoSync.TestCase.settings = settings(
    max_examples=150, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAutoSync = AutoSync.TestCase

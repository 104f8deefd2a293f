"""Conditions that look around a record: deciding, explaining, the lake's SQL and its counterpart in memory agree."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gotero.adapters.lake.lake import S3Lake
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.lake import MemoryLake
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.messages import MemoryMessages
from gotero.adapters.memory.records import MemoryRecords
from gotero.adapters.memory.world import SetClock
from gotero.domain import condition as conditions
from gotero.domain import instant
from gotero.domain.ids import derived_id
from gotero.domain.membership import Source
from gotero.domain.message import Mailing, Message, MessageKey, State
from gotero.domain.message_event import EventKind, MessageEvent, apply
from gotero.domain.modules import MODULES
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.domain.record_link import RecordLink
from gotero.ports import LakeRow
from gotero.services.project_change import (
    MembershipChange,
    Projection,
    RecordChange,
    member_row,
    message_row,
    project_changes,
)
from gotero.services.project_link import LINKS, link_row
from gotero.services.save_record import index_keys
from gotero.services.view_record import Surroundings, view_record
from tests.unit.domain import wide_conditions as wide

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
CAUSE = Cause("user", "marc")
SEGMENTS = ("SEGMENTA", "SEGMENTB")
WORLDS, CONDITIONS = 6, 60


class World:
    """Some contacts and what is around them: accounts, invoices, campaigns, messages, posts and memberships."""

    def __init__(self, seed: int) -> None:
        self.drawn = Random(seed)
        clock = SetClock(NOW)
        self.records, self.messages, self.memberships = MemoryRecords(), MemoryMessages(), MemoryMemberships()
        self.lakes = (S3Lake(MemoryObjects(), clock, lambda: MADRID), MemoryLake(clock, lambda: MADRID))
        self.around = Surroundings(self.records, self.messages, self.memberships)
        accounts = [self._record("accounts", industry=industry) for industry in wide.INDUSTRIES]
        self.campaigns = [self._campaign() for _ in range(4)]
        self.people = [self._contact(accounts) for _ in range(12)]
        self.events = 0
        self.links: list[LakeRow] = []
        for ref in self.people:
            self._links(ref)
            for _ in range(self.drawn.randint(0, 3)):
                self._record("invoices", contact=ref.id, **self._invoice())
                self._message(ref)
            for segment in SEGMENTS:
                if self.drawn.random() < 0.4:
                    self.memberships.add(segment, ref, Source("manual", "marc", self._at(), CAUSE))
        now = instant.write(NOW)
        rows = [message_row(message) for message in self.messages.stored.values()]
        members = [m for stored in self.memberships._stored.values() for m in stored.values()]
        for lake in self.lakes:
            lake.append("messages", rows, now)
            # In no order: the older versions of a link, which are laid over after the newer ones, change nothing.
            lake.append(LINKS, self.drawn.sample(self.links, len(self.links)), now)
            lake.append("members", [member_row(MembershipChange(m, m.version)) for m in members], now)

    def _at(self) -> str:
        return instant.write(NOW - timedelta(minutes=self.drawn.randint(0, 5 * 1440)))

    def _record(self, module: str, *, form: str | None = None, **values: Any) -> Ref:
        id = derived_id(module, str(self.drawn.random()))
        kept = {name: value for name, value in values.items() if value is not None}
        at = self._at()
        record = Record(module, id, "N-1", "marc", kept, at, "marc", at)
        event = RecordEvent(derived_id("event", id), "create", CAUSE, at, form)
        self.records.create(record, event, index_keys(MODULES[module], kept))
        for lake in self.lakes:
            projection = Projection(lake, _Silent(), _Silent(), SetClock(NOW))  # type: ignore[arg-type]  # no name, no entry
            project_changes(projection, [RecordChange(record, None, event)], NOW)
        return record.ref

    def _contact(self, accounts: list[Ref]) -> Ref:
        pick = self.drawn.choice
        account = pick([*(a.id for a in accounts), None])
        values = {"lastname": "N", "city": pick(wide.CITIES), "account": account, "birthday": pick(wide.BIRTHDAYS)}
        return self._record("contacts", form=pick([None, *wide.FORMS]), **values)

    def _campaign(self) -> Ref:
        closes = (NOW - timedelta(days=self.drawn.randint(-1, 3))).date().isoformat()
        pick = self.drawn.choice
        return self._record(
            "campaigns", status=pick(wide.SITUATIONS), target_size=pick([10, 90]), expected_close=closes
        )

    def _links(self, ref: Ref) -> None:
        """Some are linked, some were; a product's links and those of an account with the same id are others."""
        for campaign in self.campaigns:
            for turn in range(self.drawn.choice([0, 1, 1, 2, 3])):
                turned = self.records.unlink if turn % 2 else self.records.link
                turned(campaign, ref, CAUSE, instant.write(NOW))
                self.links.append(link_row(self.records.links[campaign, ref]))
            for other in (Ref("accounts", ref.id), Ref("products", campaign.id)):
                stranger = campaign if other.module == "accounts" else ref
                pair = RecordLink.between(other, stranger)
                self.links.append(link_row(pair.turned(instant.write(NOW))))

    def _invoice(self) -> dict[str, Any]:
        due = (NOW - timedelta(days=self.drawn.randint(-1, 3))).date().isoformat()
        return {
            "status": self.drawn.choice(wide.STATUSES),
            "total": f"{self.drawn.choice([10, 90])}.00",
            "due_date": due,
        }

    def _message(self, ref: Ref) -> None:
        key = MessageKey(ref, "job", derived_id(str(self.drawn.random())))
        mailing = Mailing("t1", "T", "marketing", "marc", "a@example.org", self.drawn.choice((*wide.CAMPAIGNS, None)))
        message = Message(key, "MSG-1", "marc", mailing, CAUSE, self._at(), self._at())
        if self.drawn.random() < 0.2:
            message = message.claimed_by("somebody", self._at())
        elif self.drawn.random() < 0.2:
            message = message.raised(State.SKIPPED, self._at(), "no_email")
        else:
            for _ in range(self.drawn.randint(0, 8)):
                message = apply(message, self._event(message))
        self.messages.create(message, {})

    def _event(self, message: Message) -> MessageEvent:
        self.events += 1
        kind = self.drawn.choice([*EventKind, EventKind.OPENED, EventKind.CLICKED])
        hard, robot = self.drawn.random() < 0.5, self.drawn.random() < 0.2
        url = self.drawn.choice(wide.URLS) if kind is EventKind.CLICKED else ""
        return MessageEvent(str(self.events // 2), kind, message.id, self._at(), permanent=hard, url=url, machine=robot)


class _Silent:
    def seen_one(self, *_: Any) -> None:
        return None

    def add(self, *_: Any) -> None:
        return None


@pytest.mark.parametrize("seed", range(WORLDS))
def test_deciding_explaining_and_both_lakes_agree(seed: int) -> None:
    world = World(seed)
    told = set()
    for _ in range(CONDITIONS):
        data = wide.a_condition(world.drawn, SEGMENTS)
        condition = conditions.parse(data, MODULES["contacts"], MODULES, context="filter")
        again = conditions.parse(condition.to_json(), MODULES["contacts"], MODULES, context="filter")
        assert again == condition, "its own JSON says the same"
        found = [{item["id"] for item in lake.page("contacts", condition=data).items} for lake in world.lakes]
        for ref in world.people:
            record = world.records.get(ref)
            assert record
            view = view_record(world.around, record, [condition], now=NOW, zone=MADRID)
            verdict = conditions.decide(condition, view)
            assert conditions.explain(condition, view)["verdict"] is verdict
            assert [ref.id in ids for ids in found] == [verdict, verdict], (data, ref)
            told.add(verdict)
    assert told == {True, False}


@pytest.mark.parametrize("seed", range(2))
def test_a_campaign_is_asked_about_its_people_from_the_other_end(seed: int) -> None:
    world = World(seed)
    for match in ("any", "all", "none"):
        data = {"related": "contacts", "match": match, "where": wide.leaf("city", "is", "Alzira")}
        condition = conditions.parse(data, MODULES["campaigns"], MODULES, context="filter")
        verdicts = {}
        for ref in world.campaigns:
            record = world.records.get(ref)
            assert record
            view = view_record(world.around, record, [condition], now=NOW, zone=MADRID)
            verdicts[ref.id] = conditions.decide(condition, view)
        for lake in world.lakes:
            found = {item["id"] for item in lake.page("campaigns", condition=data).items}
            assert found == {id for id, verdict in verdicts.items() if verdict}, (data, verdicts)

"""An office with many people, and a segment whose AutoSync is about to be turned on."""

from dataclasses import dataclass
from typing import Any

from gotero.domain.audience import Audience
from gotero.domain.job import Job
from gotero.domain.record import Ref
from gotero.ports import Definition, Source
from gotero.services.find_filter import Chosen
from gotero.services.save_segment import change_segment
from gotero.services.set_autosync import turn_off, turn_on
from gotero.services.start_fill import resync_if_woken, start_fill
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.synced_office import SyncedOffice

TWITTER = Chosen("contacts", {"field": "leadsource", "op": "is", "value": "Twitter"}, "f")
BY_HAND = Source("manual", MARC, "2026-11-21T09:00:00.000Z", BY_MARC)
ALZIRA = Chosen("contacts", {"field": "city", "op": "is", "value": "Alzira"}, "f")


@dataclass
class Filled(SyncedOffice):
    many: int = 250

    def __post_init__(self) -> None:
        super().__post_init__()
        self.made = self.segment()
        cities = ("Gandia", "Alzira")
        self.people = [self.contact(leadsource="Twitter", city=cities[n % 2]) for n in range(self.many)]
        self.nobody = self.contact()
        self.sync()

    def turn(self, chosen: Chosen, *, on: bool = True, replaces: str | None = None) -> Job | None:
        if on:
            switch = turn_on(self.definer, self.made.id, chosen, replaces=replaces, cause=BY_MARC)
        else:
            switch = turn_off(self.definer, self.made.id, chosen, rule_id=None, cause=BY_MARC)
        return start_fill(self.filler, switch, user_id=MARC) if switch.changed else None

    def set_status(self, status: str) -> None:
        before = self.definitions.get("segments", self.made.id)
        assert before
        after = change_segment(
            self.definer, before, {"status": status, "autosync": []}, cause=BY_MARC, expected_version=None
        )
        resync_if_woken(self.filler, before, after, user_id=MARC)

    def seen(self) -> set[str]:
        """Whom a reader of the lake sees in the segment."""
        self.project()
        found = {ref.id for page in self.lake.audience(Audience(segments=(self.made.id,)), 500) for ref in page}
        assert self.lake.member_counts(self.made.id).get("contacts", 0) == len(found)
        assert {ref.id for ref in self.everybody() if self.memberships.get(self.made.id, ref)} == found
        return found


def ids(refs: list[Ref]) -> set[str]:
    return {ref.id for ref in refs}


def stored(office: SyncedOffice, made: Definition) -> dict[str, Any]:
    found = office.definitions.get("segments", made.id)
    assert found
    return found.data


def told(office: SyncedOffice, kind: str) -> list[str]:
    return [membership.ref.id for what, membership in office.memberships.told if what == kind]

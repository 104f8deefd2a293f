"""The office with a lake that answers filters: sends to audiences of every kind."""

from collections import Counter
from dataclasses import replace
from typing import Any

from gotero.adapters.memory.lake import MemoryLake
from gotero.domain.job import Job
from gotero.domain.record import Ref
from gotero.ports import LakeRow
from gotero.services.judge_audience import Previewer
from gotero.services.preview_campaign import preview_campaign
from gotero.services.save_record import create_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice

AT = "2026-11-21T09:00:00.000Z"


class Bulk(PostOffice):
    """With a lake that knows every record and message of this office."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.known = MemoryLake(self.clock)
        lake: Any = self.known
        self.freezer, self.starter = replace(self.freezer, lake=lake), replace(self.starter, lake=lake)
        self.previewer = Previewer(self.records, self.definitions, self.suppressions, lake, lambda: 5.0)
        self.people: list[Ref] = []
        self.the_campaign = self.campaign()

    def person(self, email: str | None, module: str = "contacts", **values: Any) -> Ref:
        if module == "contacts":
            ref = self.contact(email, **values)
        else:
            named = {"accountname": "Roig", "email": email, **values}
            ref = create_record(self.writer, module, named, cause=BY_MARC, owner=MARC).ref
        self.people.append(ref)
        return ref

    def project(self) -> None:
        for ref in self.people:
            record = self.records.get(ref)
            assert record
            self.known.append(ref.module, [LakeRow(ref.id, record.version, record.to_json())], AT)
        rows = [m.to_record() for m in self.messages.stored.values()]
        self.known.append("messages", [LakeRow(r.id, r.version, r.to_json()) for r in rows], AT)

    def to(self, audience: dict[str, Any], **rest: Any) -> Job:
        self.project()
        order = {"template_id": self.template, "audience": audience, **rest}
        return self.send(self.the_campaign, order)

    def preview(self, audience: dict[str, Any]) -> dict[str, Any]:
        self.project()
        return preview_campaign(self.previewer, {"template_id": self.template, "audience": audience})

    def reasons(self, job: Job) -> Counter[str]:
        sent = [m for m in self.messages.stored.values() if m.mailing.job == job.id]
        return Counter(m.reason or str(m.state) for m in sent)

"""A house with a private module, and everybody who works in it."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from gotero.adapters.memory.files import MemoryFiles
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.rendering.pdf import PdfPress
from gotero.domain.document import Enclosed
from gotero.domain.record import Cause, Ref
from gotero.domain.visibility import parse
from gotero.entry import (
    wiring,
    wiring_documents,
    wiring_jobs,
    wiring_mail,
    wiring_records,
    wiring_segments,
    wiring_sending,
    wiring_sight,
)
from gotero.ports import Source
from gotero.services.assign import assign_many
from gotero.services.bin_record import Bin
from gotero.services.call_roll import Roll
from gotero.services.erase_person import Eraser
from gotero.services.export_person import PersonFile, start_export
from gotero.services.plan_message import plan_message
from gotero.services.read_record import Reading
from gotero.services.save_record import create_record
from gotero.services.send_transactional import MailCounter
from gotero.services.view_message import Viewer
from tests.unit.services.drip_world import World
from tests.unit.services.mass_office import MassOffice
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice

PROJECT = Path(__file__).parents[2]
APIS = {
    folder.parent.name: import_module(f"functions.{folder.parent.name}.app").api
    for folder in sorted((PROJECT / "functions").glob("*_api/app.py"))
}


GROUP = "comerciales"
VISIBILITY = parse({"private": ["contacts"], "shares": [{"module": "contacts", "owner": "ines", "to": GROUP}]})
#: Whose the record is -> whether Lucía, who is in the group, sees it.
OWNERS = {"lucia": True, GROUP: True, "ines": True, "marc": False}
ID = "01m805xtgf0h0twcn7cd7e6wcx"
REF = Ref("contacts", ID)


class House:
    """The same contact in every world that a route may look at."""

    def __init__(self, owner: str) -> None:
        self.office, self.post, self.drip = MassOffice(), PostOffice(), World()
        for office in (self.office, self.post):
            for id in ("lucia", "ines"):
                office.define("users", {"name": id, "email": f"{id}@huertaturia.example", "role": "marketer"}, id)
            office.define("groups", {"name": "Comerciales"}, GROUP)
        for writer in (self.office.writer, self.post.writer, replace(self.post.writer, records=self.drip.records)):
            values = {"lastname": "Núñez", "email": "lia@example.com"}
            create_record(writer, "contacts", values, cause=BY_MARC, owner=owner, id=ID)
        self.segment = self.office.segment().id
        by_hand = Source("manual", "marc", "2026-11-21T09:00:00.000Z", BY_MARC)
        self.office.memberships.add(self.segment, REF, by_hand)
        self.office.sync()
        later = [self.drip.welcome[2]]
        (self.assignment,) = assign_many(self.drip.drips, [REF], scheduled_actions=later, cause=BY_MARC)
        assign_many(self.drip.drips, [REF], plan=self.drip.plan, cause=BY_MARC)
        office, post = self.office, self.post
        text = {"kind": "paragraph", "text": "Hola"}
        letter = {
            "name": "Carta",
            "module": "contacts",
            "language": "es",
            "file": "Carta",
            "parts": [text],
            "fields": [],
        }
        self.letter = post.define("document_templates", letter).id
        self.message = plan_message(
            self.post.planner,
            REF,
            self.post.template,
            source_kind="wf",
            source_id="w1",
            cause=Cause("workflow", "w1"),
            enclosed=Enclosed((), (self.letter,)),
        )
        self.file = PersonFile(
            office.records,
            office.memberships,
            self.drip.drips,
            post.messages,
            post.suppressions,
            office.timeline,
            office.log,
            office.job_line,
            MemoryFiles(),
            office.definitions,
        )
        self.eraser = Eraser(self.file, office.writer, post.ledger, post.letters, office.lake)
        self.export = self.exported_by(MARC)

    def exported_by(self, user: str) -> str:
        return start_export(self.file, REF, user_id=user, key=None).id


def build_house(monkeypatch: pytest.MonkeyPatch, owner: str, function: str) -> House:
    """The house, its record of this owner, behind the wiring of that function."""
    house = House(owner)
    office, post, drip = house.office, house.post, house.drip
    definitions = {"drip_api": drip.definitions, "templates_api": post.definitions, "jobs_api": post.definitions}
    for name, made in {
        "definitions": definitions.get(function, office.definitions),
        "record_writer": office.writer,
        "memberships": office.memberships,
        "autosync_rules": office.rules,
        "records": office.records,
        "messages": post.messages,
        "lake": office.lake,
        "timeline": office.timeline,
        "signer": MemorySigner(),
        "drips": drip.drips,
        "mail_planner": post.planner,
        "renderer": post.line.composer.renderer,
        "due_index": office.due_index,
        "reading": Reading(office.records, post.messages),
    }.items():
        monkeypatch.setattr(wiring, name, lambda made=made: made)
    monkeypatch.setattr(wiring_records, "mass", lambda: office.mass)
    monkeypatch.setattr(wiring_records, "person_file", lambda: house.file)
    monkeypatch.setattr(wiring_records, "eraser", lambda: house.eraser)
    roll = Roll(office.memberships, office.records, office.definitions, office.job_line)
    monkeypatch.setattr(wiring_segments, "roll", lambda: roll)
    monkeypatch.setattr(wiring_records, "record_bin", lambda: Bin(office.writer, office.due_index))
    monkeypatch.setattr(wiring, "clock", office.clock)
    monkeypatch.setattr(wiring, "ids", office.ids)
    monkeypatch.setattr(wiring_segments, "evaluator", lambda: office.evaluator)
    monkeypatch.setattr(wiring_segments, "filler", lambda: office.filler)
    monkeypatch.setattr(wiring_documents, "maker", PdfPress)
    monkeypatch.setattr(wiring_sending, "ledger", lambda: post.ledger)
    counter = MailCounter(post.planner, post.letters, post.line.composer.renderer, post.ids)
    monkeypatch.setattr(wiring_mail, "mail_counter", lambda: counter)
    viewer = Viewer(post.signer, post.messages, post.records, definitions["jobs_api"], post.letters, counter.renderer)
    monkeypatch.setattr(wiring_mail, "viewer", lambda: viewer)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
    monkeypatch.setattr(wiring_sending, "brake_desk", lambda: None)
    monkeypatch.setattr(wiring_sending, "campaign_machine", lambda: post.machine)
    monkeypatch.setattr(wiring_jobs, "job_line", lambda: office.job_line)
    monkeypatch.setattr(wiring_jobs, "job_log", lambda: office.log)
    monkeypatch.setattr(wiring_sight, "sight", VISIBILITY.of)
    return house

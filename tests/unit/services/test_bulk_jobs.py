"""Whom a campaign goes to and when: filters, picked records, local time, windows, a wait in which it can be undone."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from gotero.adapters.memory.lake import MemoryLake
from gotero.domain import instant
from gotero.domain.errors import ConflictError, InvalidError
from gotero.domain.job import MAX_CHUNK, Job
from gotero.domain.message import MessageKey
from gotero.domain.message_event import EventKind
from gotero.domain.record import Ref
from gotero.domain.suppression import Suppression
from gotero.ports import LakeRow, TimelineEntry
from gotero.services.check_job import check_job, wake_job
from gotero.services.control_job import control_job
from gotero.services.delete_job import delete_job
from gotero.services.freeze_audience import ROUND
from gotero.services.judge_audience import Previewer
from gotero.services.list_audience import list_audience
from gotero.services.preview_campaign import preview_campaign
from gotero.services.save_record import create_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import COMPANY, PostOffice

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


@pytest.fixture
def office() -> Bulk:
    return Bulk()


def test_filters_and_picked_records_together_reach_everybody_once(office: Bulk) -> None:
    alzira = [office.person(f"a{n}@example.com", city="Alzira") for n in range(3)]
    gandia = office.person("g@example.com", city="Gandia")
    office.person("nobody@example.com", city="Sueca")
    roig = office.person("roig@example.com", module="accounts")
    audience = {
        "filters": [{"module": "contacts", "condition": {"field": "city", "op": "is", "value": "Alzira"}}],
        "records": [ref.to_json() for ref in (alzira[0], gandia, roig, roig)],
    }
    job = office.to(audience)
    office.run(job)
    assert sorted(mail.to for mail in office.mail.box) == [
        "a0@example.com",
        "a1@example.com",
        "a2@example.com",
        "g@example.com",
        "roig@example.com",
    ]
    assert office.outcomes(job) == {"accepted": 5}


def test_a_saved_filter_is_the_one_of_the_order(office: Bulk) -> None:
    office.person("a@example.com", city="Alzira")
    condition = {"field": "city", "op": "is", "value": "Alzira"}
    office.define("filters", {"name": "Alzira", "module": "contacts", "condition": condition}, "f1")
    job = office.to({"filters": [{"filter_id": "f1"}]}, start="hold")
    office.definitions.delete("filters", "f1")
    control_job(office.job_line, office.machine, job.id, "start")
    assert office.outcomes(office.run(job)) == {"accepted": 1}


def test_each_module_is_written_to_at_the_field_that_was_chosen(office: Bulk) -> None:
    two = office.person("first@example.com", secondaryemail="second@example.com")
    one = office.person("only@example.com")
    audience = {"everyone": True, "email_fields": {"contacts": "secondaryemail"}}
    assert office.preview(audience)["no_email"] == 1
    job = office.run(office.to(audience))
    assert [mail.to for mail in office.mail.box] == ["second@example.com"]
    assert office.message(job, one).reason == "no_email"
    assert office.message(job, two).mailing.email_field == "secondaryemail"


@pytest.mark.parametrize(
    ("audience", "path"),
    [
        ({}, "audience.segments"),
        ({"everyone": True, "records": [{"module": "contacts", "id": "x"}]}, "audience.everyone"),
        ({"records": [{"module": "campaigns", "id": "x"}]}, "audience.records[0].module"),
        ({"records": [{"module": "contacts", "id": "x"}] * 501}, "audience.records"),
        ({"filters": [{"filter_id": "nope"}]}, "audience.filters[0].filter_id"),
        ({"filters": [{"module": "contacts", "condition": {"field": "nope", "op": "is", "value": 1}}]}, None),
        ({"filters": [{"filter_id": "messages-opened"}]}, "audience.filters[0].filter_id"),
        ({"everyone": True, "email_fields": {"contacts": "city"}}, "audience.email_fields.contacts"),
        ({"everyone": True, "email_fields": {"invoices": "email"}}, "audience.email_fields.invoices"),
        ({"not_opened": "nope"}, "audience.not_opened"),
        ({"not_opened": "nope", "segments": ["s"]}, "audience.not_opened"),
    ],
)
def test_a_wrong_audience_is_refused_with_its_path(office: Bulk, audience: Any, path: str | None) -> None:
    office.person("a@example.com")
    with pytest.raises(InvalidError) as refused:
        office.to(audience)
    paths = [error.path for error in refused.value.errors]
    assert path in paths if path else all(p.startswith("audience.filters[0].condition") for p in paths)
    assert office.jobs.page(10, None)[0] == []


@pytest.mark.parametrize(
    ("rest", "path"),
    [
        ({"start": {"local": "2026-11-20T09:00"}}, "start.local"),
        ({"start": {"local": "2026-13-20T09:00"}}, "start.local"),
        ({"start": {"local": "2026-12-01T09:00+01:00"}}, "start.local"),
        ({"start": {}}, "start.local"),
        ({"start": {"local": "2026-12-01T09:00", "zone": "UTC"}}, "start.zone"),
        ({"start": 7}, "start"),
        ({"window_minutes": -1}, "window_minutes"),
        ({"window_minutes": 10081}, "window_minutes"),
        ({"sender": "user:nobody"}, "sender"),
        ({"sender": "somebody"}, "sender"),
        ({"start": "2026-11-20T09:00:00Z"}, "start"),
    ],
)
def test_a_wrong_time_or_sender_is_refused_with_its_path(office: Bulk, rest: Any, path: str) -> None:
    office.person("a@example.com")
    with pytest.raises(InvalidError) as refused:
        office.to({"everyone": True}, **rest)
    assert [error.path for error in refused.value.errors] == [path]


# -- the wait after confirming ----------------------------------------------------------------------------------------


def _waiting(office: Bulk) -> Job:
    office.definitions.delete("settings", "company")
    office.define("settings", {**COMPANY, "send_delay_minutes": 5}, "company")
    office.person("a@example.com")
    return office.to({"everyone": True})


def test_a_confirmed_send_waits_and_then_goes_by_itself(office: Bulk) -> None:
    job = _waiting(office)
    now = office.clock.now()
    assert (job.state, job.start_at) == ("scheduled", instant.write(now + timedelta(minutes=5)))
    assert job.to_json()["deletable"]
    office.clock.move(minutes=4)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    assert office.machine.started == {}
    office.clock.move(minutes=1)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    assert office.job(job).state == "running"
    assert len(office.machine.started) == 1
    assert office.outcomes(office.run(job)) == {"accepted": 1}


class Lines:
    """`Timeline`, as far as writing goes."""

    def __init__(self) -> None:
        self.entries: list[TimelineEntry] = []

    def add(self, entries: Any) -> None:
        self.entries += entries


def test_what_is_deleted_before_it_begins_leaves_a_line_and_nothing_else(office: Bulk) -> None:
    job, lines = _waiting(office), Lines()
    timeline: Any = lines
    delete_job(office.jobs, timeline, office.clock, job.id, MARC)
    assert office.jobs.page(10, None)[0] == []
    office.clock.move(minutes=6)
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    assert office.jobs.get(job.id) is None
    assert (office.machine.started, office.messages.stored, office.mail.box) == ({}, {}, [])
    assert [(line.kind, line.cause.id) for line in lines.entries] == [("send_deleted", MARC)]


def test_a_send_that_has_begun_is_not_deleted(office: Bulk) -> None:
    job, timeline = _waiting(office), Lines()
    lines: Any = timeline
    control_job(office.job_line, office.machine, job.id, "start")
    with pytest.raises(ConflictError):
        delete_job(office.jobs, lines, office.clock, job.id, MARC)
    assert timeline.entries == []


def test_a_deletion_and_a_start_at_the_same_moment_have_one_winner(office: Bulk) -> None:
    job = _waiting(office)
    started = office.job(job).controlled("start", AT)
    office.jobs.control(started)
    with pytest.raises(ConflictError):
        office.jobs.delete(job)
    other = office.to({"everyone": True})
    office.jobs.delete(other)
    with pytest.raises(ConflictError):
        office.jobs.control(other.controlled("start", AT))
    office.jobs.note(other.id, frozen=True)
    assert office.jobs.get(other.id) is None, "nothing rises from a note"


# -- local time and windows -------------------------------------------------------------------------------------------


def _due_chunks(office: Bulk, until: datetime) -> list[Any]:
    entries = [e for page in office.due_index.due(until) for e in page if e.thing.startswith("chunk#")]
    office.due_index.done(entries)
    return [entry.payload for entry in entries]


def test_everybody_gets_it_at_nine_of_their_own_morning(office: Bulk) -> None:
    madrid = office.person("madrid@example.com")  # without a zone: the company's
    canary = office.person("canary@example.com", time_zone="Atlantic/Canary")
    tokyo = office.person("tokyo@example.com", time_zone="Asia/Tokyo")
    job = office.to({"everyone": True}, start={"local": "2026-12-01T09:00"})
    assert job.start_at == "2026-11-30T19:00:00.000Z", "nine o'clock in the easternmost zone"
    office.clock.set(instant.read(job.start_at))
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    office.execute(job)
    office.work()
    assert office.mail.box == []
    instants = {"2026-12-01T00:00": tokyo, "2026-12-01T08:00": madrid, "2026-12-01T09:00": canary}
    for number, (at, ref) in enumerate(instants.items(), 1):
        office.clock.set(instant.read(f"{at}:00Z"))
        for body in _due_chunks(office, office.clock.now()):
            office.deliver(body)
        assert len(office.mail.box) == number
        assert str(office.message(job, ref).state) == "accepted"
    assert office.outcomes(office.run(job)) == {"accepted": 3}


def test_whose_local_time_has_gone_by_gets_it_at_once(office: Bulk) -> None:
    office.person("tokyo@example.com", time_zone="Asia/Tokyo")
    office.person("lima@example.com", time_zone="America/Lima")
    soon = (office.clock.now() + timedelta(hours=1, minutes=30)).strftime("%Y-%m-%dT%H:%M")  # Madrid is an hour ahead
    job = office.to({"everyone": True}, start={"local": soon})
    wake_job(office.jobs, office.machine, office.due_index, office.clock, job.id)
    office.execute(job)
    office.work()
    assert [mail.to for mail in office.mail.box] == ["tokyo@example.com"]


def test_a_window_spreads_the_mails_and_a_lost_hint_delays_nobody_for_good(office: Bulk) -> None:
    for n in range(40):
        office.person(f"p{n}@example.com")
    job = office.to({"everyone": True}, window_minutes=60)
    office.execute(job)
    office.work()
    counts = [len(office.mail.box)]
    for _ in range(4):
        office.clock.move(minutes=15)
        for body in _due_chunks(office, office.clock.now()):
            office.deliver(body)
        counts.append(len(office.mail.box))
    assert counts == [10, 20, 30, 40, 40]
    lost = office.to({"everyone": True}, window_minutes=60)
    office.execute(lost)
    office.work()
    _due_chunks(office, office.clock.now() + timedelta(hours=2))
    office.clock.move(hours=1)
    office.execute(lost)
    office.work()
    assert office.outcomes(lost) == {"accepted": 40}


def test_a_send_that_is_cancelled_does_not_wait_for_its_window(office: Bulk) -> None:
    for n in range(40):
        office.person(f"p{n}@example.com")
    job = office.to({"everyone": True}, window_minutes=600)
    office.execute(job)
    office.work()
    control_job(office.job_line, office.machine, job.id, "cancel")
    assert office.run(job).state == "cancelled"
    assert office.outcomes(job) == {"accepted": 10, "cancelled": 30}


# -- once more to who did not open ------------------------------------------------------------------------------------


def test_who_did_not_open_gets_it_once_more_and_once_only(office: Bulk) -> None:
    for n in range(4):
        office.person(f"p{n}@example.com")
    without = office.person(None)
    first = office.run(office.to({"everyone": True}))
    opened, scanned, late, plain = (office.message(first, ref) for ref in office.people[:4])
    office.tell(opened, EventKind.OPENED)
    office.tell(scanned, EventKind.OPENED, machine=True)
    audience = {"not_opened": first.id}
    shown = office.preview(audience)
    assert shown["will_send"] == shown["recipients"] == 3
    with pytest.raises(InvalidError) as refused:
        office.to(audience)
    assert [(e.path, e.values) for e in refused.value.errors] == [("confirm_recipients", (("count", "3"),))]
    again = office.to(audience, confirm_recipients=3)
    assert office.to(audience, confirm_recipients=3).id == again.id
    with pytest.raises(ConflictError):
        office.to(audience, confirm_recipients=3, window_minutes=5)
    # The lake still takes this one for somebody who has not opened.
    office.tell(late, EventKind.OPENED)
    office.run(again)
    assert office.reasons(again) == {"accepted": 2, "opened": 1}
    sent_to = Counter(mail.to for mail in office.mail.box)
    assert sent_to == {
        late.mailing.address: 1,
        opened.mailing.address: 1,
        scanned.mailing.address: 2,
        plain.mailing.address: 2,
    }
    assert office.messages.get(MessageKey(without, "job", again.id)) is None
    assert office.to(audience, confirm_recipients=3, again=True).id != again.id


def test_nobody_is_sent_to_again_before_the_first_send_has_ended(office: Bulk) -> None:
    office.person("p@example.com")
    first = office.to({"everyone": True})
    office.execute(first)
    office.work()
    with pytest.raises(ConflictError):
        office.to({"not_opened": first.id}, confirm_recipients=1)


# -- preview and «who exactly?» ---------------------------------------------------------------------------------------


def test_a_large_preview_counts_what_a_small_one_looks_at(office: Bulk, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(6):
        office.person(f"p{n}@example.com")
    office.person("P1@Example.com", module="accounts")
    office.person(None)
    office.person("broken@")
    office.person("left@example.com", do_not_email=True)
    office.suppressions.add(Suppression("p2@example.com", "complaint", AT))
    small = office.preview({"everyone": True})
    monkeypatch.setattr("gotero.services.preview_campaign.LIMIT", 3)
    assert office.preview({"everyone": True}) == small
    assert (small["recipients"], small["will_send"], small["same_address"], small["suppressed"]) == (10, 5, 1, 1)


def test_the_preview_tells_time_and_money(office: Bulk) -> None:
    for n in range(30):
        office.person(f"p{n}@example.com")
    office.person(None)
    shown = office.preview({"everyone": True})
    assert (shown["recipients"], shown["will_send"], shown["exact"]) == (31, 30, True)
    assert (shown["rate"], shown["seconds"]) == (5.0, 6)
    assert shown["cost"] == {"currency": "USD", "provider": 0.003, "platform": 0.0}


def _listed(office: Bulk, limit: int = 50, **rest: Any) -> list[tuple[str, str]]:
    office.project()
    body = {"audience": {"everyone": True}, "template_id": office.template, "limit": limit, **rest}
    items, after = list_audience(office.previewer, body, None)
    found = list(items)
    while after:
        items, after = list_audience(office.previewer, body, after)
        found += items
    return [(item["email"] or item["title"], item["verdict"]) for item in found]


def test_who_exactly_says_of_each_what_the_send_does(office: Bulk) -> None:
    office.person("info@example.com", module="accounts")
    for n in range(5):
        office.person(f"p{n}@example.com")
    office.person("Info@Example.com")
    office.person(None, firstname="Sin", lastname="Correo")
    office.person("left@example.com", do_not_email=True)
    twin = office.person("twin@example.com", module="accounts", do_not_email=True)
    office.person("twin@example.com")
    listed = _listed(office, limit=2)
    job = office.run(office.to({"everyone": True}))
    decided = {ref: office.message(job, ref) for ref in office.people}
    verdicts = sorted("will_send" if str(m.state) == "accepted" else m.reason for m in decided.values())
    assert sorted(verdict for _, verdict in listed) == verdicts
    assert Counter(verdicts) == {"will_send": 7, "same_address": 1, "no_email": 1, "do_not_email": 2}
    assert decided[twin].reason == "do_not_email"
    assert _listed(office, search="correo") == [("Sin Correo", "no_email")]
    assert [verdict for _, verdict in _listed(office, verdict="do_not_email")] == ["do_not_email"] * 2
    assert len(_listed(office, verdict="same_address", limit=1)) == 1


# -- size -------------------------------------------------------------------------------------------------------------


class _Counting:
    """Passes every call on, and remembers the longest list that went through it."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.longest, self.calls = inner, 0, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.inner, name)
        if not callable(value):
            return value

        def call(*args: Any, **kwargs: Any) -> Any:
            self.calls[name] += 1
            answer = value(*args, **kwargs)
            for held in (*args, *kwargs.values(), answer):
                if isinstance(held, list | tuple | dict | set):
                    self.longest = max(self.longest, len(held))
                if hasattr(held, "recipients"):
                    self.longest = max(self.longest, len(held.recipients))
            return answer

        return call


def test_no_list_is_longer_than_a_page_and_the_job_costs_a_five_hundredth_of_its_recipients(office: Bulk) -> None:
    people = [office.contact(f"p{n}@example.com") for n in range(3000)]
    segment = office.segment(people)
    plain: Any = office.lake
    jobs, messages, records = (_Counting(each) for each in (office.jobs, office.messages, office.records))
    office.freezer = replace(office.freezer, lake=plain, jobs=jobs, messages=messages, records=records)
    office.starter = replace(office.starter, lake=plain)
    job = office.send(office.campaign(), office.order(segment))
    pages = []
    inner = plain.audience

    def audience(*args: Any, **kwargs: Any) -> Any:
        for page in inner(*args, **kwargs):
            pages.append(len(page))
            yield page

    plain.audience = audience
    office.execute(job)
    longest_payload = max(len(str(body)) for body in office.queue.bodies)
    office.work()
    assert office.outcomes(job) == {"accepted": 3000}
    assert max(pages) <= 500
    assert max(jobs.longest, messages.longest, records.longest) <= ROUND
    chunks = [chunk for n in range(office.job(job).chunks) if (chunk := office.jobs.chunk(job.id, n))]
    assert max(len(chunk.recipients) for chunk in chunks) == MAX_CHUNK
    assert longest_payload < 100
    assert len(chunks) <= 3000 / MAX_CHUNK + 20, "smaller ones at the beginning"
    rounds = jobs.calls["add_chunks"]
    assert rounds <= 3000 / ROUND + 1
    assert {jobs.calls[name] for name in ("prepared", "addresses", "keep_addresses")} == {rounds}
    assert records.calls["get_many"] == rounds
    assert (jobs.calls["claim_address"], jobs.calls["note"]) == (0, 1)


def test_rate_and_what_is_left_are_on_the_job(office: Bulk) -> None:
    for n in range(40):
        office.person(f"p{n}@example.com")
    job = office.to({"everyone": True}, window_minutes=60)
    office.execute(job)
    check_job(office.jobs, office.clock, job.id)
    office.work()
    office.clock.move(seconds=20)
    check_job(office.jobs, office.clock, job.id)
    shown = office.job(job).to_json()
    assert (shown["processed"], shown["rate"], shown["seconds_left"]) == (10, 0.5, 60)
    assert shown["cost"]["provider"] == 0.001

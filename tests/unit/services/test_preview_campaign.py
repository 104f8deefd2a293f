"""Before a send: who would get it and who not, how long it takes, what it costs; and what a large one costs itself."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from gotero.domain.job import MAX_CHUNK
from gotero.domain.suppression import Suppression
from gotero.services.check_job import check_job
from gotero.services.freeze_audience import ROUND
from gotero.services.list_audience import list_audience
from tests.unit.services.bulk_office import AT, Bulk


@pytest.fixture
def office() -> Bulk:
    return Bulk()


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
    for name, most in (("_PAGE", 1), ("MOST_LISTED", 1)):
        monkeypatch.setattr(f"gotero.services.judge_audience.{name}", most)
    office.suppressions.add(Suppression("zoe@example.com", "complaint", AT))
    assert office.preview({"everyone": True})["exact"] is False, "of a list longer than anybody waits for"


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

"""A form is answered once a day at an address: ten posts, or ten strangers who post it, make no ten mails."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from gotero.adapters.memory.definitions import MemoryRests
from gotero.domain.catalogue.skips import TEXT
from gotero.domain.errors import InvalidError
from gotero.domain.message import Message
from gotero.domain.modules import MODULES
from gotero.domain.record import Cause, Change, Record, RecordEvent, Ref
from gotero.domain.workflow import parse
from gotero.services.run_workflows import run_workflows
from gotero.services.send_by_task import send_by_task
from tests.unit.services.post_office import PostOffice

AT = "2026-11-21T09:00:00.000Z"


class _Site(PostOffice):
    """Posts forms, and hears what its workflow does."""

    def open(self, on: str = "form_posted", **params: Any) -> None:
        task = {"type": "send_mail", "params": {"template_id": self.template, **params}}
        data = {"name": "Responder", "module": "contacts", "trigger": {"on": on}, "tasks": [task, task]}
        self.workflow = parse(data, "w1", MODULES)
        send = partial(send_by_task, self.planner, MemoryRests(self.clock))
        self.tools = replace(self.tools, send_mail=send)

    def post(self, ref: Ref, event: str, form: str | None = "f1") -> None:
        record = self.records.get(ref)
        assert isinstance(record, Record)
        posted = RecordEvent(event, "modify", Cause("form", "f1"), AT, form=form)
        run_workflows(Change(posted, record), [self.workflow], self.tools)

    def answers(self, ref: Ref) -> list[Message]:
        return sorted((m for m in self.messages.stored.values() if m.key.recipient == ref), key=lambda m: m.number)


@pytest.fixture
def site() -> _Site:
    return _Site()


def reasons(messages: list[Message]) -> list[str]:
    return [message.reason for message in messages]


def test_ten_posts_of_one_address_are_one_answer_a_task(site: _Site) -> None:
    site.open()
    ana = site.contact()
    for number in range(10):
        site.post(ana, f"e{number}")
    # Each task of the workflow is a mail of its own.
    assert reasons(site.answers(ana)) == ["", ""] + ["answered_recently"] * 18
    site.post(site.contact("lia@example.com"), "e0")
    site.work()
    assert sorted(mail.to for mail in site.mail.box) == ["ana@example.com"] * 2 + ["lia@example.com"] * 2
    site.clock.move(hours=24)
    site.post(ana, "tomorrow")
    assert reasons(site.answers(ana))[-2:] == ["", ""]
    assert all(TEXT[language]["answered_recently"] for language in ("es", "en"))


def test_the_same_post_told_again_is_the_same_answer(site: _Site) -> None:
    site.open()
    ana = site.contact()
    for _ in range(3):
        site.post(ana, "e1")
    assert reasons(site.answers(ana)) == ["", ""]


def test_who_died_between_the_rest_and_the_message_goes_on(site: _Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.open()
    ana, create = site.contact(), site.messages.create
    with monkeypatch.context() as dying:
        dying.setattr(site.messages, "create", lambda *_: (_ for _ in ()).throw(OSError()))
        with pytest.raises(OSError):
            site.post(ana, "e1")
    assert site.messages.create == create
    site.post(ana, "e1")
    assert reasons(site.answers(ana)) == ["", ""]


def test_whoever_gets_no_mail_for_another_reason_does_not_rest(site: _Site) -> None:
    site.open()
    ana = site.contact(do_not_email=True)
    site.post(ana, "e1")
    site.change(ana, do_not_email=False)
    site.post(ana, "e2")
    assert reasons(site.answers(ana)) == ["do_not_email", "do_not_email", "", ""]


@pytest.mark.parametrize(("on", "params"), [("form_posted", {"rest_hours": 0}), ("save", {})])
def test_told_so_or_set_off_by_ourselves_each_is_sent(site: _Site, on: str, params: dict[str, int]) -> None:
    site.open(on, **params)
    ana = site.contact()
    for number in range(3):
        site.post(ana, f"e{number}")
    assert reasons(site.answers(ana)) == [""] * 6


def test_any_mail_may_have_its_hours(site: _Site) -> None:
    site.open("save", rest_hours=2)
    ana = site.contact()
    for number in range(3):
        site.post(ana, f"e{number}", form=None)
        site.clock.move(hours=1)
    assert reasons(site.answers(ana)) == ["", "", "answered_recently", "answered_recently", "", ""]


@pytest.mark.parametrize(("hours", "rule"), [(-1, "limit"), (1.5, "integer"), ("24", "integer"), (9_000, "limit")])
def test_hours_are_whole_and_no_more_than_a_year(site: _Site, hours: Any, rule: str) -> None:
    with pytest.raises(InvalidError) as refused:
        site.open(rest_hours=hours)
    assert {(e.path, e.rule) for e in refused.value.errors} == {(f"tasks[{n}].params.rest_hours", rule) for n in (0, 1)}

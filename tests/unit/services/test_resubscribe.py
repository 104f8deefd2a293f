"""Leaving by mail, and coming back with proof."""

from typing import Any

import pytest

from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain import instant
from gotero.domain.errors import InvalidError
from gotero.domain.message import Message
from gotero.domain.message_event import EventKind
from gotero.domain.record import Cause, Ref
from gotero.services import resubscribe
from gotero.services.bin_record import Bin, merge_away
from gotero.services.read_timeline import read_timeline
from gotero.services.resubscribe import Returning
from gotero.services.save_record import create_record, update_record
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice


class Town(PostOffice):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.events = MemoryQueue()
        self.returning = Returning(
            self.planner,
            self.letters,
            TemplateRenderer(),
            self.signer,
            self.writer,
            self.timeline,
            "https://go.huertaturia.example",
        )

    def gone(self, ref: Ref, source: str = "w1") -> Message:
        message = self.plan(ref, source)
        self.work()
        self.tell(message, EventKind.UNSUBSCRIBED, f"unsubscribed-{message.id}")
        self.mail.box.clear()
        return message

    def ask(self, message: Message) -> None:
        resubscribe.ask(message.id, "request-1", instant.write(self.clock.now()), events=self.events)
        self.take_in()

    def take_in(self) -> None:
        for body in self.events.take():
            assert resubscribe.is_ours(body)
            resubscribe.take_in(self.returning, body)
            resubscribe.take_in(self.returning, body)  # a queue may bring it twice
        self.work()

    def link(self) -> str:
        [mail] = self.mail.box
        return next(word for word in mail.content.text.split() if "/r/" in word).rpartition("/")[2]

    def use(self, link: str) -> bool:
        used = resubscribe.confirm(link, instant.write(self.clock.now()), signer=self.signer, events=self.events)
        self.take_in()
        return used

    def mark(self, ref: Ref) -> tuple[Any, Any]:
        record = self.records.get(ref)
        assert record
        return record.values.get("do_not_email"), record.values.get("do_not_email_source")


def test_the_link_in_the_mail_brings_everybody_with_the_address_back() -> None:
    town = Town()
    ana = town.contact()
    twin = create_record(
        town.writer, "leads", {"lastname": "F", "email": "ANA@example.com"}, cause=BY_MARC, owner=MARC
    ).ref
    message = town.gone(ana)
    assert town.mark(ana) == town.mark(twin) == (True, "unsubscribe")
    town.ask(message)

    [mail] = town.mail.box
    assert (mail.to, mail.message_class) == ("ana@example.com", "transactional")
    assert mail.content.subject == "Confirma que quieres volver a recibir nuestros correos"
    assert "Huerta Turia, S.L. vuelva a escribir" in mail.content.text
    assert f"/r/{town.link()}" in mail.content.html
    assert town.mark(ana)[0]  # asking is no proof
    assert town.use(town.link())
    assert town.mark(ana) == town.mark(twin) == (False, None)
    entries, _ = read_timeline(town.timeline, town.definitions, ana, 10, None)
    assert [e["text"]["es"] for e in entries] == ["Vuelve a suscribirse desde el enlace enviado a ana@example.com"]
    assert town.plan(ana, "w2").outcome == "pending"
    # A copy of the first word is no word of today; an old mail's link still unsubscribes.
    town.tell(message, EventKind.UNSUBSCRIBED, f"unsubscribed-{message.id}")
    assert town.mark(ana) == town.mark(twin) == (False, None)
    later = instant.write(town.clock.now())
    town.tell(message, EventKind.UNSUBSCRIBED, f"unsubscribed-{message.id}", at=later)
    assert town.mark(ana) == town.mark(twin) == (True, "unsubscribe")


def test_a_copy_of_a_return_brings_nobody_back_who_has_left_since() -> None:
    town = Town()
    ana = town.contact()
    message = town.gone(ana)
    town.ask(message)
    assert resubscribe.confirm(town.link(), instant.write(town.clock.now()), signer=town.signer, events=town.events)
    [body] = town.events.take()
    town.clock.move(seconds=1)
    town.change(ana, city="Gandia")  # meanwhile, by somebody else
    resubscribe.take_in(town.returning, body)
    assert not town.mark(ana)[0]
    town.clock.move(minutes=10)
    town.tell(message, EventKind.UNSUBSCRIBED, "again", at=instant.write(town.clock.now()))
    resubscribe.take_in(town.returning, body)
    assert town.mark(ana) == (True, "unsubscribe")


def test_whoever_was_merged_into_another_leaves_as_that_one() -> None:
    town = Town()
    kept, other = town.contact("otra@example.com"), town.contact()
    message = town.plan(other)
    town.work()
    merge_away(Bin(town.writer, town.planner.due), other, kept.id, cause=BY_MARC)
    town.tell(message, EventKind.UNSUBSCRIBED)
    assert town.mark(kept) == (True, "unsubscribe")


def test_nobody_else_brings_a_person_back() -> None:
    town = Town()
    ana, by_hand = town.contact(), town.contact("otra@example.com")
    town.gone(ana)
    with pytest.raises(InvalidError) as refused:
        town.change(ana, do_not_email=False, firstname="Otra")
    assert [(e.path, e.rule) for e in refused.value.errors] == [("values.do_not_email", "only_person")]
    assert town.mark(ana)[0]
    town.change(ana, firstname="Otra", do_not_email=True)
    # What the house marked, the house takes back.
    town.change(by_hand, do_not_email=True)
    town.change(by_hand, do_not_email=False)
    assert not town.mark(by_hand)[0]


def test_a_stranger_who_asks_often_sends_one_mail_a_day() -> None:
    town = Town()
    ana = town.contact()
    message, other = town.gone(ana), town.gone(ana, "w2")
    for _ in range(5):
        town.ask(message)
        town.ask(other)
    assert len(town.mail.box) == 1
    town.clock.move(days=1)
    town.ask(message)
    assert len(town.mail.box) == 2


def test_a_link_counts_for_a_week() -> None:
    town = Town()
    ana = town.contact()
    town.ask(town.gone(ana))
    link = town.link()
    town.clock.move(days=8)
    assert not town.use(link)
    assert town.mark(ana)[0]


@pytest.mark.parametrize("how", ["by hand", "complaint"])
def test_what_the_person_did_not_do_the_person_cannot_undo(how: str) -> None:
    town = Town()
    ana = town.contact()
    message = town.plan(ana)
    town.work()
    town.mail.box.clear()
    if how == "by hand":
        town.change(ana, do_not_email=True)
    else:
        town.tell(message, EventKind.SPAM)
    before = town.mark(ana)
    town.ask(message)
    assert town.mail.box == []
    link = town.signer.sign("r", {"m": message.id, "at": instant.write(town.clock.now())})
    assert town.use(link)
    assert town.mark(ana) == before


def test_somebody_who_never_left_gets_no_mail() -> None:
    town = Town()
    message = town.plan(town.contact())
    town.work()
    town.mail.box.clear()
    town.ask(message)
    assert town.mail.box == []


def test_a_posted_form_proves_nothing_and_does_not_fail_for_it() -> None:
    town = Town()
    ana = town.contact()
    town.gone(ana)
    values = {"do_not_email": False, "city": "Valencia"}
    record = update_record(town.writer, ana, values, cause=Cause("form", "f1"), form="f1")
    assert (record.values["city"], record.values["do_not_email"]) == ("Valencia", True)

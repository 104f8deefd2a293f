"""A document that is generated for each recipient goes along with their mail alone, made once, or the mail stays."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from gotero.adapters.memory.definitions import MemoryRests
from gotero.domain.document import Enclosed
from gotero.domain.errors import InvalidError, OversizeError, PermanentError, TransientError
from gotero.domain.message import State
from gotero.domain.record import Cause
from gotero.services.save_record import create_record
from gotero.services.save_workflow import create_workflow
from gotero.services.send_by_task import send_by_task
from tests.unit.services.enclosing import Press, broken, document, letter, said
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice


@pytest.fixture
def office() -> PostOffice:
    office = PostOffice()
    office.press = Press()
    return office


def test_each_recipient_of_a_campaign_gets_a_document_of_their_own(office: PostOffice) -> None:
    refs = [office.contact(f"p{n}@example.com", firstname=name) for n, name in enumerate(("Lía", "Marc", "Ana"))]
    order = office.order(office.segment(refs), documents=[document(office)], document_templates=[letter(office)])
    job = office.run(office.send(office.campaign(), order))
    assert office.outcomes(job) == {"accepted": 3}
    for mail in office.mail.box:
        ours = next(name for name in ("Lía", "Marc", "Ana") if name in mail.content.subject)
        assert [a.name for a in mail.attachments] == ["tarifas.pdf", f"Carta {ours}.pdf"]
        assert said(mail).endswith(f"21 de noviembre de 2026 Hola, {ours}.")
    assert office.press.made == 3


def nothing_ends(work: Any, slice_: Any, patience: float) -> list[Any]:
    return [None for _ in slice_]


def test_documents_that_take_too_long_leave_their_mails_for_another_try(office: PostOffice) -> None:
    refs = [office.contact(f"p{n}@example.com") for n in range(3)]
    order = office.order(office.segment(refs), document_templates=[letter(office)])
    job = office.send(office.campaign(), order)
    office.execute(job)
    (body,) = office.queue.take()
    at_once, office.line = office.line, replace(office.line, together=nothing_ends)
    office.deliver(body)
    assert (office.mail.box, office.press.made) == ([], 0)
    office.line = at_once
    assert office.outcomes(office.run(job)) == {"accepted": 3}
    assert office.press.made == 3


def test_a_mail_that_waits_for_its_turn_has_its_document_made_once(office: PostOffice) -> None:
    order = office.order(office.segment([office.contact()]), document_templates=[letter(office)])
    office.pace.wait = 60.0
    office.execute(office.send(office.campaign(), order))
    (body,) = office.queue.take()
    office.deliver(body)
    assert (office.press.made, office.mail.box) == (1, [])
    office.pace.wait = 0.0
    office.work()
    assert (office.press.made, len(office.mail.box)) == (1, 1)


@pytest.mark.parametrize("error", [PermanentError("document"), OversizeError("document")])
def test_a_document_that_cannot_be_made_keeps_back_its_own_mail_alone(office: PostOffice, error: Exception) -> None:
    ref, generated = office.contact(), letter(office)
    office.press.error = error
    failed = office.plan(ref, "w1", enclosed=Enclosed((), (generated,)))
    other = office.plan(ref, "w2")
    office.work()
    assert (office.now_is(failed).state, office.now_is(failed).reason) == (State.FAILED, "document")
    assert office.now_is(other).state is State.ACCEPTED
    assert [mail.message_id for mail in office.mail.box] == [other.id]


def test_when_nobody_can_be_asked_the_mail_is_tried_again(office: PostOffice) -> None:
    message = office.plan(office.contact(), "w1", enclosed=Enclosed((), (letter(office),)))
    office.press.error = TransientError("throttled")
    (body,) = office.queue.take()
    with pytest.raises(TransientError):
        office.deliver(body)
    assert office.now_is(message).state is State.PLANNED
    office.press.error = None
    office.deliver(body)
    assert len(office.mail.box[0].attachments) == 1


def test_without_time_the_rest_of_a_chunk_is_left_for_the_next_attempt(office: PostOffice) -> None:
    refs = [office.contact(f"p{n}@example.com") for n in range(6)]
    job = office.send(office.campaign(), office.order(office.segment(refs), document_templates=[letter(office)]))
    office.execute(job)

    def slowly() -> None:
        office.seconds_left -= 10.0

    office.press.meanwhile = slowly
    attempts = 0
    while bodies := office.queue.take():
        for body in bodies:
            office.seconds_left, attempts = 60.0, attempts + 1
            office.deliver(body)
    assert (office.outcomes(job), len(office.mail.box), office.press.made) == ({"accepted": 6}, 6, 6)
    assert 1 < attempts <= 6


def test_a_document_about_a_record_goes_only_where_there_is_one(office: PostOffice) -> None:
    dunning = letter(office, "invoices", "Debe {{ invoice.balance|number }} € de {{ invoice.number }}.")
    ref = office.contact(firstname="Ana")
    with pytest.raises(InvalidError) as error:
        office.send(office.campaign(), office.order(office.segment([ref]), document_templates=[dunning]))
    assert broken(error) == {("document_templates[0]", "document_module")}
    values = {"subject": "Cesta", "contact": ref.id, "balance": "242.00"}
    invoice = create_record(office.writer, "invoices", values, cause=BY_MARC, owner=MARC)
    params = {"template_id": office.template, "document_templates": [dunning]}
    cause = Cause("workflow", "w1")
    send_by_task(office.planner, MemoryRests(office.clock), ref, params, invoice.ref, "key1", cause)
    lacking = office.plan(ref, "w2", enclosed=Enclosed((), (dunning,)))
    office.work()
    assert said(office.mail.box[0]).endswith(f"Debe 242,00 € de {invoice.number}.")
    assert (office.now_is(lacking).state, office.now_is(lacking).reason) == (State.SKIPPED, "no_document_record")


def test_a_workflow_on_invoices_sends_its_contact_the_letter_about_the_invoice(office: PostOffice) -> None:
    dunning = letter(office, "invoices", "Factura {{ invoice.number }}.")
    task = {"type": "send_mail", "params": {"template_id": office.template, "document_templates": [dunning]}}
    data = {"name": "Reclamar", "module": "invoices", "trigger": {"on": "create"}, "tasks": [task]}
    create_workflow(office.definer, office.records, office.writer.phones, data, cause=BY_MARC)
    office.tools = replace(office.tools, send_mail=partial(send_by_task, office.planner, MemoryRests(office.clock)))
    values = {"subject": "Cesta", "contact": office.contact().id}
    invoice = create_record(office.writer, "invoices", values, cause=BY_MARC, owner=MARC)
    office.react()
    office.work()
    assert said(office.mail.box[0]).endswith(f"Factura {invoice.number}.")

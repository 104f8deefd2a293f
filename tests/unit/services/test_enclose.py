"""Documents go along with the mails of campaigns, workflows, drips and programs: all of them, or the mail stays."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import BytesIO
from threading import Event, Lock
from typing import Any

import pytest
from pypdf import PdfReader

from gotero.adapters.memory.definitions import MemoryRests
from gotero.adapters.rendering.pdf import PdfPress
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.document import GENERATED_BYTES, MAIL_BYTES, Enclosed
from gotero.domain.document_template import DocumentTemplate
from gotero.domain.errors import InvalidError, OversizeError, PermanentError, TransientError
from gotero.domain.handover import Handover, OutgoingMail
from gotero.domain.letter import Attachment
from gotero.domain.message import State
from gotero.domain.record import Cause
from gotero.ports import Json
from gotero.services.hand_over import HEAVY_AT_ONCE, HEAVY_BYTES
from gotero.services.save_action import create_action
from gotero.services.save_document import KIND, announce_document, content_key, keep_document
from gotero.services.save_document_template import create_document_template
from gotero.services.save_record import create_record
from gotero.services.save_workflow import create_workflow
from gotero.services.send_by_task import send_by_task
from gotero.services.send_transactional import MailCounter, send_transactional
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice

PDF = b"%PDF-1.4 tarifas"


@pytest.fixture
def office() -> PostOffice:
    office = PostOffice()
    office.press = Press()
    return office


def document(office: PostOffice, file: str = "tarifas.pdf", content: bytes = PDF) -> str:
    made, _ = announce_document(office.definer, office.files, {"file": file, "size": len(content)}, owner=MARC)
    office.files.stored[f"uploads/{made.id}.pdf"] = content
    return keep_document(office.definer, office.writer.numbers, office.files, made.id, cause=BY_MARC).id


def letter(office: PostOffice, module: str = "contacts", text: str = "Hola, {{ contact.firstname }}.") -> str:
    body = {"name": "Carta", "module": module, "file": "Carta {{ firstname }}"}
    parts = [{"kind": "paragraph", "text": text}]
    return create_document_template(office.definer, office.press, {**body, "parts": parts}, cause=BY_MARC).id


def said(mail: OutgoingMail) -> str:
    """What stands in the last document of a mail."""
    return printed(mail.attachments[-1])


def printed(document: Attachment) -> str:
    return " ".join(PdfReader(BytesIO(document.content)).pages[0].extract_text().split())


class Press:
    """Makes documents, counts them, and fails when it is told to."""

    def __init__(self) -> None:
        self.press, self.made = PdfPress(), 0
        self.error: Exception | None = None
        self.meanwhile: Callable[[], None] = lambda: None

    def check(self, template: DocumentTemplate) -> tuple[str, ...]:
        return self.press.check(template)

    def make(self, template: DocumentTemplate, values: Json, day: str) -> Attachment:
        self.made += 1
        self.meanwhile()
        if self.error:
            raise self.error
        return self.press.make(template, values, day)


def attached(mail: OutgoingMail) -> list[tuple[str, str, bytes]]:
    return [(a.name, a.type, a.content) for a in mail.attachments]


def broken(error: pytest.ExceptionInfo[InvalidError]) -> set[tuple[str, str]]:
    return {(e.path, e.rule) for e in error.value.errors}


def test_every_mail_of_a_campaign_has_it_and_it_is_read_once(office: PostOffice) -> None:
    id = document(office)
    refs = [office.contact(f"p{n}@example.com") for n in range(6)]
    office.files.asked.clear()
    job = office.run(office.send(office.campaign(), office.order(office.segment(refs), documents=[id])))
    assert office.outcomes(job) == {"accepted": 6}
    assert [attached(mail) for mail in office.mail.box] == [[("tarifas.pdf", "application/pdf", PDF)]] * 6
    assert office.files.asked == {"get": 1}


def test_mails_without_attachments_ask_for_nothing(office: PostOffice) -> None:
    refs = [office.contact()]
    job = office.run(office.send(office.campaign(), office.order(office.segment(refs))))
    assert (office.outcomes(job), office.files.asked) == ({"accepted": 1}, {})


def test_without_its_document_a_mail_stays_and_says_why(office: PostOffice) -> None:
    gone, lost = document(office), document(office)
    ref = office.contact()
    deleted = office.plan(ref, "w1", enclosed=Enclosed((gone,)))
    missing = office.plan(ref, "w2", enclosed=Enclosed((lost,)))
    definition = office.definitions.get(KIND, lost)
    assert definition
    office.files.forget(content_key(definition))
    office.definitions.delete(KIND, gone)
    office.work()
    for message in (deleted, missing):
        assert (office.now_is(message).state, office.now_is(message).reason) == (State.SKIPPED, "no_document")
    assert office.mail.box == []


def test_a_job_counts_those_that_stayed_for_it(office: PostOffice) -> None:
    id = document(office)
    job = office.send(office.campaign(), office.order(office.segment([office.contact()]), documents=[id]))
    office.execute(job)
    office.definitions.delete(KIND, id)
    office.work()
    assert (office.outcomes(job), dict(office.job(job).skips)) == ({"skipped": 1}, {"no_document": 1})


def test_what_is_not_there_or_too_much_is_refused_by_its_path(office: PostOffice) -> None:
    large = document(office, content=PDF + b"x" * (MAIL_BYTES - GENERATED_BYTES))
    announced, _ = announce_document(office.definer, office.files, {"file": "a.pdf", "size": 9}, owner=MARC)
    seg = office.segment([office.contact()])
    for documents, generated, errors in (
        (["nobody"], [], {("documents[0]", "not_found")}),
        ([large, announced.id], [], {("documents[1]", "not_found")}),
        ([large, document(office, content=PDF + b"x" * GENERATED_BYTES)], [], {("documents", "mail_files_too_large")}),
        ([], ["nobody"], {("document_templates[0]", "not_found")}),
    ):
        order = office.order(seg, documents=documents, document_templates=generated)
        with pytest.raises(InvalidError) as error:
            office.send(office.campaign(), order)
        assert broken(error) == errors
        params = {"template_id": office.template, "documents": documents, "document_templates": generated}
        with pytest.raises(InvalidError) as error:
            create_action(office.definer, {"name": "Carta", "params": params}, cause=BY_MARC)
        assert broken(error) == {(f"params.{path}", rule) for path, rule in errors}
        task = {"type": "send_mail", "params": {name: given for name, given in params.items() if given}}
        data = {"name": "w", "module": "contacts", "trigger": {"on": "create"}, "tasks": [task]}
        with pytest.raises(InvalidError) as error:
            create_workflow(office.definer, office.records, office.writer.phones, data, cause=BY_MARC)
        assert broken(error) == {(f"tasks[0].params.{path}", rule) for path, rule in errors}
    assert office.mail.box == []


def test_a_workflow_a_drip_and_a_program_send_it_along(office: PostOffice) -> None:
    id, ref = document(office), office.contact()
    params = {"template_id": office.template, "documents": [id]}
    send_by_task(office.planner, MemoryRests(office.clock), ref, params, None, "key1", Cause("workflow", "w1"))
    action = create_action(office.definer, {"name": "Carta", "params": params}, cause=BY_MARC)
    assert action.data["params"] == params
    counter = MailCounter(office.planner, office.letters, TemplateRenderer(), office.ids)
    own = {"name": "nota.txt", "type": "text/plain", "content": "aG9sYQ=="}
    order: dict[str, Any] = {"to": ref.to_json(), **params, "attachments": [own]}
    send_transactional(counter, order, user_id=MARC, idempotency_key="k1")
    office.work()
    assert [[name for name, _, _ in attached(mail)] for mail in office.mail.box] == [
        ["tarifas.pdf"],
        ["nota.txt", "tarifas.pdf"],
    ]


def test_few_heavy_mails_are_in_the_air_together(office: PostOffice) -> None:
    id = document(office, content=PDF + b"x" * HEAVY_BYTES)
    lock, inside, most = Lock(), 0, 0

    def slowly(mail: OutgoingMail) -> Handover | None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        Event().wait(0.02)
        with lock:
            inside -= 1
        return None

    office.mail.answer = slowly
    office.line = replace(office.line, at_once=12)
    refs = [office.contact(f"p{n}@example.com") for n in range(12)]
    job = office.run(office.send(office.campaign(), office.order(office.segment(refs), documents=[id])))
    assert office.outcomes(job) == {"accepted": 12}
    assert 1 < most <= HEAVY_AT_ONCE


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

"""Documents go along with the mails of campaigns, workflows, drips and programs: all of them, or the mail stays."""

from dataclasses import replace
from threading import Event, Lock
from typing import Any

import pytest

from gotero.adapters.memory.definitions import MemoryRests
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.document import GENERATED_BYTES, MAIL_BYTES, Enclosed
from gotero.domain.errors import InvalidError
from gotero.domain.handover import Handover, OutgoingMail
from gotero.domain.message import State
from gotero.domain.record import Cause
from gotero.services.hand_over import HEAVY_AT_ONCE, HEAVY_BYTES
from gotero.services.save_action import create_action
from gotero.services.save_document import KIND, announce_document, content_key
from gotero.services.save_workflow import create_workflow
from gotero.services.send_by_task import send_by_task
from gotero.services.send_transactional import MailCounter, send_transactional
from tests.unit.services.enclosing import PDF, Press, broken, document
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice


@pytest.fixture
def office() -> PostOffice:
    office = PostOffice()
    office.press = Press()
    return office


def attached(mail: OutgoingMail) -> list[tuple[str, str, bytes]]:
    return [(a.name, a.type, a.content) for a in mail.attachments]


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

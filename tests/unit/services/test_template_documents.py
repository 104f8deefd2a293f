"""What a template brings along: with its mails by any path, with its test mails, and told before and after."""

from collections.abc import Callable
from typing import Any

import pytest

from gotero.adapters.memory.definitions import MemoryRests
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.document import GENERATED_BYTES, MAIL_BYTES, NOTHING, Enclosed
from gotero.domain.errors import InUseError, InvalidError, NotFoundError, PermanentError
from gotero.domain.message import Message, State
from gotero.domain.record import Cause, Ref
from gotero.domain.user import User
from gotero.ports import Json
from gotero.services.list_enclosed import documents_of, make_again
from gotero.services.preview_template import preview_template
from gotero.services.save_action import create_action
from gotero.services.save_document import delete_document
from gotero.services.save_document_template import delete_document_template, update_document_template
from gotero.services.save_template import create_template, update_template
from gotero.services.save_workflow import create_workflow
from gotero.services.send_by_task import send_by_task
from gotero.services.send_test import send_test
from gotero.services.send_transactional import MailCounter, send_transactional
from gotero.services.view_message import Viewer
from tests.unit.services.enclosing import PDF, Press, broken, document, letter, printed, said
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice

RENDERER = TemplateRenderer()
USER = User(MARC, "Marc Soler", "marc@huertaturia.example", "marketer")


@pytest.fixture
def office() -> PostOffice:
    office = PostOffice()
    office.press = Press()
    return office


def bring(office: PostOffice, **enclosed: list[str]) -> None:
    """Have the template of this office bring something along."""
    update_template(office.definer, RENDERER, office.template, enclosed, cause=BY_MARC, jobs=office.jobs)


def names(office: PostOffice) -> list[list[str]]:
    return [[attachment.name for attachment in mail.attachments] for mail in office.mail.box]


def listed(office: PostOffice, message: Message) -> list[tuple[str, str | None, int | None]]:
    return [(row["from"], row["file"], row["size"]) for row in documents_of(viewer(office), office.now_is(message))]


def viewer(office: PostOffice) -> Viewer:
    return Viewer(office.signer, office.messages, office.records, office.definitions, office.letters, RENDERER)


def test_a_generated_one_is_made_again_from_what_is_known_now(office: PostOffice) -> None:
    ours, other = letter(office), letter(office)
    bring(office, document_templates=[ours])
    ref = office.contact(firstname="Lía")
    message = office.plan(ref)
    office.work()
    office.change(ref, firstname="Aina")
    office.clock.move(days=40)
    again = make_again(viewer(office), office.press, office.now_is(message), ours)
    assert again.name == "Carta Aina.pdf"
    assert printed(again).endswith("21 de noviembre de 2026 Hola, Aina.")
    for unknown in (other, "nobody"):
        with pytest.raises(NotFoundError):
            make_again(viewer(office), office.press, office.now_is(message), unknown)
    office.press.error = PermanentError("document")
    with pytest.raises(InvalidError) as error:
        make_again(viewer(office), office.press, office.now_is(message), ours)
    assert broken(error) == {("record", "document")}


def seeded(office: PostOffice) -> None:
    settings = office.definitions.get("settings", "company")
    assert settings
    office.definitions.delete("settings", "company")
    office.define("settings", {**settings.data, "seed_list": ["casa@huertaturia.example"]}, "company")


def test_a_campaign_sends_both_and_the_same_one_once(office: PostOffice) -> None:
    prices, map_ = document(office), document(office, "plano.pdf")
    bring(office, documents=[prices], document_templates=[letter(office)])
    seeded(office)
    ref = office.contact(firstname="Lía")
    job = office.run(office.send(office.campaign(), office.order(office.segment([ref]), documents=[map_, prices])))
    assert office.outcomes(job) == {"accepted": 1}
    assert sorted(names(office)) == [["tarifas.pdf", "plano.pdf", "Carta Lía.pdf"]] * 2
    # The template holds it: nothing of it stands on each message.
    message = office.message(job, ref)
    assert message.mailing.enclosed == Enclosed((map_, prices))
    assert office.job(job).to_json()["documents"] == [map_, prices]
    assert listed(office, message) == [
        ("template", "tarifas.pdf", len(PDF)),
        ("send", "plano.pdf", len(PDF)),
        ("template", "Carta Lía.pdf", None),
    ]


def test_whatever_else_sends_the_template_has_it_along(office: PostOffice) -> None:
    bring(office, documents=[document(office)])
    ref, params = office.contact(), {"template_id": office.template}
    send_by_task(office.planner, MemoryRests(office.clock), ref, params, None, "key1", Cause("workflow", "w1"))
    office.plan(ref, "assignment1", source_kind="as")
    counter = MailCounter(office.planner, office.letters, RENDERER, office.ids)
    own = {"name": "nota.txt", "type": "text/plain", "content": "aG9sYQ=="}
    order: Json = {"to": ref.to_json(), **params, "attachments": [own]}
    asked = send_transactional(counter, order, user_id=MARC, idempotency_key="k1")
    office.work()
    assert sorted(names(office)) == [["nota.txt", "tarifas.pdf"], ["tarifas.pdf"], ["tarifas.pdf"]]
    assert listed(office, asked) == [("request", "nota.txt", 4), ("template", "tarifas.pdf", len(PDF))]


def test_a_test_mail_has_what_the_template_brings_and_what_the_send_would(office: PostOffice) -> None:
    dunning = letter(office, "invoices", "Debe {{ invoice.balance|number }} €, {{ recipient.firstname }}.")
    bring(office, documents=[document(office)], document_templates=[dunning])
    chosen = Enclosed((document(office, "plano.pdf"),))
    send_test(office.planner, office.template, USER, source_id="t1", enclosed=chosen)
    # About a real person, its invoice is invented.
    message = send_test(office.planner, office.template, USER, source_id="t2", about=office.contact(firstname="Ana"))
    office.work()
    assert names(office) == [["tarifas.pdf", "plano.pdf", "Carta Lía.pdf"], ["tarifas.pdf", "Carta Ana.pdf"]]
    assert said(office.mail.box[0]).endswith("Debe 242,00 €, Lía.")
    assert said(office.mail.box[1]).endswith("Debe 242,00 €, Ana.")
    assert message.mailing.enclosed == NOTHING
    with pytest.raises(InvalidError) as error:
        send_test(office.planner, office.template, USER, source_id="t3", enclosed=Enclosed(("nobody",)))
    assert broken(error) == {("documents[0]", "not_found")}


def test_what_is_not_there_or_too_much_is_refused_when_the_template_is_saved(office: PostOffice) -> None:
    large = document(office, content=PDF + b"x" * (MAIL_BYTES - GENERATED_BYTES))
    body: Json = {"name": "Con adjuntos", "subject": "Hola", "html": "<p>Hola</p>"}
    for brought, errors in (
        ({"documents": ["nobody"]}, {("documents[0]", "not_found")}),
        ({"document_templates": ["nobody"]}, {("document_templates[0]", "not_found")}),
        ({"documents": [large], "document_templates": [letter(office)]}, {("documents", "mail_files_too_large")}),
        ({"documents": ["x"] * 11}, {("documents", "limit")}),
        ({"documents": "x"}, {("documents", "list")}),
    ):
        with pytest.raises(InvalidError) as error:
            create_template(office.definer, RENDERER, {**body, **brought}, cause=BY_MARC)
        assert broken(error) == errors


Save = Callable[[PostOffice, Json], Any]
SAVES: dict[str, tuple[str, Save]] = {
    "campaign": ("", lambda o, p: o.send(o.campaign(), {**o.order(o.segment([o.contact(None)])), **p})),
    "program": (
        "",
        lambda o, p: send_transactional(
            MailCounter(o.planner, o.letters, RENDERER, o.ids),
            {"to": o.contact(None).to_json(), **p},
            user_id=MARC,
            idempotency_key=None,
        ),
    ),
    "action": ("params.", lambda o, p: create_action(o.definer, {"name": "Carta", "params": p}, cause=BY_MARC)),
    "workflow": (
        "tasks[0].params.",
        lambda o, p: create_workflow(o.definer, o.records, o.writer.phones, workflow(p), cause=BY_MARC),
    ),
}


def workflow(params: Json) -> Json:
    task = {"type": "send_mail", "params": params}
    return {"name": "Reclamar", "module": "contacts", "trigger": {"on": "create"}, "tasks": [task]}


@pytest.mark.parametrize("path", SAVES)
def test_the_sum_is_what_every_path_checks(office: PostOffice, path: str) -> None:
    under, save = SAVES[path]
    large, more = document(office, content=PDF + b"x" * (MAIL_BYTES - 30)), document(office, "plano.pdf")
    bring(office, documents=[large], document_templates=[])
    params = {"template_id": office.template, "documents": [more]}
    with pytest.raises(InvalidError) as error:
        save(office, params)
    assert broken(error) == {(f"{under}documents", "mail_files_too_large_together")}
    assert office.messages.stored == {}
    save(office, {**params, "documents": [large]})  # the same one twice is one
    dunning = letter(office, "invoices")
    other = {"name": "Reclamación", "subject": "Debe", "html": "<p>Debe</p>", "document_templates": [dunning]}
    about_invoices = {"template_id": create_template(office.definer, RENDERER, other, cause=BY_MARC).id}
    if path == "action":  # what it will be assigned about is not known yet
        save(office, about_invoices)
        return
    with pytest.raises(InvalidError) as error:
        save(office, about_invoices)
    assert broken(error) == {(f"{under}template_id", "template_document_module")}


def test_a_template_takes_nothing_that_who_sends_it_could_not(office: PostOffice) -> None:
    create_workflow(
        office.definer, office.records, office.writer.phones, workflow({"template_id": office.template}), cause=BY_MARC
    )
    chosen = document(office)
    order = office.order(office.segment([office.contact()]), documents=[chosen], start="hold")
    office.send(office.campaign("Otoño"), order)
    with pytest.raises(InvalidError) as error:
        bring(office, document_templates=[letter(office, "invoices")])
    assert {(e.path, e.rule, e.values) for e in error.value.errors} == {
        ("document_templates", "sent_without_record", (("name", name),)) for name in ("Reclamar", "Otoño")
    }
    with pytest.raises(InvalidError) as error:
        bring(office, documents=[document(office, content=PDF + b"x" * (MAIL_BYTES - 30))])
    assert [(e.path, e.rule, e.values) for e in error.value.errors] == [
        ("documents", "sent_with_more", (("name", "Otoño"),))
    ]
    bring(office, documents=[chosen])


def test_a_document_is_not_deleted_while_a_template_brings_it(office: PostOffice) -> None:
    prices, generated = document(office), letter(office)
    bring(office, documents=[prices], document_templates=[generated])
    with pytest.raises(InUseError) as used:
        delete_document(office.definer, office.files, prices, office.jobs)
    assert [(use.kind, use.name) for use in used.value.uses] == [("templates", "2-Column_1-Logo")]
    with pytest.raises(InUseError):
        delete_document_template(office.definer, generated, office.jobs)
    message = office.plan(office.contact(firstname="Lía"), "w1")
    office.work()
    bring(office, documents=[], document_templates=[])
    delete_document(office.definer, office.files, prices, office.jobs)
    # The version that was sent brought it, whatever the template brings now.
    assert listed(office, message) == [("template", None, None), ("template", "Carta Lía.pdf", None)]


def test_what_a_document_is_about_stays_while_mails_need_it(office: PostOffice) -> None:
    generated = letter(office)
    bring(office, document_templates=[generated])

    def turn(module: str) -> str:
        changed = update_document_template(office.definer, office.press, generated, {"module": module}, cause=BY_MARC)
        return str(changed.data["module"])

    assert turn("leads") == "leads"  # every mail has a recipient
    with pytest.raises(InvalidError) as error:
        turn("invoices")
    assert [(e.path, e.rule, e.values) for e in error.value.errors] == [
        ("module", "in_use", (("holder", "2-Column_1-Logo"),))
    ]
    bring(office, document_templates=[])
    assert turn("invoices") == "invoices"


def test_more_than_a_mail_takes_by_the_time_it_leaves_is_not_sent(office: PostOffice) -> None:
    chosen = document(office, content=PDF + b"x" * (MAIL_BYTES - 30))
    message = office.plan(office.contact(), "w1", enclosed=Enclosed((chosen,)))
    bring(office, documents=[document(office, "plano.pdf")])
    office.work()
    assert (office.now_is(message).state, office.now_is(message).reason) == (State.SKIPPED, "files_too_large")


def test_the_preview_says_what_goes_along(office: PostOffice) -> None:
    prices, generated = document(office), letter(office)
    bring(office, documents=[prices], document_templates=[generated])
    shown = preview_template(
        office.template,
        Ref("contacts", office.contact().id),
        definitions=office.definitions,
        records=office.records,
        renderer=RENDERER,
        language="es",
    )
    row = {"from": "template", "kind": "documents", "id": prices, "name": "tarifas", "file": "tarifas.pdf"}
    assert shown["attachments"][0] == {**row, "size": len(PDF)}
    assert [(r["id"], r["name"], r["size"]) for r in shown["attachments"][1:]] == [(generated, "Carta", None)]

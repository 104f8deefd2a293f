"""The suppression list: by hand, by list, stronger than any path."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gotero.domain.errors import InvalidError, NotAllowedError, NotFoundError
from gotero.domain.message import SOURCE_KINDS, State
from gotero.domain.message_event import EventKind
from gotero.domain.record import Cause, Ref
from gotero.domain.suppression import Suppression, read_list
from gotero.domain.user import User
from gotero.ports import Due
from gotero.services.decide_message import send_again
from gotero.services.edit_suppressions import add_by_hand, import_list, take_off
from gotero.services.plan_message import plan_message
from gotero.services.save_record import create_record
from gotero.services.send_test import send_test
from gotero.services.suppress import history_of, opt_out_on
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice
from tests.unit.services.suppression_people import ANA, LUCIA, mails_of, suppressed

ADMIN = User("root", "Root", "root@huertaturia.example", "admin")


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def test_added_by_hand_and_taken_off_with_a_reason(office: PostOffice) -> None:
    added = add_by_hand(office.protector, {"address": "Ana@Example.com", "note": "lo pidió por teléfono"}, LUCIA)
    assert (added.address_key, added.reason, added.by, added.note) == (ANA, "manual", "lucia", "lo pidió por teléfono")
    office.clock.move(hours=1)
    with pytest.raises(InvalidError):
        take_off(office.protector, {"address": ANA}, LUCIA)
    take_off(office.protector, {"address": ANA, "note": "se equivocó"}, LUCIA)
    assert suppressed(office) is None
    told = office.timeline.page(history_of(ANA), 10, None)[0]
    assert [(e.kind, e.cause.id, e.data["note"]) for e in told] == [
        ("unsuppressed", "lucia", "se equivocó"),
        ("suppressed", "lucia", "lo pidió por teléfono"),
    ]
    with pytest.raises(NotFoundError):
        take_off(office.protector, {"address": ANA, "note": "otra vez"}, LUCIA)


def test_a_complaint_is_taken_back_by_an_administrator_alone(office: PostOffice) -> None:
    office.suppressions.add(Suppression(ANA, "complaint", "2026-11-20T09:00:00.000Z"))
    with pytest.raises(NotAllowedError):
        take_off(office.protector, {"address": ANA, "note": "n"}, LUCIA)
    take_off(office.protector, {"address": ANA, "note": "n"}, ADMIN)
    assert suppressed(office) is None


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({}, ["address"]),
        ({"address": "nadie"}, ["address"]),
        ({"address": ANA, "color": "rojo"}, ["color"]),
        ({"address": ANA, "note": "x" * 501}, ["note"]),
    ],
)
def test_what_is_not_an_address_is_told_with_its_path(office: PostOffice, body: Any, broken: list[str]) -> None:
    with pytest.raises(InvalidError) as error:
        add_by_hand(office.protector, body, LUCIA)
    assert [e.path for e in error.value.errors] == broken


def test_a_list_is_read_as_it_was_exported_somewhere_else() -> None:
    text = '\ufeffemail;motivo\nAna@example.com;rebote\n\n"luis@example.com","dijo, que no"\nana@example.com\nnadie\n'
    listed = read_list(text)
    assert listed.addresses == (ANA, "luis@example.com")
    assert listed.invalid == (6,)
    assert read_list("roto@\nluis@example.com").invalid == (1,)


def test_an_import_tells_what_is_new_and_what_it_could_not_read(office: PostOffice) -> None:
    add_by_hand(office.protector, {"address": ANA}, LUCIA)
    lines = "\n".join([ANA, "mal", *(f"p{n}@example.com" for n in range(45))])
    told = import_list(office.protector, office.due_index, {"text": lines}, LUCIA)
    assert told == {"added": 45, "known": 1, "invalid": [2]}
    assert suppressed(office) == "manual"
    assert suppressed(office, "p44@example.com") == "import"
    # The provider is told at its own pace: twenty addresses in twenty seconds.
    steps = [due for page in office.due_index.due(office.clock.now() + timedelta(hours=1)) for due in page]
    assert [len(due.payload["addresses"]) for due in steps if due.thing.startswith("mirror#")] == [20, 20, 6]
    with pytest.raises(InvalidError):
        import_list(office.protector, office.due_index, {"text": "nada\nde nada"}, LUCIA)
    many = "\n".join(f"p{n}@example.com" for n in range(10_001))
    with pytest.raises(InvalidError):
        import_list(office.protector, office.due_index, {"text": many}, LUCIA)


def test_nothing_leaves_to_a_suppressed_address_by_any_path(office: PostOffice) -> None:
    """Planned before the address was suppressed and after it, in both classes; a job; a test mail; sent again."""
    ref = office.contact()
    held = office.plan(ref, "w0", message_class="transactional")
    office.messages.save(replace(held, state=State.UNCERTAIN, version=held.version + 1), None)
    before = [office.plan(ref, f"w{n}", message_class=c) for n, c in ((1, "marketing"), (2, "transactional"))]
    job = office.send(office.campaign(), office.order(office.segment([ref])))
    office.execute(job)
    test_before = send_test(office.planner, office.template, LUCIA, source_id="t1", to=ANA)
    add_by_hand(office.protector, {"address": ANA}, LUCIA)
    again = send_again(office.ledger, office.planner, held.id, "lucia")
    after = [
        plan_message(
            office.planner,
            ref,
            office.template,
            source_kind=kind,
            source_id=f"s{kind}",
            cause=Cause("user", "lucia"),
            message_class="transactional",
        )
        for kind in SOURCE_KINDS
        if kind not in ("job", "test")  # those by their own services, above and below
    ]
    office.work()
    office.run(office.send(office.campaign("Otra"), office.order(office.segment([ref], "seg2"))))
    assert office.mail.box == []
    for message in (*before, *after, again, test_before, office.message(job, ref)):
        now = office.now_is(message)
        assert (now.state, now.reason) == (State.SKIPPED, "suppressed"), message.id


def test_an_address_that_many_share_is_marked_on_all_step_by_step(office: PostOffice) -> None:
    refs = [office.contact(ANA), *(_account(office, n) for n in range(250))]
    [mail] = mails_of(office, refs[0], 1)
    office.tell(mail, EventKind.UNSUBSCRIBED)
    marked = [ref for ref in refs if (office.records.get(ref) or _none()).values.get("do_not_email")]
    assert len(marked) < 110
    steps = 0
    while bodies := office.due_queue.take():
        for body in bodies:
            steps += 1
            opt_out_on(office.protector, Due.from_json(body).payload)
    assert steps == 2
    for ref in refs:
        values = (office.records.get(ref) or _none()).values
        assert (values["do_not_email"], values["do_not_email_source"]) == (True, "unsubscribe")


def _account(office: PostOffice, n: int) -> Ref:
    values = {"accountname": f"C{n}", "email": ANA}
    return create_record(office.writer, "accounts", values, cause=BY_MARC, owner=MARC).ref


def _none() -> Any:
    raise AssertionError("no such record")

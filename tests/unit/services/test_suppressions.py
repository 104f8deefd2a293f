"""The suppression list: by hand, by list, by bounces in a row, in step with the provider, stronger than any path."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from gotero.adapters.memory.definitions import MemoryMarks
from gotero.adapters.memory.suppressions import MemoryProviderSuppressions
from gotero.domain import instant
from gotero.domain.errors import InvalidError, NotAllowedError, NotFoundError
from gotero.domain.message import SOURCE_KINDS, State
from gotero.domain.message_event import EventKind
from gotero.domain.record import Cause, Ref
from gotero.domain.suppression import Suppression, read_list
from gotero.domain.user import User
from gotero.ports import Due
from gotero.services.decide_message import send_again
from gotero.services.edit_suppressions import add_by_hand, import_list, take_off
from gotero.services.mirror_suppressions import SYNC, Mirror, mirror, sync
from gotero.services.plan_message import plan_message
from gotero.services.save_record import create_record
from gotero.services.send_test import send_test
from gotero.services.suppress import history_of, opt_out_on
from tests.unit.services.office import BY_MARC, MARC
from tests.unit.services.post_office import PostOffice

LUCIA = User("lucia", "Lucía", "lucia@huertaturia.example", "marketer")
ADMIN = User("root", "Root", "root@huertaturia.example", "admin")
ANA = "ana@example.com"


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def _suppressed(office: PostOffice, address: str = ANA) -> str | None:
    found = office.suppressions.get_many([address]).get(address)
    return found.reason if found else None


# ------------------------------------------------------------------------------------------------------------ by hand


def test_added_by_hand_and_taken_off_with_a_reason(office: PostOffice) -> None:
    added = add_by_hand(office.protector, {"address": "Ana@Example.com", "note": "lo pidió por teléfono"}, LUCIA)
    assert (added.address_key, added.reason, added.by, added.note) == (ANA, "manual", "lucia", "lo pidió por teléfono")
    office.clock.move(hours=1)
    with pytest.raises(InvalidError):
        take_off(office.protector, {"address": ANA}, LUCIA)
    take_off(office.protector, {"address": ANA, "note": "se equivocó"}, LUCIA)
    assert _suppressed(office) is None
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
    assert _suppressed(office) is None


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
    assert _suppressed(office) == "manual"
    assert _suppressed(office, "p44@example.com") == "import"
    # The provider is told at its own pace: twenty addresses in twenty seconds.
    steps = [due for page in office.due_index.due(office.clock.now() + timedelta(hours=1)) for due in page]
    assert [len(due.payload["addresses"]) for due in steps if due.thing.startswith("mirror#")] == [20, 20, 6]
    with pytest.raises(InvalidError):
        import_list(office.protector, office.due_index, {"text": "nada\nde nada"}, LUCIA)
    many = "\n".join(f"p{n}@example.com" for n in range(10_001))
    with pytest.raises(InvalidError):
        import_list(office.protector, office.due_index, {"text": many}, LUCIA)


# ------------------------------------------------------------------------------------------------ soft bounces in a row


def _mails(office: PostOffice, ref: Ref, count: int) -> list[Any]:
    planned = [office.plan(ref, f"w{n}") for n in range(count)]
    office.work()
    return [office.now_is(message) for message in planned]


def _at(minute: int) -> str:
    return f"2026-11-21T10:{minute:02}:00.000Z"


def test_five_soft_bounces_in_a_row_suppress_and_twice_is_once(office: PostOffice) -> None:
    mails = _mails(office, office.contact(), 5)
    for n, mail in enumerate(mails):
        assert _suppressed(office) is None
        for _ in range(2):
            office.tell(mail, EventKind.BOUNCED, f"e{n}", at=_at(n), reason="Transient/MailboxFull: 452 full")
    assert _suppressed(office) == "soft_bounces"
    assert office.suppressions.get_many([ANA])[ANA].message == mails[4].id


def test_the_newest_mails_count_whatever_their_keys_and_however_many_came_before(office: PostOffice) -> None:
    ref = office.contact()
    [first] = _mails(office, ref, 1)
    # A table gives them by their keys: those of drips before those of workflows.
    before = [replace(first, key=replace(first.key, source_kind="as", source_id=f"a{n}")) for n in range(600)]
    office.messages.create_many([(message, {}) for message in before])
    mails = [office.plan(ref, f"later{n}") for n in range(5)]
    office.work()
    for n, mail in enumerate(mails):
        office.tell(mail, EventKind.BOUNCED, f"e{n}", at=_at(n), reason="Transient/MailboxFull: 452 full")
    assert _suppressed(office) == "soft_bounces"


def test_a_delivery_begins_anew_in_any_order() -> None:
    ends = set()
    for order in permutations(range(4)):
        office = PostOffice()
        office.define("settings", {"soft_bounces": 3}, "deliverability")
        mails = _mails(office, office.contact(), 4)
        for n in order:
            if n == 2:
                office.tell(mails[n], EventKind.DELIVERED, f"e{n}", at=_at(n))
            else:
                office.tell(mails[n], EventKind.BOUNCED, f"e{n}", at=_at(n), reason="Transient/MailboxFull: 452 full")
        ends.add(_suppressed(office))
    assert ends == {None}


def test_what_is_wrong_with_the_mail_says_nothing_of_the_mailbox(office: PostOffice) -> None:
    reasons = ["Transient/MessageTooLarge: 552 5.3.4", "Transient/General: 554 5.7.1 blocked by policy"] * 3
    for n, mail in enumerate(_mails(office, office.contact(), 6)):
        office.tell(mail, EventKind.BOUNCED, f"e{n}", at=_at(n), reason=reasons[n])
    assert _suppressed(office) is None


def test_no_soft_bounce_is_enough_where_the_policy_is_off(office: PostOffice) -> None:
    office.define("settings", {"soft_bounces": 0}, "deliverability")
    for n, mail in enumerate(_mails(office, office.contact(), 6)):
        office.tell(mail, EventKind.BOUNCED, f"e{n}", at=_at(n), reason="Transient/MailboxFull: full")
    assert _suppressed(office) is None


# ------------------------------------------------------------------------------------------------- in step with SES


@pytest.fixture
def ses() -> MemoryProviderSuppressions:
    return MemoryProviderSuppressions()


def _desk(office: PostOffice, ses: MemoryProviderSuppressions) -> Mirror:
    return Mirror(office.protector, ses, office.due_index, MemoryMarks())


def _run(office: PostOffice, desk: Mirror) -> None:
    while bodies := office.due_queue.take():
        for due in map(Due.from_json, bodies):
            sync(desk, due.payload) if due.thing == SYNC else mirror(desk, due.payload)


def test_what_changes_here_is_written_there(office: PostOffice, ses: MemoryProviderSuppressions) -> None:
    desk = _desk(office, ses)
    add_by_hand(office.protector, {"address": ANA}, LUCIA)
    _run(office, desk)
    assert set(ses.stored) == {ANA}
    take_off(office.protector, {"address": ANA, "note": "n"}, LUCIA)
    _run(office, desk)
    assert ses.stored == {}


def test_what_was_cut_off_behind_the_list_is_done_when_the_event_comes_again(
    office: PostOffice, ses: MemoryProviderSuppressions, monkeypatch: pytest.MonkeyPatch
) -> None:
    [mail] = _mails(office, office.contact(), 1)
    bounced: dict[str, Any] = {"at": _at(1), "permanent": True, "suppress": True, "elsewhere": True}

    def lost(bodies: Any, delay_seconds: int = 0) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(office.due_queue, "put", lost)
        with pytest.raises(OSError):
            office.tell(mail, EventKind.BOUNCED, **bounced)
    assert _suppressed(office) == "hard_bounce"
    office.tell(mail, EventKind.BOUNCED, **bounced)
    _run(office, _desk(office, ses))
    assert set(ses.stored) == {ANA}
    assert [e.kind for e in office.timeline.page(history_of(ANA), 10, None)[0]] == ["suppressed"]


def test_the_provider_hears_of_a_list_once_it_stands_here(office: PostOffice) -> None:
    """What fires while the list is being written finds nothing, and takes off what the provider has found itself."""
    import_list(office.protector, office.due_index, {"text": ANA}, LUCIA)
    told = office.due_index.due(office.clock.now() + timedelta(seconds=30))
    assert [due for page in told for due in page] == []


def test_a_provider_that_is_asked_too_fast_is_asked_again_later(
    office: PostOffice, ses: MemoryProviderSuppressions
) -> None:
    desk = _desk(office, ses)
    ses.refusals = 1
    add_by_hand(office.protector, {"address": ANA}, LUCIA)
    _run(office, desk)
    assert ses.stored == {}
    office.clock.move(seconds=31)
    for page in office.due_index.due(office.clock.now()):
        for due in page:
            mirror(desk, due.payload)
    assert set(ses.stored) == {ANA}


def test_what_the_provider_found_comes_here_page_by_page_and_from_its_mark(
    office: PostOffice, ses: MemoryProviderSuppressions
) -> None:
    desk = _desk(office, ses)
    now = instant.write(office.clock.now())
    ses.stored = {f"p{n}@example.com": Suppression(f"p{n}@example.com", "hard_bounce", now) for n in range(5)}
    sync(desk, {})
    _run(office, desk)
    assert len(office.suppressions.get_many(ses.stored)) == 5
    assert desk.marks.get(SYNC) == now
    # Taken off here, and the provider has not heard of it: it is told again, and does not bring it back.
    office.clock.move(minutes=1)
    take_off(office.protector, {"address": "p3@example.com", "note": "n"}, LUCIA)
    office.due_queue.take()
    sync(desk, {})
    _run(office, desk)
    assert _suppressed(office, "p3@example.com") is None
    assert "p3@example.com" not in ses.stored


# --------------------------------------------------------------------------------------------- stronger than any path


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
    [mail] = _mails(office, refs[0], 1)
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

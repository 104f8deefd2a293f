"""Records: validated, numbered, unique, versioned, each write with its event."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gotero.domain.errors import ConflictError, DuplicateError, InvalidError, NotFoundError, TransientError
from gotero.domain.record import Cause, Record
from gotero.services.bin_record import delete_record
from gotero.services.save_record import create_record, get_record, update_record
from tests.unit.services.office import BY_MARC, MARC, Office


def a_contact(office: Office, **values: object) -> Record:
    given = {"lastname": "Núñez", "email": "lia@example.org", **values}
    return create_record(office.writer, "contacts", given, cause=BY_MARC, owner=MARC)


def test_a_new_record_has_number_owner_version_and_one_event() -> None:
    office = Office()
    contact = a_contact(office)
    assert (contact.number, contact.owner, contact.version) == ("CON-1", MARC, 1)
    assert [change.event.kind for change in office.changes] == ["create"]
    assert office.changes[0].event.cause == BY_MARC


def test_every_broken_rule_is_told_with_its_path_and_nothing_is_written() -> None:
    office = Office()
    with pytest.raises(InvalidError) as refused:
        create_record(
            office.writer,
            "contacts",
            {"email": "broken", "leadsource": "Nowhere", "shoe": 1, "original_leadsource": "Web Site"},
            cause=BY_MARC,
            owner=MARC,
        )
    told = {(e.path, e.rule) for e in refused.value.errors}
    assert told == {
        ("values.email", "email"),
        ("values.leadsource", "picklist"),
        ("values.shoe", "unknown_field"),
        ("values.original_leadsource", "readonly"),
        ("values.lastname", "required"),
    }
    assert office.changes == []


def test_an_address_is_one_contact_whatever_its_case() -> None:
    office = Office()
    first = a_contact(office)
    with pytest.raises(DuplicateError) as refused:
        a_contact(office, email="LIA@Example.org")
    assert refused.value.holder_id == first.id


def test_ten_at_once_make_one_contact() -> None:
    office = Office()

    def attempt(_: int) -> bool:
        try:
            a_contact(office)
        except DuplicateError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(attempt, range(10))) == 1


def test_a_change_of_address_frees_the_old_one() -> None:
    office = Office()
    contact = a_contact(office)
    update_record(office.writer, contact.ref, {"email": "otra@example.org"}, cause=BY_MARC)
    assert a_contact(office).id != contact.id


def test_the_bin_frees_the_address_and_hides_the_record() -> None:
    office = Office()
    contact = a_contact(office)
    delete_record(office.writer, contact.ref, cause=BY_MARC)
    with pytest.raises(NotFoundError):
        get_record(office.records, contact.ref)
    assert a_contact(office).id != contact.id
    assert [c.event.kind for c in office.changes] == ["create", "delete", "create"]


def test_a_stale_version_is_refused_and_a_change_without_one_is_laid_over() -> None:
    office = Office()
    contact = a_contact(office)
    update_record(office.writer, contact.ref, {"city": "València"}, cause=BY_MARC, expected_version=1)
    with pytest.raises(ConflictError):
        update_record(office.writer, contact.ref, {"city": "Gandia"}, cause=BY_MARC, expected_version=1)
    after = update_record(office.writer, contact.ref, {"title": "Gerente"}, cause=BY_MARC)
    assert (after.values["city"], after.values["title"], after.version) == ("València", "Gerente", 3)


def test_a_change_that_always_comes_second_can_be_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office()
    contact = a_contact(office)

    def beaten(*_: object) -> None:
        raise ConflictError("another version")

    monkeypatch.setattr(office.records, "update", beaten)
    with pytest.raises(TransientError):
        update_record(office.writer, contact.ref, {"city": "Gandia"}, cause=BY_MARC)
    with pytest.raises(ConflictError):
        update_record(office.writer, contact.ref, {"city": "Gandia"}, cause=BY_MARC, expected_version=1)


def test_tags_are_texts_each_once() -> None:
    office = Office()
    contact = create_record(
        office.writer, "contacts", {"lastname": "X"}, cause=BY_MARC, owner=MARC, tags=(" VIP ", "VIP", "")
    )
    assert contact.tags == ("VIP",)
    for tags in (("x" * 61,), tuple(map(str, range(101))), ("a\x00b",)):
        with pytest.raises(InvalidError) as refused:
            update_record(office.writer, contact.ref, {}, tags=tags, cause=BY_MARC)
        assert refused.value.errors[0].path == "tags"


def test_what_changes_nothing_writes_nothing() -> None:
    office = Office()
    contact = a_contact(office)
    assert update_record(office.writer, contact.ref, {"lastname": "Núñez"}, cause=BY_MARC).version == 1
    assert len(office.changes) == 1


def test_a_required_field_cannot_be_emptied() -> None:
    office = Office()
    contact = a_contact(office)
    with pytest.raises(InvalidError):
        update_record(office.writer, contact.ref, {"lastname": None}, cause=BY_MARC)


def test_the_first_origin_stays() -> None:
    office = Office()
    contact = a_contact(office, leadsource="Trade Show")
    after = update_record(office.writer, contact.ref, {"leadsource": "Twitter"}, cause=BY_MARC)
    assert (after.values["leadsource"], after.values["original_leadsource"]) == ("Twitter", "Trade Show")


def test_a_relation_points_at_something_and_an_owner_is_somebody() -> None:
    office = Office()
    with pytest.raises(InvalidError) as refused:
        a_contact(office, account="01jd0000000000000000000000")
    assert [(e.path, e.rule) for e in refused.value.errors] == [("values.account", "relation")]
    with pytest.raises(InvalidError) as refused:
        create_record(office.writer, "contacts", {"lastname": "X"}, cause=BY_MARC, owner="nobody")
    assert [(e.path, e.rule) for e in refused.value.errors] == [("owner", "user")]


def test_an_import_keeps_a_broken_address_that_a_person_could_not_type() -> None:
    office = Office()
    contact = create_record(
        office.writer,
        "contacts",
        {"lastname": "Roto", "email": "roto@"},
        cause=Cause("import", "demo"),
        owner=MARC,
        keep_broken=frozenset({"email"}),
    )
    assert contact.values["email"] == "roto@"
    assert office.records.with_address("roto@", 10)[0] == []


def test_the_same_key_twice_is_one_record() -> None:
    office = Office()
    id = office.ids.new()
    first = create_record(office.writer, "leads", {"lastname": "A"}, cause=BY_MARC, owner=MARC, id=id)
    again = create_record(office.writer, "leads", {"lastname": "A"}, cause=BY_MARC, owner=MARC, id=id)
    assert again == first
    assert len(office.changes) == 1


def test_an_address_leads_to_everybody_who_has_it() -> None:
    office = Office()
    contact = a_contact(office)
    account = create_record(
        office.writer, "accounts", {"accountname": "Roig", "email": "Lia@example.org"}, cause=BY_MARC, owner=MARC
    )
    assert set(office.records.with_address("lia@example.org", 10)[0]) == {contact.ref, account.ref}

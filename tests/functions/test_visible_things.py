"""What is seen beside records: messages by their recipient, jobs by all they are about, members, addresses."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from gotero.domain.mass_edit import Chosen, Edit
from gotero.domain.message import MessageKey
from gotero.domain.user import User
from gotero.domain.visibility import Visibility
from gotero.entry import wiring_sight
from gotero.services.see_job import sees_job
from tests.functions.admin_request import LUCIA, call
from tests.functions.private_house import APIS, GROUP, ID, OWNERS, REF, VISIBILITY, House, build_house
from tests.unit.services.mass_office import MassOffice


@pytest.fixture
def house_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], House]:
    return partial(build_house, monkeypatch)


def test_a_message_is_seen_by_whoever_sees_its_recipient(house_of: Callable[[str, str], House]) -> None:
    user = User("lucia", LUCIA.name, LUCIA.email, "marketer", groups=(GROUP,))
    for owner, seen in OWNERS.items():
        house = house_of(owner, "records_api")
        message = wiring_sight.messages(user).get(house.message.key)
        assert (message is not None) is seen
        assert wiring_sight.messages(user).get(MessageKey(REF, "wf", "another")) is None


def test_nothing_is_hidden_while_no_module_is_private() -> None:
    user = User("lucia", LUCIA.name, LUCIA.email, "viewer")
    assert Visibility().of(user).everything
    assert not VISIBILITY.of(user).everything
    assert VISIBILITY.of(replace(user, role="admin")).everything


def test_a_job_is_seen_by_who_started_it_and_by_who_sees_all_it_is_about() -> None:
    office = MassOffice()
    office.people(1)
    by_marc = office.start(Chosen("contacts", condition={"all": []}), Edit({"city": "Valencia"}))
    lucia = User("lucia", LUCIA.name, LUCIA.email, "marketer", groups=(GROUP,))
    sight = VISIBILITY.of(lucia)
    for job, seen in (
        (by_marc, False),
        (replace(by_marc, created_by="lucia"), True),
        (replace(by_marc, params={"chosen": {"module": "accounts"}}), True),
        (replace(by_marc, params={"module": "contacts"}), False),
        (replace(by_marc, params={"items": [str(REF)]}), False),
        (replace(by_marc, params={"campaign": "c1"}), True),
        (replace(by_marc, params={"segment": "s1", "rule": None}), True),
    ):
        assert sees_job(office.records, sight, "lucia", job) is seen, job.params
        assert sees_job(office.records, Visibility().of(lucia), "lucia", job)


def test_the_members_of_a_list_that_are_changed_or_deleted_are_those_that_are_seen(
    house_of: Callable[[str, str], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = APIS["records_api"]
    monkeypatch.setattr(api, "_find_user", lambda sub: User("lucia", "L", LUCIA.email, "marketer", groups=(GROUP,)))
    for owner, seen in OWNERS.items():
        house = house_of(owner, "records_api")
        body = {"segment_id": house.segment, "values": {"city": "Valencia"}}
        answer = call(api, "POST", "/v1/records/contacts/mass-edit", body)
        assert (answer.status, answer.body["outcome"]["changed"]) == (200, int(seen))
        assert house.office.record(REF).values.get("city") == ("Valencia" if seen else None)


def test_an_address_that_a_hidden_record_has_is_refused_without_a_word_of_the_record(
    house_of: Callable[[str, str], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = APIS["records_api"]
    monkeypatch.setattr(api, "_find_user", lambda sub: User("lucia", "L", LUCIA.email, "marketer", groups=(GROUP,)))
    for owner, seen in OWNERS.items():
        house_of(owner, "records_api")
        body = {"values": {"lastname": "Otra", "email": "lia@example.com"}}
        answer = call(api, "POST", "/v1/records/contacts", body)
        assert (answer.status, answer.broken()) == (409, [("values.email", "unique" if seen else "unique_hidden")])
        assert (ID in str(answer.body)) is seen

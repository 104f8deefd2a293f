"""`POST /v1/messages/decide`: several mails in doubt at once, counted before."""

from typing import Any

import pytest

from functions.jobs_api.app import api
from gotero.domain.handover import Unknown
from gotero.domain.message import Message, State
from gotero.entry import wiring, wiring_jobs
from gotero.services.decide_many import Deciding
from tests.functions.admin_request import LUCIA, Answer, call
from tests.unit.services.post_office import PostOffice
from tests.unit.services.test_decide_many import Doubtful


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    office = PostOffice()
    lake: Any = Doubtful(office)
    monkeypatch.setattr(api, "_find_user", lambda sub: LUCIA)
    monkeypatch.setattr(wiring, "ids", office.ids)
    monkeypatch.setattr(wiring, "definitions", lambda: office.definitions)
    deciding = Deciding(office.ledger, office.planner, lake, office.job_line)
    monkeypatch.setattr(wiring_jobs, "deciding", lambda: deciding)
    return office


@pytest.fixture
def doubtful(office: PostOffice) -> list[Message]:
    people = [office.contact(f"p{n}@example.com") for n in range(3)]
    office.mail.answer = lambda mail: Unknown("ReadTimeoutError")
    job = office.send(office.campaign(), office.order(office.segment(people)))
    office.run(job)
    office.mail.answer = None
    office.clock.move(seconds=1)
    return [office.message(job, ref) for ref in people]


def post(body: Any, key: str = "k1") -> Answer:
    return call(api, "POST", "/v1/messages/decide", body, headers={"idempotency-key": key})


def test_they_are_counted_decided_and_told(office: PostOffice, doubtful: list[Message]) -> None:
    ticked = {"ids": [doubtful[0].id]}
    counted = post({"decision": "accept", **ticked, "preview": True})
    assert (counted.status, counted.body["count"]) == (200, 1)
    assert office.now_is(doubtful[0]).state is State.UNCERTAIN

    first, again = (post({"decision": "accept", **ticked}) for _ in range(2))
    assert (first.status, first.body["kind"], first.body["result"]["changed"]) == (200, "decide", 1)
    assert again.body["job_id"] == first.body["job_id"]
    assert post({"decision": "send_again", **ticked}).status == 409, "another request under the same key"

    rest = post({"decision": "send_again", "condition": {"field": "campaign", "op": "is_not_empty"}}, "k2")
    assert (rest.status, rest.body["result"]["changed"]) == (200, 2)
    office.work()
    assert {mail.to for mail in office.mail.box} == {"p1@example.com", "p2@example.com"}


@pytest.mark.parametrize(
    ("body", "broken"),
    [
        ({"decision": "accept"}, [("ids", "one_of")]),
        ({"decision": "accept", "ids": ["a"], "everything": True}, [("ids", "one_of")]),
        ({"decision": "accept", "ids": []}, [("ids", "required")]),
        ({"decision": "accept", "ids": ["x"] * 1001}, [("ids", "limit")]),
        ({"decision": "perhaps", "everything": True}, [("decision", "choice")]),
        ({"everything": True}, [("decision", "required")]),
        ({"decision": "accept", "everything": True, "x": 1}, [("x", "unknown_key")]),
        ({"decision": "accept", "condition": {"field": "nope", "op": "is", "value": 1}}, None),
        ({"decision": "accept", "filter_id": "nope"}, None),
    ],
)
def test_bad_input_names_the_path_and_decides_nothing(
    office: PostOffice, doubtful: list[Message], body: Any, broken: list[tuple[str, str]] | None
) -> None:
    answer = post(body)
    assert answer.status in (404, 422)
    if broken:
        assert answer.broken() == broken
    assert all(office.now_is(message).state is State.UNCERTAIN for message in doubtful)


def test_an_id_that_is_none_is_nothing_to_be_found(office: PostOffice) -> None:
    assert post({"decision": "accept", "ids": ["nonsense"]}).status == 404

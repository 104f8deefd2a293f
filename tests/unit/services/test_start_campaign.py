"""What a send begins with: one job a key, nothing that is wrong, somebody to send to, a preview that says the same."""

from typing import Any

import pytest

from gotero.domain.errors import ConflictError, InvalidError, NotFoundError
from gotero.domain.record import Ref
from gotero.services.control_job import control_job
from gotero.services.judge_audience import Previewer
from gotero.services.preview_campaign import preview_campaign
from tests.unit.services.post_office import PostOffice, people_of


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


def test_the_same_idempotency_key_is_the_same_job(office: PostOffice) -> None:
    campaign, order = office.campaign(), office.order(office.segment(people_of(office, 2)))
    first, second = office.send(campaign, order, "k1"), office.send(campaign, order, "k1")
    assert first.id == second.id
    assert office.send(campaign, order, "k2").id != first.id
    with pytest.raises(ConflictError):
        office.send(campaign, {**order, "start": "hold"}, "k1")


@pytest.mark.parametrize(
    ("changes", "path", "rule"),
    [
        ({"template_id": "nope"}, "template_id", "not_found"),
        ({"template_id": None}, "template_id", "required"),
        ({"audience": None}, "audience", "required"),
        ({"audience": {"segments": ["nope"]}}, "audience.segments[0]", "not_found"),
        ({"audience": {"segments": ["seg1"], "except": ["nope"]}}, "audience.except[0]", "not_found"),
        ({"audience": {"segments": []}}, "audience.segments", "required"),
        ({"audience": {"segments": ["seg1"], "everyone": True}}, "audience.everyone", "choice"),
        ({"audience": {"segments": ["seg1"], "x": 1}}, "audience.x", "unknown_key"),
        ({"start": "tomorrow"}, "start", "datetime"),
        ({"start": "2020-01-01T00:00:00Z"}, "start", "past"),
        ({"sender": "spy"}, "sender", "choice"),
        ({"sender": "user:nobody"}, "sender", "user"),
        ({"shout": True}, "shout", "unknown_key"),
    ],
)
def test_a_bad_order_names_what_is_wrong_and_starts_nothing(
    office: PostOffice, changes: dict[str, Any], path: str, rule: str
) -> None:
    order = {**office.order(office.segment([])), **changes}
    with pytest.raises(InvalidError) as refused:
        office.send(office.campaign(), order)
    assert (path, rule) in [(error.path, error.rule) for error in refused.value.errors]
    assert office.machine.started == {}
    assert office.jobs.page(10, None)[0] == []


def test_a_campaign_that_is_not_there_is_not_sent(office: PostOffice) -> None:
    with pytest.raises(NotFoundError):
        office.send(Ref("campaigns", "nope"), office.order(office.segment([])))


def test_a_company_without_a_sender_is_told_before_anything_starts(office: PostOffice) -> None:
    order = office.order(office.segment([]))
    office.definitions.delete("settings", "company")
    with pytest.raises(InvalidError) as refused:
        office.send(office.campaign(), order)
    assert [error.path for error in refused.value.errors] == ["settings.company.sender"]


def test_an_empty_audience_is_refused_and_later_finishes_with_nobody(office: PostOffice) -> None:
    order = office.order(office.segment([]))
    with pytest.raises(InvalidError) as refused:
        office.send(office.campaign(), order)
    assert [(error.path, error.rule) for error in refused.value.errors] == [("audience", "empty")]
    assert office.slept == [1.0, 1.0, 1.0], "the lake trails: it is asked again before that is believed"
    job = office.send(office.campaign(), {**order, "start": "hold"})
    control_job(office.job_line, office.machine, job.id, "start")
    assert office.run(job).to_json()["progress"] == 1.0


def test_the_preview_counts_as_the_send_decides(office: PostOffice) -> None:
    people = [*people_of(office, 4), office.contact(None), office.contact("broken@")]
    people.append(office.contact("left@example.com", do_not_email=True))
    segment = office.segment(people)
    lake: Any = office.lake
    previewer = Previewer(office.records, office.definitions, office.suppressions, lake, lambda: 5.0)
    preview = preview_campaign(previewer, office.order(segment))
    job = office.send(office.campaign(), office.order(segment))
    office.run(job)
    assert (preview["recipients"], preview["will_send"], preview["exact"]) == (7, 4, True)
    assert (preview["no_email"], preview["invalid_email"], preview["do_not_email"]) == (1, 1, 1)
    assert office.outcomes(job) == {"accepted": preview["will_send"], "skipped": 3}
    assert preview["replaced_senders"] == []
    with pytest.raises(InvalidError):
        preview_campaign(previewer, {"audience": {"segments": ["nope"]}})


def test_the_preview_says_whose_address_becomes_the_reply_to(office: PostOffice) -> None:
    office.define("users", {"name": "Lía", "email": "lia@gmail.example", "role": "marketer"}, "lia")
    lake: Any = office.lake
    previewer = Previewer(office.records, office.definitions, office.suppressions, lake, lambda: 5.0)
    order = office.order(office.segment(people_of(office, 2)))
    replaced = {"user": "lia", "name": "Lía", "from": "hola@huertaturia.example", "reply_to": "lia@gmail.example"}
    assert preview_campaign(previewer, {**order, "sender": "user:lia"})["replaced_senders"] == [replaced]
    assert preview_campaign(previewer, {**order, "sender": "campaign_owner"}, "lia")["replaced_senders"] == [replaced]
    assert preview_campaign(previewer, {**order, "sender": "company"}, "lia")["replaced_senders"] == []

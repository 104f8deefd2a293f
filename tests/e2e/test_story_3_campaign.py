"""Story step 3: a campaign to 502 contacts, accounts and leads; one message record each, and nobody twice."""

import re
from collections import Counter

import pytest

from infra.local.demo import contents
from infra.local.demo.campaign import ACCEPTED, message_id
from infra.local.demo.desk import Desk
from infra.local.stack import wait_until
from tests.e2e.evidence import Json, Sent, assert_lawful, link

pytestmark = pytest.mark.e2e
SUBJECT = "naranjas nuevas"


@pytest.fixture(scope="module")
def messages(desk: Desk, sent: Sent) -> list[Json]:
    """The message records of the campaign once the deliveries have come back."""
    accepted = sent.job["counts"]["accepted"]

    def delivered() -> list[Json] | None:
        found = sent.messages(desk)
        return found if sum(bool(m["values"].get("delivered")) for m in found) == accepted else None

    return wait_until(delivered, 300, f"{accepted} deliveries")


def test_the_send_answers_202_with_a_job(sent: Sent) -> None:
    assert sent.first_answer.status == 202
    assert sent.first_answer.json()["job_id"] == sent.job["id"]
    assert sent.campaign["number"] == "CAM355"
    assert sent.campaign["values"]["name"] == "Twitter"


def test_the_job_is_seen_to_move_and_never_back(sent: Sent) -> None:
    between = [reading for reading in sent.readings if 0 < reading < 1]
    assert len(between) >= 3
    assert sent.readings == sorted(sent.readings)
    assert sent.readings[-1] == 1


def test_planned_is_accepted_and_skipped(sent: Sent) -> None:
    counts = sent.job["counts"]
    assert sent.job["state"] == "finished"
    assert sent.job["total"] >= 500
    assert sent.job["total"] == counts["accepted"] + counts["skipped"]
    assert sent.job["pending"] == 0


def test_the_list_of_jobs_shows_it(desk: Desk, sent: Sent) -> None:
    listed = {job["id"]: job for job in desk.stack.api("GET", "/v1/jobs")["items"]}
    assert listed[sent.job["id"]]["progress"] == 1


def test_each_recipient_has_one_message_with_its_number(desk: Desk, sent: Sent, messages: list[Json]) -> None:
    assert len(messages) == sent.job["total"]
    people: Counter[str] = Counter()
    for message in messages:
        values = message["values"]
        assert re.fullmatch(r"MSG-\d{6,}", message["number"])
        assert (values["campaign"], values["template"]) == (sent.campaign["id"], "2-Column_1-Logo")
        assert values["status"] in {*ACCEPTED, "skipped"}
        recipient = values.get("contact") or values.get("lead") or values.get("account")
        assert message["id"].split("-")[1] == recipient
        people[recipient] += 1
    assert set(people.values()) == {1}
    assert len({message["number"] for message in messages}) == len(messages)
    modules = Counter(message["id"].split("-")[0] for message in messages)
    assert set(modules) == {"contacts", "accounts", "leads"}


def test_who_has_no_address_or_a_broken_one_is_not_sent_with_the_reason(desk: Desk, messages: list[Json]) -> None:
    without = [message["values"] for message in messages if message["values"].get("no_email")]

    assert Counter(values["reason"] for values in without) == {"no_email": 40, "invalid_email": 10}
    assert {values["status"] for values in without} == {"skipped"}
    modules = {module["id"]: module for module in desk.stack.api("GET", "/v1/meta")["modules"]}
    status = next(field for field in modules["messages"]["fields"] if field["id"] == "status")
    label = next(option["label"]["es"] for option in status["options"] if option["value"] == "skipped")
    assert label == "No enviado"


def test_ses_was_handed_each_accepted_message_once_and_no_other(desk: Desk, messages: list[Json]) -> None:
    handed = Counter(message_id(mail) for mail in desk.stack.mailbox.messages(subject=SUBJECT))
    accepted = {message["id"] for message in messages if message["values"]["status"] in ACCEPTED}

    assert set(handed) == accepted
    assert set(handed.values()) == {1}


def test_two_records_with_one_address_are_two_messages_and_one_mail(desk: Desk, messages: list[Json]) -> None:
    twice = [message for message in messages if message["values"].get("reason") == "same_address"]
    mails = desk.stack.mailbox.messages(subject=SUBJECT)

    assert len(twice) == 3
    assert len({", ".join(mail["to"]) for mail in mails}) == len(mails)


def test_the_mail_has_two_columns_a_logo_merge_tags_with_fallback_and_a_text_part(
    desk: Desk, messages: list[Json]
) -> None:
    account = next(m for m in messages if m["id"].startswith("accounts-") and m["values"]["status"] in ACCEPTED)
    contact = next(m for m in messages if m["id"].startswith("contacts-") and m["values"]["status"] in ACCEPTED)
    mails = {message_id(mail): mail["id"] for mail in desk.stack.mailbox.messages(subject=SUBJECT)}
    to_account, to_contact = (desk.stack.mailbox.message(mails[message["id"]]) for message in (account, contact))
    person = desk.record("contacts", contact["values"]["contact"])["values"]

    assert "Hola, amiga, amigo" in to_account["html"]  # a company has no first name
    assert f"Hola, {person['firstname']}" in to_contact["html"]
    assert to_contact["subject"].startswith(person["firstname"])
    assert contents.LOGO in to_contact["html"]
    assert to_contact["html"].count("mj-column-per-50") >= 2
    assert "follow on Twitter" in to_contact["text"]
    assert "<" not in to_contact["text"].replace(f"<{link(desk, 'u', to_contact)}>", "")


def test_every_mail_can_be_left_with_one_click(desk: Desk, sent: Sent, messages: list[Json]) -> None:
    for mail in desk.stack.mailbox.messages(subject=SUBJECT)[::90]:
        assert_lawful(desk, desk.stack.mailbox.message(mail["id"]))


def test_the_same_order_again_under_its_key_is_the_same_job(desk: Desk, sent: Sent) -> None:
    order = {"template_id": sent.template["id"], "audience": {"segments": [desk.segment("lista de prueba")]}}
    key = {"Idempotency-Key": "story-3"}
    path = f"/v1/campaigns/{sent.campaign['id']}/send"
    held = {**order, "start": "hold"}

    first, again = (desk.stack.call("POST", path, held, headers=key) for _ in range(2))
    other = desk.stack.call("POST", path, {**order, "start": "now"}, headers=key)

    assert (first.status, again.status, other.status) == (202, 202, 409)
    assert first.json()["job_id"] == again.json()["job_id"]
    desk.stack.api("POST", f"/v1/jobs/{first.json()['job_id']}/cancel", {})

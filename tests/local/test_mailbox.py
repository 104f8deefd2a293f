"""The mailbox page: what it shows, and what its buttons set off."""

import json

import pytest

from infra.local.http import request
from infra.local.mailbox import ONE_CLICK, one_click, unsubscribe_url
from infra.local.outbox import Mail, Outbox
from infra.local.stack import Unexpected
from tests.local import mail_checks
from tests.local.probe import Probe


def mail(**headers: str) -> Mail:
    return {"id": "1", "headers": [{"Name": name.replace("_", "-"), "Value": value} for name, value in headers.items()]}


def event_of(probe: Probe, sent: str, wanted: str) -> dict[str, object]:
    while True:
        event: dict[str, object] = json.loads(probe.receive("MailQueue", 10)["Body"])
        described = event["mail"]
        assert isinstance(described, dict)
        if described["messageId"] == sent and event["eventType"] == wanted:
            return event


@pytest.mark.parametrize(
    ("action", "wish", "event", "detail"),
    [
        ("bounce", {"type": "hard"}, "Bounce", ("bounce", "bounceType", "Permanent")),
        ("bounce", {"type": "soft"}, "Bounce", ("bounce", "bounceType", "Transient")),
        ("complaint", {}, "Complaint", ("complaint", "complaintFeedbackType", "abuse")),
        ("delay", {}, "DeliveryDelay", ("deliveryDelay", "delayType", "TransientCommunicationFailure")),
        ("reject", {}, "Reject", ("reject", "reason", "Bad content")),
    ],
)
def test_a_button_sends_the_event_through_the_topic(
    repaired: Probe, action: str, wish: dict[str, str], event: str, detail: tuple[str, str, str]
) -> None:
    sent = mail_checks.send(repaired, f"{action}-{wish.get('type', '')}@shop.example")
    repaired.mailbox.act(sent, action, **wish)
    key, field, value = detail
    found = event_of(repaired, sent, event)[key]
    assert isinstance(found, dict)
    assert found[field] == value
    shown = [entry["event"] for entry in repaired.mailbox.message(sent)["events"]]
    assert any(name.endswith(event) for name in shown)


def test_a_hard_bounce_ends_delivery_to_the_address(repaired: Probe) -> None:
    address = "bounced-for-good@shop.example"
    repaired.mailbox.act(mail_checks.send(repaired, address), "bounce", type="hard")
    second = event_of(repaired, mail_checks.send(repaired, address), "Bounce")["bounce"]
    assert isinstance(second, dict)
    assert second["bounceSubType"] == "OnAccountSuppressionList"


def test_one_click_unsubscribe_posts_to_the_public_door(repaired: Probe) -> None:
    sent = mail_checks.send(repaired, "leaving@shop.example")
    assert repaired.mailbox.act(sent, "unsubscribe").json() == {"status": 200}


def test_a_mail_without_one_click_says_so(repaired: Probe) -> None:
    sent = repaired.aws("sesv2").send_email(
        FromEmailAddress="hello@shop.example",
        Destination={"ToAddresses": ["plain@shop.example"]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "y"}}}},
    )["MessageId"]
    with pytest.raises(Unexpected, match="no one-click unsubscribe"):
        repaired.mailbox.act(sent, "unsubscribe")


def test_raw_mime_is_shown_in_parts(repaired: Probe) -> None:
    raw = (
        b"From: hello@shop.example\r\nTo: raw@shop.example\r\nSubject: =?utf-8?q?S=C3=AD?=\r\nX-Own: 1\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<b>hola</b>\r\n"
    )
    sent = repaired.aws("sesv2").send_email(Content={"Raw": {"Data": raw}})["MessageId"]
    shown = repaired.mailbox.message(sent)
    assert (shown["to"], shown["subject"], shown["html"].strip()) == (["raw@shop.example"], "Sí", "<b>hola</b>")
    assert {"Name": "X-Own", "Value": "1"} in shown["headers"]


def test_the_list_is_found_by_address_and_subject(repaired: Probe) -> None:
    sent = mail_checks.send(repaired, "only-once@shop.example")
    assert [entry["id"] for entry in repaired.mailbox.messages(to="ONLY-once", subject="hol")] == [sent]
    assert repaired.mailbox.messages(to="only-once", subject="other") == []


def test_pages_speak_both_languages_and_let_no_mail_run_scripts(repaired: Probe) -> None:
    sent = mail_checks.send(repaired, "shown@shop.example")
    url = repaired.ports.mailbox_url
    assert "Buzón" in request("GET", f"{url}/?lang=es").text
    assert "Mailbox" in request("GET", f"{url}/?lang=en").text
    page = request("GET", f"{url}/mails/{sent}?lang=en").text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "Hard bounce" in page
    assert "One-click unsubscribe" in page
    assert "List-Unsubscribe-Post" in request("GET", f"{url}/mails/{sent}?view=headers").text
    content = request("GET", f"{url}/mails/{sent}/html")
    assert content.headers["content-security-policy"].startswith("sandbox ")
    assert "script" not in content.headers["content-security-policy"]
    assert request("GET", f"{url}/mails/nothing").status == 404


def test_a_button_on_the_page_leads_back_to_it(repaired: Probe) -> None:
    sent = mail_checks.send(repaired, "pressed@shop.example")
    answer = request("POST", f"{repaired.ports.mailbox_url}/messages/{sent}/bounce", form={"type": "soft"})
    assert (answer.status, answer.headers["location"]) == (303, f"/mails/{sent}?done=bounce")


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        ({"List_Unsubscribe": "<https://a.example/u/1>", "List_Unsubscribe_Post": ONE_CLICK}, "https://a.example/u/1"),
        (
            {"List_Unsubscribe": "<mailto:a@b.example>, <http://a.example/u>", "List_Unsubscribe_Post": ONE_CLICK},
            "http://a.example/u",
        ),
        ({"List_Unsubscribe": "<mailto:a@b.example>", "List_Unsubscribe_Post": ONE_CLICK}, None),
        ({"List_Unsubscribe": "<https://a.example/u/1>"}, None),
        ({}, None),
    ],
)
def test_unsubscribe_url(headers: dict[str, str], url: str | None) -> None:
    assert unsubscribe_url(mail(**headers)) == url


def test_one_click_never_leaves_the_machine() -> None:
    foreign = mail(List_Unsubscribe="<https://a.example/u/1>", List_Unsubscribe_Post=ONE_CLICK)
    with pytest.raises(ValueError, match="does not lead to"):
        one_click(foreign, "http://127.0.0.1:4580")


def test_the_outbox_survives_half_a_line(tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "mails.jsonl"
    outbox = Outbox(file)
    outbox.add({"id": "a", "subject": "one"})
    outbox.note("a", "Delivery", "2026-11-21T10:00:00.000Z")
    with file.open("a", encoding="utf-8") as out:
        out.write('{"mail": {"id": "b", "subj')
    kept = Outbox(file)
    assert [entry["id"] for entry in kept.newest_first()] == ["a"]
    assert kept.get("a@email.amazonses.com") == {
        "id": "a",
        "subject": "one",
        "events": [{"event": "Delivery", "at": "2026-11-21T10:00:00.000Z"}],
    }

"""What the repairs of mail promise. A check passes on the repaired emulator and fails on stock."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from infra.local.http import request
from tests.local.checks import as_user
from tests.local.probe import Probe


def ses_identity(probe: Probe) -> None:
    probe.aws("sesv2").create_email_identity(EmailIdentity="may.example")
    ses = as_user(probe, "sesv2", "ses:SendEmail", "arn:aws:ses:*:*:identity/may.example")
    mail = {
        "Destination": {"ToAddresses": ["somebody@shop.example"]},
        "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
    }
    assert ses.send_email(FromEmailAddress="May <hello@may.example>", **mail)["MessageId"]
    with pytest.raises(ClientError, match="not authorized"):
        ses.send_email(FromEmailAddress="hello@may-not.example", **mail)


def ses_account(probe: Probe) -> None:
    ses = probe.aws("sesv2")
    ses.put_suppressed_destination(EmailAddress="Never@shop.example", Reason="COMPLAINT")
    kept = ses.get_suppressed_destination(EmailAddress="never@shop.example")["SuppressedDestination"]
    assert kept["Reason"] == "COMPLAINT"
    ses.delete_suppressed_destination(EmailAddress="never@shop.example")
    with pytest.raises(ClientError, match="does not exist on your suppression list"):
        ses.get_suppressed_destination(EmailAddress="never@shop.example")
    before = datetime.now(UTC) - timedelta(hours=1)
    for name in ("uno", "dos", "tres"):
        ses.put_suppressed_destination(EmailAddress=f"{name}@shop.example", Reason="BOUNCE")
    page = ses.list_suppressed_destinations(StartDate=before, PageSize=2)
    listed = page["SuppressedDestinationSummaries"]
    assert len(listed) == 2
    while token := page.get("NextToken"):
        page = ses.list_suppressed_destinations(StartDate=before, PageSize=2, NextToken=token)
        listed += page["SuppressedDestinationSummaries"]
    assert {entry["EmailAddress"] for entry in listed} >= {f"{name}@shop.example" for name in ("uno", "dos", "tres")}
    assert (
        ses.list_suppressed_destinations(StartDate=before + timedelta(hours=2))["SuppressedDestinationSummaries"] == []
    )
    granted = ses.get_account()["SendQuota"]["MaxSendRate"]
    limit = f"{probe.ports.aws_url}/_local/ses/account"
    request("POST", limit, json_body={"max_send_rate": 1})
    try:
        with pytest.raises(ClientError, match="Maximum sending rate exceeded"):
            for _ in range(3):
                send(probe, "fast@shop.example")
    finally:
        request("POST", limit, json_body={"max_send_rate": granted})


def ses_events(probe: Probe) -> None:
    address = f"bounce+{uuid.uuid4().hex}@simulator.amazonses.com"
    sent = send(probe, address)
    mail = probe.mailbox.message(sent)
    assert {header["Name"] for header in mail["headers"]} == {"List-Unsubscribe", "List-Unsubscribe-Post"}
    assert mail["tags"] == [{"Name": "gotero_message", "Value": "contacts-1"}]
    event = json.loads(probe.receive("MailQueue", 10)["Body"])
    while event["mail"]["messageId"] != sent:  # other checks send mails too
        event = json.loads(probe.receive("MailQueue", 10)["Body"])
    assert event["eventType"] == "Bounce"
    assert event["mail"]["tags"]["gotero_message"] == ["contacts-1"]
    assert event["bounce"]["bounceType"] == "Permanent"
    with pytest.raises(ClientError, match="does not exist"):
        send(probe, "someone@shop.example", configuration_set="nowhere")


def send(probe: Probe, to: str, configuration_set: str | None = None) -> str:
    unsubscribe = f"<{probe.ports.public_url}/f/unsubscribe>"
    answer = probe.aws("sesv2").send_email(
        FromEmailAddress="Shop <hello@shop.example>",
        Destination={"ToAddresses": [to]},
        ConfigurationSetName=configuration_set or probe.outputs["ConfigurationSet"],
        EmailTags=[{"Name": "gotero_message", "Value": "contacts-1"}],
        Content={
            "Simple": {
                "Subject": {"Data": "Hola"},
                "Body": {"Text": {"Data": "Texto"}, "Html": {"Data": "<p>Texto <a href='https://a.example'>a</a></p>"}},
                "Headers": [
                    {"Name": "List-Unsubscribe", "Value": unsubscribe},
                    {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"},
                ],
            }
        },
    )
    return str(answer["MessageId"])

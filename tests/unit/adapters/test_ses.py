"""SES: one try a mail, every answer told for what it is, and its events in our words."""

import json
from dataclasses import replace
from email import message_from_string, policy
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from gotero.adapters.aws import clients
from gotero.adapters.providers.mime import mailbox
from gotero.adapters.providers.ses.events import is_ses_event, message_event, unwrap
from gotero.adapters.providers.ses.send import SesMail
from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Refused, Unknown
from gotero.domain.sender_identity import SenderIdentity
from gotero.domain.template import MailContent

ID = "contacts-c1-job-j1-1"
AT = "2026-11-21T10:00:00.000Z"
MAIL = OutgoingMail(
    ID,
    SenderIdentity("Àngels Ferrandis", "angels@huertaturia.example", "angels@correo.example"),
    "carme@xn--fusteria-roig-9db.example",
    MailContent("¡Hola!", "<p>Hola</p>", "Hola", (("List-Unsubscribe", "<https://go.example/u/t>"),)),
)


class _Client:
    """SES as far as it is used: remembers the request, answers or raises."""

    def __init__(self, answer: Exception | None = None) -> None:
        self.answer, self.requests = answer, list[dict[str, Any]]()

    def send_email(self, **request: Any) -> dict[str, str]:
        self.requests.append(request)
        if self.answer:
            raise self.answer
        return {"MessageId": "ses-1"}


def _send(client: Any, mail: OutgoingMail = MAIL) -> Handover:
    return SesMail(client, "gotero-events").send(mail)


def _error(code: str, message: str = "", status: int = 400) -> ClientError:
    response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "SendEmail")


def test_a_mail_is_handed_over_with_tag_headers_and_answers_to_its_sender() -> None:
    client = _Client()
    assert _send(client) == Accepted("ses-1")
    [request] = client.requests
    assert request["EmailTags"] == [{"Name": "gotero_message", "Value": ID}]
    assert request["ConfigurationSetName"] == "gotero-events"
    assert request["Destination"] == {"ToAddresses": ["carme@xn--fusteria-roig-9db.example"]}
    assert request["ReplyToAddresses"] == ["angels@correo.example"]
    simple = request["Content"]["Simple"]
    assert simple["Subject"]["Data"] == "¡Hola!"
    assert simple["Headers"] == [{"Name": "List-Unsubscribe", "Value": "<https://go.example/u/t>"}]


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (_error("TooManyRequestsException", "Maximum sending rate exceeded", 429), Postponed("throttled")),
        (_error("TooManyRequestsException", "Daily message quota exceeded", 429), Postponed("quota")),
        (_error("SendingPausedException"), Postponed("paused")),
        (_error("AccessDeniedException", "", 403), Postponed("denied")),
        # A clock that is wrong, keys that are being changed: no mail of a campaign may fail of it.
        (_error("InvalidSignatureException", "Signature expired", 403), Postponed("denied")),
        (_error("NotFoundException", "Configuration set does not exist", 404), Postponed("denied")),
        (_error("MessageRejected", "Address is not verified: ana@example.com"), Refused("MessageRejected")),
        (_error("BadRequestException"), Refused("BadRequestException")),
        (_error("InternalServiceErrorException", "", 500), Unknown("InternalServiceErrorException")),
        (EndpointConnectionError(endpoint_url="https://x"), Postponed("unreachable")),
        (ConnectTimeoutError(endpoint_url="https://x"), Postponed("unreachable")),
        (ReadTimeoutError(endpoint_url="https://x"), Unknown("ReadTimeoutError")),
    ],
)
def test_every_answer_is_told_for_what_it_is(error: Exception, answer: Handover) -> None:
    assert _send(_Client(error)) == answer


def test_a_sender_that_no_header_can_hold_is_refused_before_anything_leaves() -> None:
    client = _Client()
    mail = replace(MAIL, sender=SenderIdentity("Jurgen", "jürgen@correo.example"))
    assert _send(client, mail) == Refused("ParamValidation")
    assert client.requests == []


def test_a_lost_answer_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client of the product against one that loses every answer: the SDK must not try again by itself."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    tries: list[str] = []

    def lose(request: Any, **rest: Any) -> None:
        tries.append(request.url)
        raise ReadTimeoutError(endpoint_url=request.url)

    def counted(client: Any) -> int:
        client.meta.events.register("before-send.sesv2.SendEmail", lose)
        tries.clear()
        assert isinstance(_send(client), Unknown)
        return len(tries)

    clients.mail.cache_clear()
    assert counted(clients.mail()) == 1
    # Without the setting it would be more: this is what the setting is there for.
    assert counted(boto3.client("sesv2", config=Config(retries={"mode": "standard"}))) > 1
    clients.mail.cache_clear()


@pytest.mark.parametrize(
    "name",
    [
        "Marc Soler",
        "Àngels Ferrandis",
        "Roig, S.L.",
        'Dice "hola"',
        "Evil\r\nBcc: x@y.example",
        "日本" * 80,
        "a\u2028b",
        "",
    ],
)
def test_a_display_name_is_one_header_and_comes_back_whole(name: str) -> None:
    header = mailbox(name, "marc@huertaturia.example")
    parsed = message_from_string(f"From: {header}\n\n", policy=policy.default)
    assert parsed.keys() == ["From"]
    [sender] = parsed["From"].addresses
    assert sender.addr_spec == "marc@huertaturia.example"
    assert sender.display_name.replace(" ", "") == "".join(c for c in name if c.isprintable()).replace(" ", "")


def _event(name: str, key: str, **details: Any) -> dict[str, Any]:
    mail = {"messageId": "ses-1", "timestamp": AT, "tags": {"gotero_message": [ID], "ses:from-domain": ["x"]}}
    return {"eventType": name, "mail": mail, key: {"timestamp": "2026-11-21T10:05:00.123Z", **details}}


@pytest.mark.parametrize(
    ("event", "kind", "suppress"),
    [
        (_event("Send", "send"), "accepted", False),
        (_event("Delivery", "delivery", recipients=["a@b.example"]), "delivered", False),
        (_event("DeliveryDelay", "deliveryDelay", delayType="MailboxFull"), "delayed", False),
        (_event("Bounce", "bounce", bounceType="Permanent", bounceSubType="General"), "bounced", True),
        (_event("Bounce", "bounce", bounceType="Transient", bounceSubType="MailboxFull"), "bounced", False),
        (_event("Bounce", "bounce", bounceType="Permanent", bounceSubType="OnAccountSuppressionList"), "dropped", True),
        (_event("Complaint", "complaint", complaintFeedbackType="abuse"), "spam", False),
        (_event("Reject", "reject", reason="Bad content"), "dropped", False),
        (_event("Rendering Failure", "failure", errorMessage="no"), "dropped", False),
    ],
)
def test_ses_events_in_our_words(event: dict[str, Any], kind: str, suppress: bool) -> None:
    raw = unwrap(event)
    wrapped = unwrap({"Type": "Notification", "MessageId": "m", "Message": json.dumps(event)})
    assert raw == wrapped == event
    assert is_ses_event(raw)
    read = message_event(raw, "2026-11-21T11:00:00.000Z")
    assert read is not None
    assert (read.kind, read.message_id, read.provider_id, read.suppress) == (kind, ID, "ses-1", suppress)
    assert read.at == "2026-11-21T10:05:00.123Z"


def test_one_event_published_twice_has_one_id_and_two_events_have_two() -> None:
    first, again = (message_event(_event("Delivery", "delivery"), AT) for _ in range(2))
    other = message_event(_event("Bounce", "bounce", bounceType="Transient"), AT)
    assert first is not None and again is not None and other is not None
    assert first.id == again.id != other.id


def test_a_reason_quotes_no_address() -> None:
    recipient = {"emailAddress": "ana@example.com", "diagnosticCode": "smtp; 550 5.1.1 <ana@example.com> unknown"}
    event = message_event(_event("Bounce", "bounce", bounceType="Permanent", bouncedRecipients=[recipient]), AT)
    assert event is not None
    assert "ana@example.com" not in event.reason
    assert "550 5.1.1" in event.reason


def test_what_is_not_about_a_mail_of_ours_is_none() -> None:
    untagged = _event("Delivery", "delivery")
    untagged["mail"]["tags"] = {}
    assert message_event(untagged, AT) is None
    assert message_event(_event("Open", "open"), AT) is None
    assert message_event({**_event("Bounce", "bounce"), "mail": [1]}, AT) is None
    # A shape that was never promised costs the detail alone.
    event = message_event({**_event("Bounce", "bounce"), "bounce": {"bouncedRecipients": ["ana"]}}, AT)
    assert event is not None
    assert (str(event.kind), event.permanent, event.reason) == ("bounced", False, "")
    assert not is_ses_event({"Type": "SubscriptionConfirmation", "SubscribeURL": "https://evil.example"})

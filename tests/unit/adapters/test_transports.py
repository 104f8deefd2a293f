"""SendGrid and SMTP against servers on this machine that break at every step: one try a mail, and the truth of it."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from gotero.adapters.outbound import allowed, connect
from gotero.adapters.providers.mime import mime
from gotero.adapters.providers.sendgrid import send as sendgrid
from gotero.adapters.providers.sendgrid.send import SendGridMail
from gotero.adapters.providers.smtp import send as smtp_send
from gotero.adapters.providers.smtp.send import SmtpMail
from gotero.domain.handover import Accepted, Handover, OutgoingMail, Postponed, Refused, Unknown
from gotero.domain.letter import Attachment
from gotero.domain.sender_identity import SenderIdentity
from gotero.domain.template import MailContent
from gotero.domain.transport import Relay, Smtp
from tests.unit.adapters.loopback import CLOSE, SILENCE, Server, http, smtp

ID = "contacts-c1-job-j1-1"
LEAVE = (
    "List-Unsubscribe",
    "<https://go.example/u/" + "t" * 180 + ">, <mailto:bajas@x.example?subject=" + "t" * 180 + ">",
)
MAIL = OutgoingMail(
    ID,
    SenderIdentity("Àngels Ferrandis, de la huerta", "angels@huertaturia.example", "angels@correo.example"),
    "carme@xn--fusteria-roig-9db.example",
    MailContent(
        "¡Hola! Ya están aquí las naranjas de la temporada, y son las mejores", "<p>Hóla</p>", ".hola\n..", (LEAVE,)
    ),
)
PDF = Attachment("Factura Á 1.pdf", "application/pdf", b"%PDF-1.4 \x00\xff")


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    import urllib3

    sendgrid._pool.cache_clear()
    monkeypatch.setattr(smtp_send, "_ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(urllib3.Timeout, "DEFAULT_TIMEOUT", 0.2)
    pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=0.2, read=0.2), retries=False)
    monkeypatch.setattr(sendgrid, "_pool", lambda: pool)
    yield
    pool.clear()


# -- SendGrid ---------------------------------------------------------------------------------------------------------


def by_sendgrid(server: Server | None, mail: OutgoingMail = MAIL, key: str = "SG.key") -> Handover:
    port = server.port if server else 1
    return SendGridMail(lambda: [key] if key else [], url=f"http://127.0.0.1:{port}").send(mail)


def test_sendgrid_gets_the_mail_with_our_id_and_without_tracking() -> None:
    with http() as server:
        assert by_sendgrid(server, replace(MAIL, attachments=(PDF,))) == Accepted("sg-1")
    [(path, headers, body)] = server.asked
    assert (path, headers["authorization"]) == ("/v3/mail/send", "Bearer SG.key")
    assert body["personalizations"] == [
        {"to": [{"email": "carme@xn--fusteria-roig-9db.example"}], "custom_args": {"gotero_message": ID}}
    ]
    assert body["from"] == {"email": "angels@huertaturia.example", "name": "Àngels Ferrandis, de la huerta"}
    assert body["reply_to"] == {"email": "angels@correo.example"}
    assert body["headers"] == dict([LEAVE])
    assert [part["type"] for part in body["content"]] == ["text/plain", "text/html"]
    assert not any(setting["enable"] for setting in body["tracking_settings"].values())
    assert [file["filename"] for file in body["attachments"]] == ["Factura Á 1.pdf"]


@pytest.mark.parametrize(
    ("fault", "answer", "taken"),
    [
        (200, Accepted("sg-1"), 0),
        (400, Refused("http_400"), 0),
        (413, Refused("http_413"), 0),
        (302, Refused("http_302"), 0),
        (401, Postponed("denied"), 0),
        (403, Postponed("denied"), 0),
        (429, Postponed("throttled"), 0),
        (500, Unknown("http_500"), 0),
        (503, Unknown("http_503"), 0),
        (SILENCE, Unknown("ReadTimeoutError"), 1),
        (CLOSE, Unknown("ProtocolError"), 1),
    ],
)
def test_sendgrid_is_asked_once_and_told_for_what_it_says(fault: Any, answer: Handover, taken: int) -> None:
    with http(answer=fault) as server:
        assert by_sendgrid(server) == answer
    assert (len(server.asked), len(server.taken)) == (1, taken)


def test_sendgrid_that_is_not_there_or_has_no_key_has_nothing() -> None:
    assert by_sendgrid(None) == Postponed("unreachable")
    with http() as server:
        assert by_sendgrid(server, key="") == Postponed("denied")
    assert server.asked == []


# -- SMTP -------------------------------------------------------------------------------------------------------------


def by_smtp(server: Server | None, mail: OutgoingMail = MAIL, **rest: Any) -> Handover:
    described: dict[str, Any] = {"security": "none", "private": True, **rest}
    return SmtpMail(Smtp("127.0.0.1", server.port if server else 1, **described), lambda: ["huerta:secreto"]).send(mail)


def read(taken: bytes) -> EmailMessage:
    message = message_from_bytes(taken.replace(b"\r\n..", b"\r\n."), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_smtp_gets_one_transaction_and_a_mail_that_every_program_reads() -> None:
    with smtp() as server:
        assert by_smtp(server, replace(MAIL, attachments=(PDF,)), login="arn") == Accepted("queued as 7F3A")
    commands = [line.split()[0].upper() for line in server.asked]
    assert commands == ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]
    assert server.asked[2:4] == ["MAIL FROM:<angels@huertaturia.example>", f"RCPT TO:<{MAIL.to}>"]
    [taken] = server.taken
    assert all(len(line) <= 998 for line in taken.splitlines())
    message = read(taken)
    assert message["From"].addresses[0].display_name == "Àngels Ferrandis, de la huerta"
    assert message["Subject"] == MAIL.content.subject
    assert message["Reply-To"] == "angels@correo.example"
    assert message["Message-ID"] == f"<{ID}@huertaturia.example>"
    # As it stands, and not as encoded words: mail programs read it byte by byte.
    assert LEAVE[1].split(", ")[0].encode() in taken
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None and html.get_content().split() == ["<p>Hóla</p>"]
    assert text is not None and text.get_content().split() == [".hola", ".."]
    [file] = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (PDF.name, PDF.content)


@pytest.mark.parametrize(
    ("relay", "name"),
    [
        ("ses", "X-SES-MESSAGE-TAGS"),
        ("sendgrid", "X-SMTPAPI"),
        ("postmark", "X-PM-Metadata-gotero_message"),
        ("mailgun", "X-Mailgun-Variables"),
        ("brevo", "X-Mailin-custom"),
    ],
)
def test_every_relay_carries_our_id_into_its_webhook(relay: Relay, name: str) -> None:
    with smtp() as server:
        by_smtp(server, relay=relay)
    message = read(server.taken[0])
    assert ID in message[name]
    assert message["X-Gotero-Message"] == ID


@pytest.mark.parametrize(
    ("faults", "answer", "taken"),
    [
        ({"greeting": 421}, Postponed("throttled"), 0),
        ({"greeting": 554}, Postponed("denied"), 0),
        ({"greeting": SILENCE}, Postponed("unreachable"), 0),
        ({"EHLO": CLOSE}, Postponed("unreachable"), 0),
        ({"AUTH": 535}, Postponed("denied"), 0),
        ({"MAIL": 451}, Postponed("busy"), 0),
        ({"MAIL": 550}, Refused("smtp_550"), 0),
        ({"MAIL": SILENCE}, Postponed("unreachable"), 0),
        ({"RCPT": 550}, Refused("smtp_550"), 0),
        ({"RCPT": 450}, Postponed("smtp_450", alone=True), 0),
        ({"RCPT": 421}, Postponed("busy"), 0),
        ({"RCPT": CLOSE}, Postponed("unreachable"), 0),
        ({"DATA": 452}, Postponed("busy"), 0),
        ({"DATA": SILENCE}, Postponed("unreachable"), 0),
        ({"body": 451}, Postponed("smtp_451", alone=True), 0),
        ({"body": 554}, Refused("smtp_554"), 0),
        # Taken, and the answer lost: the only outcome that nobody knows.
        ({"body": CLOSE}, Unknown("SMTPServerDisconnected"), 1),
        ({"body": SILENCE}, Unknown("SMTPServerDisconnected"), 1),
    ],
)
def test_smtp_breaks_at_every_step(faults: dict[str, Any], answer: Handover, taken: int) -> None:
    with smtp(**faults) as server:
        assert by_smtp(server, login="arn") == answer
    assert len(server.taken) == taken
    assert sum(line.upper().startswith("MAIL") for line in server.asked) <= 1


def test_smtp_server_that_is_not_there_is_none() -> None:
    assert by_smtp(None) == Postponed("unreachable")


@pytest.mark.parametrize("rest", [{"security": "starttls"}, {"security": "tls"}])
def test_a_server_without_the_encryption_that_was_asked_for_gets_nothing(rest: dict[str, Any]) -> None:
    with smtp() as server:
        assert isinstance(by_smtp(server, **rest), Postponed)
    assert server.taken == []


def test_a_server_in_a_private_network_is_reached_only_when_that_is_meant() -> None:
    with smtp() as server:
        assert by_smtp(server, private=False) == Postponed("denied")
    assert server.asked == []


def test_an_address_that_would_end_its_command_is_refused() -> None:
    with smtp() as server:
        assert by_smtp(server, replace(MAIL, to="a@x.example> RCPT TO:<b@y.example")) == Refused("ParamValidation")
    assert server.asked == []


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert allowed(address, private=False)


PRIVATE = """127.0.0.1 10.0.0.5 172.16.0.1 192.168.1.1 100.64.0.1 ::1 fd12::1 ::ffff:10.0.0.1 64:ff9b::a00:1
2002:a00:1::"""
#: Where clouds keep their instances' credentials, and what is no address of anybody.
NEVER = """169.254.169.254 169.254.170.2 fe80::1%eth0 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe fd00:ec2::254 224.0.0.1
0.0.0.0"""


@pytest.mark.parametrize("address", [*PRIVATE.split(), *NEVER.split()])
def test_private_addresses_have_to_be_meant(address: str) -> None:
    assert not allowed(address, private=False)
    assert allowed(address, private=True) == (address in PRIVATE.split())


def test_a_name_with_many_silent_addresses_is_given_up_before_its_caller_is(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [0.0]

    class Silent:
        def __init__(self, *family: Any) -> None:
            self.timeout = 0.0

        def settimeout(self, timeout: float) -> None:
            self.timeout = timeout

        def connect(self, address: Any) -> None:
            seconds[0] += self.timeout
            raise TimeoutError

        def close(self) -> None:
            pass

    ten = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"93.184.216.{n}", 587)) for n in range(10)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **rest: ten)
    monkeypatch.setattr(socket, "socket", Silent)
    monkeypatch.setattr("gotero.adapters.outbound.monotonic", lambda: seconds[0])
    with pytest.raises(TimeoutError):
        connect("smtp.example.com", 587, 2.0, private=False)
    assert seconds == [4.0]


def test_a_name_beyond_ascii_and_a_subject_of_any_length_fold_within_the_limits() -> None:
    long = replace(
        MAIL,
        sender=SenderIdentity("日本" * 100, "a@huerta.example"),
        content=replace(MAIL.content, subject="á" * 900),
    )
    message = read(mime(long))
    long_header = message_from_bytes(mime(long))["From"]
    # Python's own reader of addresses puts a space between two encoded words; the standard and everybody else do not.
    assert str(make_header(decode_header(long_header))).startswith("日本" * 100 + " <")
    assert message["Subject"] == "á" * 900
    assert all(len(line) <= 998 for line in mime(long).splitlines())


CASES = Path(__file__).parents[4] / "shared" / "cases" / "header_injection.json"


@pytest.mark.skipif(not CASES.exists(), reason="the external cases are not beside the repository")
def test_no_payload_makes_a_header_or_a_recipient_of_its_own() -> None:
    import json

    usual = set(read(mime(MAIL)).keys())
    payloads = [case["payload"] for case in json.loads(CASES.read_text())["payloads"]]
    assert payloads
    for payload in payloads:
        sender = SenderIdentity(payload, "a@huerta.example", "b@huerta.example")
        content = replace(MAIL.content, subject=payload, headers=((LEAVE[0], payload),))
        message = read(mime(replace(MAIL, sender=sender, content=content)))
        assert set(message.keys()) == usual
        assert [a.addr_spec for a in message["To"].addresses] == [MAIL.to]
        assert [a.addr_spec for a in message["From"].addresses] == ["a@huerta.example"]


def test_certificates_are_checked() -> None:
    context = SmtpMail(Smtp("smtp.example"), list)._context
    assert context and context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname

"""Whom the doctor asks: SES and its neighbours, the DNS, a web page over TLS."""

import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any, cast

import dns.exception
import dns.resolver
import dns.rrset
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from gotero.adapters.dns_texts import DnsTexts
from gotero.adapters.providers.ses.checkup import SesCheckup
from gotero.adapters.web_pages import TlsPages
from gotero.domain.doctor.facts import UnansweredError, Visit

TOPIC = "arn:aws:sns:eu-west-1:123456789012:events"


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}, "GetEmailIdentity")  # type: ignore[typeddict-item]  # as much of it as is read


def _checkup(**answers: Any) -> SesCheckup:
    def answering(answer: Any) -> Any:
        def call(**_: Any) -> Any:
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call

    fake = SimpleNamespace(**{name: answering(answer) for name, answer in answers.items()})
    fake.meta = SimpleNamespace(region_name="eu-west-1")
    client = cast(Any, fake)
    return SesCheckup(client, client, client, "events")


def test_the_account_and_its_plan_are_read_as_ses_tells_them() -> None:
    told: dict[str, Any] = {
        "ProductionAccessEnabled": True,
        "SendingEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "SendQuota": {"MaxSendRate": 14.0, "Max24HourSend": 50_000.0, "SentLast24Hours": 3.0},
    }
    assert _checkup(get_account=told).account().plan == ""
    account = _checkup(get_account={**told, "PricingAttributes": {"CurrentPlan": "ESSENTIALS"}}).account()
    assert (account.production, account.rate, account.per_day, account.plan) == (True, 14, 50_000, "ESSENTIALS")


def test_a_domain_is_known_pending_or_unheard_of() -> None:
    told = {
        "VerifiedForSendingStatus": True,
        "DkimAttributes": {"SigningEnabled": True, "Status": "PENDING", "Tokens": ["abc"]},
        "MailFromAttributes": {"MailFromDomain": "rebotes.huerta.es", "MailFromDomainStatus": "SUCCESS"},
    }
    identity = _checkup(get_email_identity=told).identity("huerta.es")
    assert identity is not None
    assert (identity.verified, identity.dkim, identity.dkim_tokens) == (True, "PENDING", ("abc",))
    assert (identity.mail_from, identity.region) == ("rebotes.huerta.es", "eu-west-1")
    unsigned = _checkup(get_email_identity={"DkimAttributes": {"SigningEnabled": False, "Status": "SUCCESS"}})
    assert unsigned.identity("huerta.es").dkim == "NOT_STARTED"  # type: ignore[union-attr]  # it is known
    assert _checkup(get_email_identity=_refused("NotFoundException")).identity("huerta.es") is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (_refused("AccessDeniedException"), "denied"),
        (_refused("InternalFailure"), "failed"),
        (EndpointConnectionError(endpoint_url="https://email.eu-west-1.amazonaws.com"), "unreachable"),
    ],
)
def test_why_there_is_no_answer_is_told(error: Exception, reason: str) -> None:
    with pytest.raises(UnansweredError) as raised:
        _checkup(get_email_identity=error).identity("huerta.es")
    assert raised.value.reason == reason


def test_notices_count_where_they_are_on_and_heard() -> None:
    on = {"Enabled": True, "MatchingEventTypes": ["SEND", "BOUNCE"], "SnsDestination": {"TopicArn": TOPIC}}
    off = {**on, "Enabled": False, "MatchingEventTypes": ["COMPLAINT"]}
    heard = [{"SubscriptionArn": f"{TOPIC}:1"}, {"SubscriptionArn": "PendingConfirmation"}]
    events = _checkup(
        get_configuration_set_event_destinations={"EventDestinations": [on, off]},
        list_subscriptions_by_topic={"Subscriptions": heard},
    ).events()
    assert (sorted(events.kinds), events.listeners) == (["BOUNCE", "SEND"], 1)
    limits = _checkup(get_account_settings={"AccountLimit": {"ConcurrentExecutions": 10}})
    assert limits.concurrency() == 10


def test_texts_come_whole_and_silence_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: dict[str, Any] = {
        "a.es.": SimpleNamespace(rrset=dns.rrset.from_text("a.es.", 60, "IN", "TXT", '"v=spf1 " "-all"', '"other"')),
        "none.es.": dns.resolver.NXDOMAIN,
        "late.es.": dns.exception.Timeout,
        "off.es.": dns.resolver.NoNameservers,
    }

    def resolve(name: str, kind: str, **how: Any) -> Any:
        assert (kind, how["search"], how["lifetime"] <= 2) == ("TXT", False, True)
        answer = answers[name]
        if isinstance(answer, type):
            raise answer
        return answer

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    texts = DnsTexts()
    assert sorted(texts("a.es")) == ["other", "v=spf1 -all"]
    assert texts("none.es") == ()
    for name, reason in (("late.es", "timeout"), ("off.es", "unreachable")):
        with pytest.raises(UnansweredError) as raised:
            texts(name)
        assert raised.value.reason == reason


@pytest.fixture
def page(tmp_path: Path) -> Any:
    """A page over TLS on this machine, with a certificate of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "page.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/baja?a=1" else 404)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = serving.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield SimpleNamespace(port=server.server_address[1], trust=ssl.create_default_context(cafile=str(file)))
    server.shutdown()
    server.server_close()


def test_a_page_answers_is_not_trusted_or_is_not_there(page: Any) -> None:
    here = f"https://127.0.0.1:{page.port}"
    trusting = TlsPages(page.trust, private=True)
    assert trusting(f"{here}/baja?a=1") == Visit(200)
    assert trusting(f"{here}/otra").status == 404
    assert TlsPages(private=True)(here) == Visit(0, trusted=False)
    assert trusting("https://127.0.0.1:1/").reached is False


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]", "[::ffff:169.254.169.254]"])
def test_no_page_of_the_house_or_the_cloud_is_visited(host: str) -> None:
    with pytest.raises(UnansweredError) as raised:
        TlsPages()(f"https://{host}/")
    assert raised.value.reason == "private"

"""Signatures that were really made, and forgeries of them (../shared/cases/signature_cases.json): none may pass."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gotero.adapters.providers.sendgrid import events as sendgrid
from gotero.adapters.providers.sendgrid.events import SendGridEvents
from gotero.adapters.providers.sns.events import SnsEvents, is_of_sns, signed
from gotero.domain.webhook import Credentials, HookRequest, Received, Refusal

FILE = Path(__file__).parents[3] / "shared" / "cases" / "signature_cases.json"
CASES: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE.name} is not beside the repository")


def named(cases: list[dict[str, Any]], by: str) -> dict[str, Any]:
    return {"argvalues": cases, "ids": [case[by] for case in cases]}


@pytest.mark.parametrize("case", **named(CASES.get("sns", []), "id"))
def test_messages_of_sns(case: dict[str, Any]) -> None:
    message, certificate = case["message"], CASES[case["cert_pem_ref"]].encode()
    assert signed(message, certificate) == case["expect_signature_valid"]
    # The same through the whole webhook; the certificate of 2022 has expired, and SNS vouches for it by its host alone.
    request = HookRequest({}, json.dumps(message).encode())
    answer = SnsEvents(lambda url: certificate).receive(request, Credentials(topics=(message["TopicArn"],)), NOW)
    assert isinstance(answer, Received) == case["expect_signature_valid"]
    foreign = SnsEvents(lambda url: certificate).receive(request, Credentials(topics=("arn:other",)), NOW)
    assert foreign == Refusal("topic")


@pytest.mark.parametrize("case", **named(CASES.get("sns_cert_url", []), "url"))
def test_certificates_come_from_sns_alone(case: dict[str, Any]) -> None:
    asked: list[str] = []

    def certificate(url: str) -> bytes:
        asked.append(url)
        return b""

    assert is_of_sns(case["url"], query=False) == case["trusted"]
    message = {**CASES["sns"][0]["message"], "SigningCertURL": case["url"]}
    answer = SnsEvents(certificate).receive(
        HookRequest({}, json.dumps(message).encode()), Credentials(topics=(message["TopicArn"],)), NOW
    )
    assert answer == Refusal("signature")
    assert bool(asked) == case["trusted"]


@pytest.mark.parametrize("case", **named(CASES.get("sendgrid", []), "id"))
def test_requests_of_sendgrid(case: dict[str, Any]) -> None:
    headers = {name.lower(): value for name, value in case["headers"].items()}
    stamp = headers["x-twilio-email-event-webhook-timestamp"]
    signature = headers["x-twilio-email-event-webhook-signature"]
    body, keys = case["body"].encode(), (case["public_key_b64"],)
    assert sendgrid.signed(keys, stamp, body, signature) == case["expect_signature_valid"]

    def received(at: datetime) -> bool:
        request = HookRequest(headers, body)
        return isinstance(SendGridEvents().receive(request, Credentials(signing=keys), at), Received)

    if case["expect_signature_valid"]:
        assert received(datetime.fromtimestamp(int(stamp) + 300, UTC))
        assert not received(datetime.fromtimestamp(int(stamp) + 301, UTC))
    # Somebody's copy of six years ago, whatever its signature.
    assert not received(NOW)

"""Webhooks as other projects recorded them (../shared/cases/webhook_cases.json), through the whole function."""

import json
import re
from base64 import b64decode
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gotero.adapters.providers.hook_request import VARIABLE
from gotero.adapters.providers.sendgrid import events as sendgrid
from gotero.domain import instant
from gotero.domain.message_event import MessageEvent
from gotero.domain.webhook import Ignored
from tests.functions.hooks_world import TOPIC, HooksWorld, signed_by_sns, world

__all__ = ["world"]

FILE = Path(__file__).parents[3] / "shared" / "cases" / "webhook_cases.json"
CASES: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["cases"] if FILE.exists() else []
MESSAGE = "contacts-c1-job-j1-1"
AT = "2026-11-21T10:00:00.000Z"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE.name} is not beside the repository")

OURS = {"amazon_ses": "sns", "sendgrid": "sendgrid", "postmark": "postmark", "mailgun": "mailgun", "brevo": "brevo"}
#: No transport of ours, so that no mail of ours could come back from them; docs/adding-a-provider.md says how.
NOT_SUPPORTED = {
    "mailersend",
    "mailjet",
    "mailtrap",
    "mandrill",
    "postal",
    "resend",
    "sparkpost",
    "unisender_go",
}
#: Their words for ours. None: it changes no message.
WORDS = {
    "queued": "accepted",
    "sent": "accepted",
    "delivered": "delivered",
    "deferred": "delayed",
    "bounced": "bounced",
    "rejected": "dropped",
    "failed": "dropped",
    "complained": "spam",
    "opened": "opened",
    "clicked": "clicked",
    "unsubscribed": "unsubscribed",
    "subscribed": None,
    "autoresponded": None,
    "unknown": None,
}

TAKEN = [case for case in CASES if case["provider"] in OURS and case["class"] in ("tracking", "auth")]


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,) if value else ()


def _key(world: HooksWorld, provider: str, config: dict[str, Any]) -> str:
    signing = (
        config.get("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY")
        or config.get("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY")
        or config.get("ANYMAIL_MAILGUN_API_KEY")
    )
    topics = (TOPIC, "arn:aws:sns:us-west-2:123456789012:SES_Notifications") if provider == "sns" else ()
    return world.webhook(provider, _texts(config.get("WEBHOOK_SECRET")), _texts(signing), topics)


def _body(case: dict[str, Any]) -> str | bytes:
    body = case["request"]["body"]
    if case["provider"] == "amazon_ses":
        # Recorded without a signature, which we demand: SNS signs whatever it carries.
        return json.dumps(signed_by_sns(json.loads(body["text"])))
    text: str | None = body.get("text")
    return b64decode(body["base64"]) if text is None else text


def _post(world: HooksWorld, case: dict[str, Any]) -> dict[str, Any]:
    provider, body = OURS[case["provider"]], _body(case)
    stamp = re.search(r'name="timestamp"\r\n\r\n(\d+)|"timestamp": "(\d+)"', body if isinstance(body, str) else "")
    if provider == "mailgun" and stamp:  # signed then: seen on that day
        world.clock.set(datetime.fromtimestamp(int(stamp[1] or stamp[2]), UTC))
    key = _key(world, provider, case["receiver_config"])
    headers = {name: value for name, value in case["request"]["headers"].items() if value is not None}
    return world.post(provider, key, body, case["request"]["content_type"], **headers)


def _tagged(provider: str, raw: dict[str, Any]) -> dict[str, Any]:
    """The event as it comes back from a mail of ours."""
    if provider == "sns":
        return {**raw, "mail": {**raw["mail"], "tags": {VARIABLE: [MESSAGE]}}} if "mail" in raw else raw
    if provider == "postmark":
        return {**raw, "Metadata": {**raw.get("Metadata", {}), VARIABLE: MESSAGE}}
    if provider == "mailgun":
        return {**raw, "user-variables": {**raw.get("user-variables", {}), VARIABLE: MESSAGE}}
    if provider == "brevo":
        return {**raw, "X-Mailin-custom": json.dumps({VARIABLE: MESSAGE})}
    return {**raw, VARIABLE: MESSAGE}


def _is_one_for_the_window(case: dict[str, Any]) -> bool:
    """Rightly signed, with a timestamp that is none: theirs has no window, ours refuses it."""
    headers = case["request"]["headers"]
    stamp = headers.get("x-twilio-email-event-webhook-timestamp", "0")
    return bool(case["expected"]["accepted"]) and not stamp.isdigit()


@pytest.mark.parametrize("case", TAKEN, ids=[f"{case['provider']}-{case['id']}" for case in TAKEN])
def test_what_was_recorded_is_taken_or_refused_as_it_was(world: HooksWorld, case: dict[str, Any]) -> None:
    answer = _post(world, case)
    assert answer["statusCode"] < 500
    if _is_one_for_the_window(case):
        headers = case["request"]["headers"]
        names = ("x-twilio-email-event-webhook-timestamp", "x-twilio-email-event-webhook-signature")
        keys = _texts(case["receiver_config"]["SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY"])
        stamp, signature = (headers[name] for name in names)
        assert sendgrid.signed(keys, stamp, case["request"]["body"]["text"].encode(), signature)
        assert answer["statusCode"] == 403
        return
    accepted = answer["statusCode"] == 200
    assert accepted == case["expected"]["accepted"], answer
    if not accepted:
        assert not world.queue.bodies
        return
    provider = world.providers[OURS[case["provider"]]]
    raws = world.events()
    if any(raw.get("Type") == "UnsubscribeConfirmation" for raw in raws):
        return  # no event of a mail: tests/functions/test_hooks.py
    read = [provider.read(_tagged(OURS[case["provider"]], raw), AT) for raw in raws]
    _as_expected(case, read)
    # Without our mark it is a mail of somebody else's.
    assert all(isinstance(provider.read(raw, AT), Ignored) for raw in raws)


def _as_expected(case: dict[str, Any], read: list[Any]) -> None:
    expected = [e for e in case["expected"]["events"] if WORDS[e["event_type"]] is not None]
    events = [e for e in read if isinstance(e, MessageEvent)]
    if case["provider"] == "amazon_ses":
        # One recipient a mail; opens and clicks are our own links' (adapters/providers/ses/events.py).
        kinds = {WORDS[e["event_type"]] for e in expected} - {"opened", "clicked"}
        assert {str(e.kind) for e in events} == kinds
        return
    assert [str(e.kind) for e in events] == [WORDS[e["event_type"]] for e in expected]
    for event, theirs in zip(events, expected, strict=True):
        assert event.message_id == MESSAGE
        stamp = theirs.get("timestamp")
        assert event.at == (instant.write(instant.read(stamp)) if stamp else event.at)
        assert event.url == theirs.get("click_url", "")
        if case["provider"] != "sendgrid" and "message_id" in theirs:
            assert event.provider_id == theirs["message_id"].strip("<>")
        assert theirs.get("recipient", "@") not in event.reason
    assert len({e.id for e in events}) == len(events)


def test_every_provider_is_taken_or_listed() -> None:
    unknown = {case["provider"] for case in CASES} - OURS.keys() - NOT_SUPPORTED
    assert unknown == set()
    counts = Counter(case["provider"] for case in TAKEN)
    print("taken:", dict(counts), "not supported:", ", ".join(sorted(NOT_SUPPORTED)), "; not read: mail that comes in")
    assert set(counts) == OURS.keys()

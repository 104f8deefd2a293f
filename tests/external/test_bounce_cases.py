"""Returned mails as other projects understand them (../shared/cases/bounce_cases.json)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gotero.adapters.providers.hook_request import VARIABLE
from gotero.adapters.providers.mailgun.events import MailgunEvents
from gotero.adapters.providers.postmark.events import PostmarkEvents
from gotero.adapters.providers.sendgrid.events import SendGridEvents
from gotero.adapters.providers.ses import events as ses
from gotero.domain.bounce import classify
from gotero.domain.message_event import MessageEvent
from gotero.domain.webhook import Confirmation, Ignored

FILE = Path(__file__).parents[3] / "shared" / "cases" / "bounce_cases.json"
CASES: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
MESSAGE = "contacts-c1-job-j1-1"
AT = "2026-11-21T10:00:00.000Z"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE.name} is not beside the repository")

#: Where we say that there is no such mailbox or domain and Sisimai does not.
SAYS_UNKNOWN = "the server's own words say that there is no such user or domain"
DIFFERENT = {
    "filtered": f"{SAYS_UNKNOWN}; Sisimai counts a refusal after DATA as a filter's",
    "rejected": f"{SAYS_UNKNOWN}; Sisimai reads one operator's habit into it",
    "networkerror": "the domain does not exist (NXDOMAIN)",
    "notaccept": "the domain says that it takes no mail (RFC 7505)",
}
#: How many of the other cases may be understood differently: sentences that were never seen before.
ALLOWED = 0.02


def test_hard_bounces_are_told_from_those_that_may_pass() -> None:
    different = []
    for case in CASES["sisimai_diagnostics"]:
        hard = classify(case["diagnostic"], case["status"] or "") == "hard"
        if hard != case["hardbounce"]:
            different.append((case["id"], case["reason"], hard))
    explained = [d for d in different if d[2] and d[1] in DIFFERENT]
    for id, reason, _ in explained:
        print(f"{id}: hard, as {DIFFERENT[reason]}")
    unexplained = [d for d in different if d not in explained]
    print(f"{len(CASES['sisimai_diagnostics'])} read, {len(explained)} differ on purpose, {len(unexplained)} otherwise")
    assert len(unexplained) <= ALLOWED * len(CASES["sisimai_diagnostics"]), unexplained


def test_every_returned_mail_means_something() -> None:
    for case in CASES["sisimai_index"]:
        for part in case.get("dsn", ()):
            words, status = part.get("diagnostic") or "", part.get("status") or ""
            assert classify(words, status) in ("hard", "block", "soft", "other")


def _ses(given: dict[str, str]) -> MessageEvent | None:
    recipient = {"emailAddress": "ana@example.com", "diagnosticCode": given.get("diagnostic", "")}
    bounce = {
        "bounceType": given.get("type", ""),
        "bounceSubType": given.get("subtype", ""),
        "bouncedRecipients": [recipient],
    }
    mail = {"messageId": "m", "tags": {VARIABLE: [MESSAGE]}}
    return ses.message_event({"eventType": "Bounce", "mail": mail, "bounce": bounce}, AT)


def _read(read: MessageEvent | Ignored | Confirmation) -> MessageEvent | None:
    return read if isinstance(read, MessageEvent) else None


def _mailgun(given: dict[str, str]) -> MessageEvent | None:
    raw = {"event": "failed", "severity": given["subtype"], "user-variables": {VARIABLE: MESSAGE}}
    return _read(MailgunEvents().read(raw, AT))


def _postmark(given: dict[str, str]) -> MessageEvent | None:
    return _read(
        PostmarkEvents().read({"RecordType": "Bounce", "Type": given["type"], "Metadata": {VARIABLE: MESSAGE}}, AT)
    )


def _sendgrid(given: dict[str, str]) -> MessageEvent | None:
    raw = {"event": given.get("type", "bounce"), "bounce_classification": given.get("subtype"), VARIABLE: MESSAGE}
    return _read(SendGridEvents().read(raw, AT))


READERS: dict[str, Callable[[dict[str, str]], MessageEvent | None]] = {
    "ses": _ses,
    "mailgun": _mailgun,
    "postmark": _postmark,
    "sendgrid": _sendgrid,
}
#: Classes of Notifuse that we read otherwise, and why.
OTHERWISE = {
    "Postmark Blocked": "a server that blocks our mail says nothing about the mailbox: nobody is suppressed for it",
}
PROVIDERS_NOT_SUPPORTED = {"mailjet", "sparkpost", "smtp"}
NOTIFUSE = CASES.get("notifuse", [])


@pytest.mark.parametrize("case", NOTIFUSE, ids=[case["name"] for case in NOTIFUSE])
def test_classes_of_providers(case: dict[str, Any]) -> None:
    provider = case["input"]["provider"]
    if provider in PROVIDERS_NOT_SUPPORTED:
        pytest.skip(f"{provider} is not supported")
    if reason := OTHERWISE.get(case["name"]):
        pytest.skip(reason)
    event = READERS[provider](case["input"])
    assert event is not None
    # Hard: given up for good. What is soft, counted or not, leaves the address as it is.
    gone = event.permanent or event.suppress
    assert gone == (case["expected"] == "hard")

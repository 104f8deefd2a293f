"""SES events as other projects recorded and described them (../shared/cases/webhook_cases.json)."""

import json
from pathlib import Path
from typing import Any

import pytest

from gotero.adapters.providers.ses.events import is_ses_event, message_event, unwrap

FILE = Path("../shared/cases/webhook_cases.json")
CASES: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {"cases": [], "ses_extra": []}
AT = "2026-11-21T10:00:00.000Z"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not here")

#: Their words for ours.
WORDS = {
    "rejected": "dropped",
    "sent": "accepted",
    "bounced": "bounced",
    "delivered": "delivered",
    "complained": "spam",
}
#: Opens and clicks come from our own links and pixel: what SES's own tracking would say is passed by.
_NOT_COUNTED = {"opened", "clicked"}


def _tagged(body: dict[str, Any]) -> dict[str, Any]:
    event = unwrap(body)
    if isinstance(event.get("mail"), dict):
        event["mail"].setdefault("tags", {})["gotero_message"] = ["contacts-c1-job-j1-1"]
    return event


RECORDED = [
    case
    for case in CASES["cases"]
    if case["provider"] == "amazon_ses" and case["class"] == "tracking" and case["expected"]["events"]
]


@pytest.mark.parametrize("case", RECORDED, ids=[case["id"] for case in RECORDED])
def test_recorded_notifications(case: dict[str, Any]) -> None:
    event = _tagged(json.loads(case["request"]["body"]["text"]))
    read = message_event(event, AT) if is_ses_event(event) else None
    # One mail has one recipient here: where theirs had more, the first stands for all.
    expected = case["expected"]["events"][0]
    if expected["event_type"] in _NOT_COUNTED:
        assert read is None
        return
    assert read is not None
    assert read.kind == WORDS[expected["event_type"]]
    assert read.provider_id == expected["message_id"]


@pytest.mark.parametrize("case", CASES["ses_extra"], ids=[case["id"] for case in CASES["ses_extra"]])
def test_described_events(case: dict[str, Any]) -> None:
    read = message_event(_tagged(case["sns_message_field"]), AT)
    expected = case["expected"]
    if case["id"] == "ses-not-spam":
        assert read is None
        return
    assert read is not None
    if "class" in expected:
        assert ("hard" if read.permanent else "soft") == expected["class"]
    if "suppress" in expected and read.kind != "unsubscribed":  # unsubscribing marks the person, not the address
        assert read.suppress == expected["suppress"]
    if expected.get("event") in ("bounced", "delivered", "unsubscribed"):
        assert read.kind == expected["event"]
    assert len(read.reason) <= 500

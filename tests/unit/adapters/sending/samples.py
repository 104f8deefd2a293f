"""A message, a job and the stores that hold them."""

from dataclasses import dataclass, replace
from typing import Any

from gotero.domain.job import CAMPAIGN_SEND, Job
from gotero.domain.message import Mailing, Message, MessageKey, notice
from gotero.domain.record import Cause, Ref
from gotero.ports import Jobs, Messages, Suppressions

AT = "2026-11-21T09:00:00.000Z"
CAUSE = Cause("campaign", "c1", part="job1")
REFS = (Ref("contacts", "a"), Ref("leads", "b"), Ref("accounts", "c"))


@dataclass(frozen=True)
class Stores:
    messages: Messages
    jobs: Jobs
    suppressions: Suppressions


def a_message(ref: Ref = REFS[0], **changes: Any) -> Message:
    mailing = Mailing("t1", "2-Column_1-Logo", "marketing", "recipient_owner", "ana@example.com", "c1", job="job1")
    return replace(Message(MessageKey(ref, "job", "job1"), "MSG-000001", "u1", mailing, CAUSE, AT, AT), **changes)


def create(stores: Stores, message: Message) -> bool:
    return stores.messages.create(message, notice(message, "planned", CAUSE))


def a_job(**changes: Any) -> Job:
    params = {"name": "Twitter", "campaign": "c1", "audience": {"segments": ["s"], "except": [], "everyone": False}}
    return replace(Job("job1", CAMPAIGN_SEND, "running", params, AT, "u1"), **changes)

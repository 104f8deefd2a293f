"""Thousands of providers' events, five times each, out of order, with a third of all writes failing: none is lost."""

from collections import Counter
from random import Random
from typing import Any

import pytest

from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryTimeline
from gotero.adapters.providers.hook_request import VARIABLE
from gotero.adapters.providers.sendgrid.events import SendGridEvents
from gotero.domain.errors import TransientError
from gotero.domain.message import Message
from gotero.domain.record import Ref
from gotero.services.record_provider_events import ProviderIntake, record_provider_events
from tests.unit.services.post_office import PostOffice

AT = "2026-11-21T11:00:00.000Z"
PEOPLE, COPIES, CHUNK = 150, 5, 7
FAILING = 0.3


def events_of(message: Message, random: Random) -> list[dict[str, Any]]:
    """What becomes of one mail, each thing with an id of its own."""
    kinds = ["processed", "deferred", random.choice(["delivered", "bounce", "dropped"])]
    kinds += random.sample(["spamreport", "unsubscribe"], random.randrange(3)) if kinds[-1] == "delivered" else []
    return [
        {"event": kind, VARIABLE: message.id, "sg_event_id": f"{message.id}/{kind}", "reason": "550 5.1.1 user unknown"}
        for kind in kinds
    ]


def failing(random: Random, write: Any) -> Any:
    """The same call, of which a third fails: half of those after it was done."""

    def call(*given: Any, **named: Any) -> Any:
        if (fate := random.random()) < FAILING / 2:
            raise TransientError("before")
        result = write(*given, **named)
        if fate < FAILING:
            raise TransientError("after")
        return result

    return call


@pytest.mark.parametrize("seed", range(3))
def test_every_event_counts_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    office, timeline, queue = PostOffice(), MemoryTimeline(), MemoryQueue()
    sent = [office.plan(office.contact(f"p{n}@example.com")) for n in range(PEOPLE)]
    office.work()
    happened = [event for message in sent for event in events_of(message, random)]
    copies = happened * COPIES
    random.shuffle(copies)
    for start in range(0, len(copies), CHUNK):
        chunk = copies[start : start + CHUNK]
        queue.put([{"type": "provider", "provider": "sendgrid", "at": AT, "events": chunk}])
    intake = ProviderIntake({"sendgrid": SendGridEvents()}, office.intake, timeline, queue, lambda url: None)
    for where, name in ((office.messages, "save"), (timeline, "add"), (office.suppressions, "add"), (queue, "put")):
        monkeypatch.setattr(where, name, failing(random, getattr(where, name)))

    for _ in range(200):
        bodies = queue.take()
        for body in bodies:
            try:
                record_provider_events(intake, body)
            except TransientError:  # SQS gives it again
                queue.bodies.append(body)
        if not bodies:
            break
    assert not queue.bodies

    expected = Counter(event["event"] for event in happened)
    after = [office.now_is(message).feedback for message in sent]
    assert sum(back.delivered for back in after) == expected["delivered"]
    assert sum(back.bounced for back in after) == expected["bounce"]
    assert sum(back.dropped for back in after) == expected["dropped"]
    assert sum(back.spam for back in after) == expected["spamreport"]
    assert sum(back.unsubscribed for back in after) == expected["unsubscribe"]
    kept = [timeline.page(Ref("messages", message.id), 100, None)[0] for message in sent]
    assert sum(map(len, kept)) == len(happened)

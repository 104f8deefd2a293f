"""The workers of sending, given what SQS and Step Functions give them."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from functions.check_job import app as check_job
from functions.freeze_audience import app as freeze_audience
from functions.record_events import app as record_events
from functions.send_messages import app as send_messages
from gotero.adapters.mail_clients import CrawlerList
from gotero.domain.custom_field import KIND, CustomField
from gotero.domain.message import State
from gotero.domain.message_event import EventKind
from gotero.domain.modules import MODULES, Field, Label
from gotero.domain.visit import Visit
from gotero.entry import wiring, wiring_sending
from gotero.ports import Definitions
from tests.unit.services.post_office import PostOffice

CONTEXT: Any = SimpleNamespace(
    get_remaining_time_in_millis=lambda: 20_000,
    function_name="f",
    memory_limit_in_mb=128,
    invoked_function_arn="arn",
    aws_request_id="r",
)
AT = "2026-11-21T10:00:00.000Z"


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    office = PostOffice()
    monkeypatch.setattr(wiring, "clock", office.clock)
    monkeypatch.setattr(wiring_sending, "send_line", lambda: office.line)
    monkeypatch.setattr(wiring_sending, "audience_freezer", lambda: office.freezer)
    monkeypatch.setattr(wiring_sending, "event_intake", lambda: office.intake)
    monkeypatch.setattr(wiring_sending, "mail_clients", CrawlerList)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
    return office


def _sqs(*bodies: Any) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{index}",
                "receiptHandle": "h",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:1:q",
                "awsRegion": "eu-west-1",
            }
            for index, body in enumerate(bodies)
        ]
    }


def _failed(answer: Any) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_one_bad_message_does_not_hold_up_the_others(office: PostOffice) -> None:
    message = office.plan(office.contact())
    answer: Any = send_messages.handler(_sqs("no json", *office.queue.take(), {"messages": ["no id"]}), CONTEXT)
    assert _failed(answer) == ["m0", "m2"]
    assert office.now_is(message).state is State.ACCEPTED


def test_a_chunk_on_the_queue_is_sent(office: PostOffice) -> None:
    job = office.send(office.campaign(), office.order(office.segment([office.contact()])))
    office.execute(job)
    assert _failed(send_messages.handler(_sqs(*office.queue.take()), CONTEXT)) == []
    assert check_job.handler({"job_id": job.id}, CONTEXT)["finished"] is True
    assert office.outcomes(job) == {"accepted": 1}


def test_events_of_ses_and_of_our_own_links_reach_their_message(office: PostOffice) -> None:
    message = office.plan(office.contact())
    office.work()
    delivery = {
        "eventType": "Delivery",
        "mail": {"messageId": "ses-1", "tags": {"gotero_message": [message.id]}},
        "delivery": {"timestamp": AT},
    }
    wrapped = {"Type": "Notification", "MessageId": "n", "Message": json.dumps(delivery)}
    browser = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
    opened = Visit("r1", AT, browser).event(EventKind.OPENED, message.id)
    strange = [{"Type": "SubscriptionConfirmation"}, {"eventType": "Delivery", "mail": {}}, {"type": "opened"}]
    answer = record_events.handler(_sqs(wrapped, delivery, opened, opened, *strange, "{"), CONTEXT)
    assert _failed(answer) == ["m7"]
    values = office.now_is(message).to_record().values
    assert (values["status"], values["delivered"], values["opened"]) == ("delivered", True, 1)


def test_the_audience_and_the_mails_are_made_with_the_fields_as_they_are_now(
    office: PostOffice, declaring: Callable[[Definitions], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A filter on a field of the company's own is an audience too, also for a function that has just started."""
    job = office.send(office.campaign(), office.order(office.segment([office.contact()])))
    size = CustomField("contacts", Field("talla", Label("Talla", "Size"), custom=True))
    office.define(KIND, size.to_json(), size.key)
    seen: list[bool] = []
    whom = office.lake.audience

    def audience(*asked: Any, **rest: Any) -> Any:
        seen.append(MODULES["contacts"].field("talla") is not None)
        return whom(*asked, **rest)

    def handed_over(mail: Any) -> None:
        seen.append(MODULES["contacts"].field("talla") is not None)

    monkeypatch.setattr(office.lake, "audience", audience)
    office.mail.answer = handed_over
    declaring(office.definitions)
    assert freeze_audience.handler({"job_id": job.id}, CONTEXT)["done"] is True
    MODULES.declare(MODULES.shipped.values())
    declaring(office.definitions)
    chunk = {"job": job.id, "chunk": 0}
    assert _failed(send_messages.handler(_sqs(chunk), CONTEXT)) == []
    assert seen == [True, True]

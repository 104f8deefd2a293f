"""The state machine of a campaign: its real definition, executed, with the real functions behind its states."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
import yaml
from moto import mock_aws

from functions.check_job import app as check_job
from functions.enqueue_chunks import app as enqueue_chunks
from functions.freeze_audience import app as freeze_audience
from gotero.adapters.aws.state_machine import StepFunctions
from gotero.domain.job import Job
from gotero.entry import wiring, wiring_sending
from tests.unit.services.post_office import PostOffice

DEFINITION = Path("infra/statemachines/send_campaign.asl.yaml")
FUNCTIONS: dict[str, Any] = {
    "FreezeAudience": freeze_audience.handler,
    "EnqueueChunks": enqueue_chunks.handler,
    "CheckJob": check_job.handler,
}
_CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> PostOffice:
    office = PostOffice()
    monkeypatch.setattr(wiring_sending, "audience_freezer", lambda: office.freezer)
    monkeypatch.setattr(wiring_sending, "jobs", lambda: office.jobs)
    monkeypatch.setattr(wiring, "send_queue", lambda: office.queue)
    monkeypatch.setattr(wiring, "clock", office.clock)
    monkeypatch.setattr(wiring, "declare", lambda: None)
    return office


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[StepFunctions, Any]]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    def invoke(self: Any, function: str, qualifier: Any, body: Any, headers: Any, response: Any) -> str:
        name = re.sub(r".*:", "", function)
        return json.dumps(FUNCTIONS[name](json.loads(body), _CONTEXT))

    monkeypatch.setattr("moto.awslambda_simple.models.LambdaSimpleBackend.invoke", invoke)
    config: Any = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
    with mock_aws(config=config):
        client: Any = boto3.client("stepfunctions")
        arn = client.create_state_machine(
            name="SendCampaign",
            definition=json.dumps(_definition()),
            roleArn="arn:aws:iam::123456789012:role/send-campaign",
        )["stateMachineArn"]
        yield StepFunctions(client, arn), client


def _definition() -> Any:
    arn = r"arn:aws:lambda:eu-west-1:123456789012:function:\1"
    return yaml.safe_load(re.sub(r"\$\{(\w+)Arn\}", arn, DEFINITION.read_text()))


def _execute(machine: tuple[StepFunctions, Any], job: Job) -> str:
    step_functions, client = machine
    step_functions.start(f"{job.id}-1", {"job_id": job.id})
    arn = client.list_executions(stateMachineArn=step_functions._arn)["executions"][0]["executionArn"]
    for _ in range(200):
        status = client.describe_execution(executionArn=arn)["status"]
        if status != "RUNNING":
            return str(status)
        time.sleep(0.05)
    pytest.fail("the execution does not end")


def _start(office: PostOffice, people: int) -> Job:
    refs = [office.contact(f"p{i}@example.com") for i in range(people)]
    return office.send(office.campaign(), office.order(office.segment(refs)))


def test_an_execution_ends_when_everybody_has_an_outcome(
    office: PostOffice, machine: tuple[StepFunctions, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = _start(office, 12)

    def put_and_send(bodies: Any, delay_seconds: int = 0) -> None:
        for body in list(bodies):
            office.deliver(body)

    monkeypatch.setattr(office.queue, "put", put_and_send)
    assert _execute(machine, job) == "SUCCEEDED"
    assert office.job(job).state == "finished"
    assert office.outcomes(job) == {"accepted": 12}


def test_an_execution_of_a_paused_job_ends_and_leaves_it_paused(
    office: PostOffice, machine: tuple[StepFunctions, Any]
) -> None:
    job = _start(office, 3)
    office.jobs.control(office.job(job).controlled("pause", job.created_at))
    assert _execute(machine, job) == "SUCCEEDED"
    assert office.job(job).state == "paused"
    assert office.queue.bodies == []


def test_a_stalled_job_is_enqueued_again(
    office: PostOffice, machine: tuple[StepFunctions, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = _start(office, 3)
    lost = [True]

    def lose_the_first(bodies: Any, delay_seconds: int = 0) -> None:
        for body in list(bodies):
            if lost.pop() if lost else False:
                office.jobs.note(job.id, seen=0, seen_at="2026-11-21T08:00:00.000Z")
            else:
                office.deliver(body)

    monkeypatch.setattr(office.queue, "put", lose_the_first)
    assert _execute(machine, job) == "SUCCEEDED"
    assert office.outcomes(job) == {"accepted": 3}


def test_the_same_name_is_the_same_execution(office: PostOffice, machine: tuple[StepFunctions, Any]) -> None:
    step_functions, client = machine
    for _ in range(2):
        step_functions.start("job-1", {"job_id": "nobody"})
    assert len(client.list_executions(stateMachineArn=step_functions._arn)["executions"]) == 1


def test_every_state_has_its_function_and_retries(office: PostOffice) -> None:
    tasks = {name: state for name, state in _definition()["States"].items() if state["Type"] == "Task"}
    assert tasks.keys() == FUNCTIONS.keys()
    assert all(state["Retry"] for state in tasks.values())
    template = Path("template.yaml").read_text()
    assert all(f"{name}Arn: !GetAtt {name}Function.Arn" in template for name in tasks)

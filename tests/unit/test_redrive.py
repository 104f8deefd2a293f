"""Dead letters of queues go back to where they came from; what nothing can be done with stays until it is dropped."""

import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from infra.make.redrive import Redrive

Queues = dict[str, str]


@pytest.fixture
def queues() -> Iterator[Queues]:
    with mock_aws():
        sqs = boto3.client("sqs")
        made = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("WorkDeadLetters", "StreamDeadLetters")}
        known = sqs.get_queue_attributes(QueueUrl=made["WorkDeadLetters"], AttributeNames=["QueueArn"])["Attributes"]
        policy = json.dumps({"deadLetterTargetArn": known["QueueArn"], "maxReceiveCount": 5})
        work = sqs.create_queue(QueueName="WorkQueue", Attributes={"RedrivePolicy": policy})
        yield {**made, "WorkQueue": work["QueueUrl"]}


def bodies(url: str) -> list[str]:
    found: list[str] = []
    sqs = boto3.client("sqs")
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=60).get("Messages"):
        found += [message["Body"] for message in messages]
    return sorted(found)


def put(url: str, *texts: str) -> None:
    for text in texts:
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=text)


def test_letters_go_back_to_their_queue(queues: Queues, capsys: pytest.CaptureFixture[str]) -> None:
    sent = [*(json.dumps({"job": f"j{number}"}) for number in range(12)), "not JSON"]
    put(queues["WorkDeadLetters"], *sent)
    assert Redrive(queues, drop=False).run() == 0
    assert bodies(queues["WorkQueue"]) == sorted(sent)
    assert bodies(queues["WorkDeadLetters"]) == []
    assert "WorkDeadLetters      13 given back" in capsys.readouterr().out


def test_what_is_of_no_known_kind_stays_until_it_is_dropped(queues: Queues, capsys: pytest.CaptureFixture[str]) -> None:
    gone = {"shardId": "s", "startSequenceNumber": "1", "endSequenceNumber": "2", "streamArn": "arn:aws:dynamodb:x"}
    letter = {"DDBStreamBatchInfo": gone, "requestContext": {"functionArn": "f"}}
    put(queues["StreamDeadLetters"], "{}", json.dumps(letter))
    assert [Redrive(queues, drop=False).run() for _ in range(2)] == [2, 2]
    assert Redrive(queues, drop=True).run() == 0
    assert bodies(queues["StreamDeadLetters"]) == []
    said = capsys.readouterr().out
    assert "1 of no known kind" in said
    assert "1 not taken (" in said

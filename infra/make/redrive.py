"""Gives what ended in dead letters another try, on AWS as on the laptop: `python -m infra.make.redrive [--drop]`.

A message goes back to the queue it came from. What a stream's reader could not take is only named by its dead letter:
the records are read from the stream again, where they stay for a day, and given to the same function. Everything that
this product does with a message or a change is once however often it comes, so redriving too much does no harm.
What fails again stays where it was; `--drop` deletes it: for what has been looked at and is not wanted.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

Json = dict[str, Any]
DEAD = "DeadLetters"
#: A letter is ours for as long; whoever else redrives meanwhile does not see it.
_OURS_SECONDS = 300
#: Lambda takes six megabytes in one call.
_PAYLOAD_BYTES = 4_000_000
#: A shard that has nothing more to say answers with an empty page and another iterator, for ever.
_EMPTY_PAGES = 5


class FailedAgain(Exception):
    """The function did not take it this time either."""


class Redrive:
    def __init__(self, queues: Mapping[str, str], drop: bool) -> None:
        """`queues`: name -> address of every queue of the stack."""
        self.queues = queues
        self._drop = drop
        self._sqs, self._lambda = boto3.client("sqs"), boto3.client("lambda")
        self._streams = boto3.client("dynamodbstreams")
        self._arns = {url: self._attribute(url, "QueueArn") for url in self.queues.values()}

    def run(self) -> int:
        """How many letters are left."""
        dead = sorted(name for name in self.queues if name.endswith(DEAD))
        left = 0
        # To be sure that a queue is empty takes a second of listening: all are listened to at once.
        with ThreadPoolExecutor(max(len(dead), 1)) as pool:
            for name, done in zip(dead, pool.map(self._redrive, dead), strict=True):
                print(f"{name:20} {', '.join(f'{count} {what}' for what, count in sorted(done.items())) or 'empty'}")
                left += 0 if self._drop else done.total() - done["given back"]
        return left

    def _redrive(self, name: str) -> Counter[str]:
        """What became of how many letters of a queue."""
        url, done = self.queues[name], Counter[str]()
        sources = self._sources(url)
        for letter in self._letters(url):
            outcome = self._deliver(letter, sources)
            done[outcome] += 1
            if outcome == "given back" or self._drop:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"])
            else:
                self._sqs.change_message_visibility(
                    QueueUrl=url, ReceiptHandle=letter["ReceiptHandle"], VisibilityTimeout=0
                )
        return done

    def _letters(self, url: str) -> Iterator[Any]:
        """Each letter once. They are held until all are read, or the ones that are let go would come again."""
        held: list[Any] = []
        while page := self._sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=1,
            VisibilityTimeout=_OURS_SECONDS,
            AttributeNames=["All"],
        ).get("Messages"):
            held += page
        return iter(held)

    def _deliver(self, letter: Any, sources: dict[str, str]) -> str:
        try:
            body = json.loads(letter["Body"])
        except ValueError:
            body = None
        try:
            if isinstance(body, dict) and "DDBStreamBatchInfo" in body:
                self._replay(body)
            elif sources:
                # Where a dead letter queue serves two, AWS says which one it came from.
                came_from = letter.get("Attributes", {}).get("DeadLetterQueueSourceArn", "")
                url = sources.get(came_from) or next(iter(sources.values()))
                self._sqs.send_message(QueueUrl=url, MessageBody=letter["Body"])
            else:
                return "of no known kind"
        except FailedAgain as error:
            return f"failed again ({error})"
        except ClientError as error:
            return f"not taken ({error.response['Error']['Code']})"
        except BotoCoreError as error:
            return f"not taken ({type(error).__name__})"
        return "given back"

    def _sources(self, dead: str) -> dict[str, str]:
        """ARN -> address of the queues whose dead letters these are."""
        found = {}
        for name, url in self.queues.items():
            policy = json.loads(self._attribute(url, "RedrivePolicy") or "{}") if not name.endswith(DEAD) else {}
            if policy.get("deadLetterTargetArn") == self._arns[dead]:
                found[self._arns[url]] = url
        return found

    def _attribute(self, url: str, name: str) -> str:
        attributes = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]).get("Attributes", {})
        return str(attributes.get(name, ""))  # type: ignore[call-overload]  # the names are a closed list in the stubs

    def _replay(self, letter: Json) -> None:
        batch: list[Json] = []
        for record in self._records(letter["DDBStreamBatchInfo"]):
            if batch and len(json.dumps([*batch, record])) > _PAYLOAD_BYTES:
                self._invoke(letter["requestContext"]["functionArn"], batch)
                batch = []
            batch.append(record)
        if not batch:
            raise FailedAgain("its records are no longer in the stream")
        self._invoke(letter["requestContext"]["functionArn"], batch)

    def _records(self, info: Json) -> Iterator[Json]:
        """The records from the first to the last of the batch, as the function is given them."""
        first, last = int(info["startSequenceNumber"]), int(info["endSequenceNumber"])
        iterator: str | None = self._streams.get_shard_iterator(
            StreamArn=info["streamArn"],
            ShardId=info["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=info["startSequenceNumber"],
        )["ShardIterator"]
        empty = 0
        while iterator and empty < _EMPTY_PAGES:
            page = self._streams.get_records(ShardIterator=iterator)
            iterator = page.get("NextShardIterator")
            empty = 0 if page["Records"] else empty + 1
            for record in page["Records"]:
                number = int(record["dynamodb"]["SequenceNumber"])
                if number >= first:
                    yield _as_event(record, info["streamArn"])
                if number >= last:
                    return

    def _invoke(self, function: str, records: list[Json]) -> None:
        answer = self._lambda.invoke(FunctionName=function, Payload=json.dumps({"Records": records}).encode())
        said = json.loads(answer["Payload"].read() or b"{}") or {}
        if answer.get("FunctionError"):
            raise FailedAgain(str(said.get("errorType", answer["FunctionError"])))
        if failures := said.get("batchItemFailures"):
            raise FailedAgain(f"{len(failures)} of {len(records)} records")


def queues_of(stack: str) -> dict[str, str]:
    made = boto3.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in made if r["ResourceType"] == "AWS::SQS::Queue"}


def _as_event(record: Any, stream: str) -> Json:
    """A record of the stream's API in the form in which Lambda hands it to a function."""
    change = {**record["dynamodb"]}
    change["ApproximateCreationDateTime"] = change["ApproximateCreationDateTime"].timestamp()
    return {**record, "dynamodb": change, "eventSourceARN": stream}


def main() -> None:
    if set(sys.argv[1:]) - {"--drop"}:
        sys.exit("usage: make redrive [AWS=1] [DROP=1]")
    left = Redrive(queues_of(os.environ.get("GOTERO_STACK", "gotero")), "--drop" in sys.argv).run()
    sys.exit(1 if left else 0)


if __name__ == "__main__":
    main()

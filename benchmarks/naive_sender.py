"""The usual way to send, to compare with: a queue message, a call of a function and a transaction for each mail.

The SDK as it comes, every item read by itself, the job's counter in each mail's transaction. It keeps no claim, so that
what it sends twice after a crash it does not even notice (tests/simulation shows how many): this is about its price.
"""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3

from benchmarks.aws_stub import AwsStub
from gotero.adapters.dynamodb import keys
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain.mail_links import message_links
from gotero.domain.message import MessageKey
from gotero.domain.record import Ref
from gotero.domain.template import CompiledTemplate

_THREADS = 64


class NaiveSender:
    """Sends the mails of one job, whose messages are in the tables of `aws` already."""

    def __init__(self, aws: AwsStub, compiled: CompiledTemplate, job: str) -> None:
        self._tables: Any = aws.attach(boto3.client("dynamodb"))
        self._mail: Any = aws.attach(boto3.client("sesv2"))
        self._queue: Any = aws.attach(boto3.client("sqs", endpoint_url="http://localhost"))
        self._renderer, self._signer, self._compiled, self._job = TemplateRenderer(), MemorySigner(), compiled, job
        self.call_seconds = 0.0

    def send(self, refs: list[Ref]) -> None:
        for ref in refs:
            self._queue.send_message(QueueUrl="http://localhost/1/q", MessageBody=json.dumps({"to": str(ref)}))
        began = time.perf_counter()
        with ThreadPoolExecutor(_THREADS) as pool:
            for _ in pool.map(self._one, refs):
                pass
        # Each call of a function lasts as long as its mail: so many of them stood beside each other.
        self.call_seconds = (time.perf_counter() - began) * min(_THREADS, len(refs))

    def _one(self, ref: Ref) -> None:
        key = MessageKey(ref, "job", self._job)
        message = self._get("Messages", keys.record(ref), keys.message(key))
        record = self._get("Records", keys.record(ref), keys.SELF)
        self._get("Messages", *keys.suppression(record["values"]["M"]["email"]["S"]))
        self._get("Definitions", "settings", "company")
        self._get("Definitions", "templates", "t")
        person = {name: value["S"] for name, value in record["values"]["M"].items()}
        links = message_links("https://go.example", self._signer.sign, str(key))
        content = self._renderer.render(self._compiled, person, links)
        body = {"Html": {"Data": content.html}, "Text": {"Data": content.text}}
        headers = [{"Name": name, "Value": value} for name, value in content.headers]
        self._mail.send_email(
            FromEmailAddress="hola@huerta.example",
            Destination={"ToAddresses": [person["email"]]},
            Content={"Simple": {"Subject": {"Data": content.subject}, "Body": body, "Headers": headers}},
        )
        count = {"Key": {"pk": {"S": keys.job(self._job)}, "sk": {"S": keys.SELF}}, "TableName": "Jobs"}
        changes = {"UpdateExpression": "ADD sent :n", "ExpressionAttributeValues": {":n": {"N": "1"}}}
        written = {"Put": {"TableName": "Messages", "Item": message}}
        self._tables.transact_write_items(TransactItems=[written, {"Update": {**count, **changes}}])

    def _get(self, table: str, pk: str, sk: str) -> Any:
        key = {"pk": {"S": pk}, "sk": {"S": sk}}
        return self._tables.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")

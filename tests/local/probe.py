"""The deployed test stack, as the checks hold it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.aws import client
from infra.local.deployer import deploy
from infra.local.home import Home, write_json
from infra.local.ports import Ports
from infra.local.process import Launch, start
from infra.local.stack import ClockClient, MailboxClient, wait_until

TEMPLATE = Path(__file__).parent / "app/template.yaml"


@dataclass
class Probe:
    """The test stack of `app/template.yaml`, deployed."""

    home: Home
    ports: Ports
    outputs: dict[str, str]
    patience: float = 4.0  # for a busy machine; where a check is bound to fail, it need not wait as long

    def aws(self, service: str) -> Any:
        return client(self.ports.aws_url, service)

    @property
    def clock(self) -> ClockClient:
        return ClockClient(self.ports.aws_url)

    @property
    def mailbox(self) -> MailboxClient:
        return MailboxClient(self.ports.mailbox_url)

    def notes(self, topic: str) -> list[dict[str, Any]]:
        found = self.aws("dynamodb").query(
            TableName=self.outputs["Notes"],
            KeyConditionExpression="pk = :topic",
            ExpressionAttributeValues={":topic": {"S": topic}},
            ConsistentRead=True,
        )
        return list(found["Items"])

    def put_records(self, *keys: str) -> None:
        for key in keys:
            self.aws("dynamodb").put_item(TableName=self.outputs["Records"], Item={"pk": {"S": key}, "sk": {"S": "#"}})

    def receive(self, queue: str, timeout: float) -> dict[str, Any]:
        """One message of a queue that nobody else reads."""

        def ask() -> list[dict[str, Any]]:
            return list(self.aws("sqs").receive_message(QueueUrl=self.outputs[queue]).get("Messages", []))

        try:
            return wait_until(ask, timeout * self.patience, f"a message in {queue}")[0]
        except TimeoutError as error:
            raise AssertionError(str(error)) from error

    def expect(self, holds: Any, timeout: float, what: str) -> None:
        """As an assertion, so that a check that waits can be seen to fail on stock."""
        try:
            wait_until(holds, timeout * self.patience, what)
        except TimeoutError as error:
            raise AssertionError(str(error)) from error


def deployed(home: Home, chosen: Launch) -> Probe:
    ports = start(home, chosen)
    outputs = deploy(ports.aws_url, TEMPLATE, "probe", {"PublicUrl": ports.public_url})
    write_json(home.doors, {"admin": outputs["AdminApi"], "public": outputs["PublicApi"]})
    return Probe(home, ports, outputs)

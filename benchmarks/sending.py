"""Sending: mails a second of one process, CPU by stage, and what AWS charges beside the mails.

PYTHONPATH=layers/shared:. python benchmarks/sending.py [mails]        (without: 2000)

The services, the adapters and the SDK are the real ones; AWS is answered at the SDK's door (aws_stub.py), SES after
50 ms. Calls and capacity are counted there. One mail is created, sent, and delivered by one event.
"""

import json
import logging
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import boto3

from benchmarks.aws_stub import AwsStub
from benchmarks.rendering import the_template
from gotero.adapters.aws import clients
from gotero.adapters.aws.clock import RandomIds, SystemClock
from gotero.adapters.dynamodb import table
from gotero.adapters.dynamodb.jobs import DynamoJobs
from gotero.adapters.dynamodb.messages import DynamoMessages
from gotero.adapters.dynamodb.suppressions import DynamoSuppressions
from gotero.adapters.letters import StoredLetters
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.mail import MemoryPace
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryNumbers, MemoryRecords, MemoryTimeline
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.memory.tallies import MemoryBrakes
from gotero.adapters.providers.ses.send import SesMail
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain import instant
from gotero.domain.job import CAMPAIGN_SEND, Job
from gotero.domain.message import MessageKey
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.ports import Definition, IndexKeys, Json
from gotero.services.change_message import Ledger
from gotero.services.compose_mail import Composer
from gotero.services.freeze_audience import AudienceFreezer, freeze_audience
from gotero.services.hand_over import SendLine
from gotero.services.record_event import EventIntake, record_event
from gotero.services.send_chunk import send_chunk
from gotero.services.suppress import Protector

AT = "2026-11-21T09:00:00.000Z"
#: Ids as long as real ones: each KB begun is paid for.
CAMPAIGN, TEMPLATE, JOB, OWNER = (f"01m805xtgf0h0twcn7cd7e6wc{end}" for end in "abcd")
#: us-east-1, LIMITS.md: a million write units, a million read units, a million SES mails.
WRITE, READ, SES = 0.625, 0.125, 100.0
GOALS = {"mails_per_second": 400, "dollars_per_million": 5.0}
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "MESSAGES_TABLE": "Messages",
    "JOBS_TABLE": "Jobs",
}


class _Audience:
    def __init__(self, refs: list[Ref]) -> None:
        self._refs = refs

    def audience(self, audience: object, batch: int, after: Ref | None = None) -> Any:
        begin = self._refs.index(after) + 1 if after else 0
        return iter([self._refs[begin:]])


@dataclass
class Stage:
    """What one stage took for all mails together."""

    name: str
    seconds: float = 0.0
    cpu: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)
    capacity: Counter[str] = field(default_factory=Counter)


class Bench:
    def __init__(self, mails: int) -> None:
        self.mails = mails
        self.aws = AwsStub()
        self.stages: list[Stage] = []
        self.refs = [Ref("contacts", f"01m7zzzzzzzzzzzzzzzz{i:06d}") for i in range(mails)]
        self.clock = SystemClock()
        self.messages, self.jobs = DynamoMessages(), DynamoJobs()
        self.records = self._records()
        self.aws.attach(table.connection().client)
        mail = SesMail(self.aws.attach(clients.mail()), "events")
        template = the_template()
        compiled = TemplateRenderer().compile(template)
        definitions = MemoryDefinitions(
            Definition("settings", "company", {"name": "Huerta Turia", "sender": "hola@huerta.example"}, 1, AT, AT),
            Definition("templates", TEMPLATE, {**template.to_json(), "compiled": compiled.to_json()}, 1, AT, AT),
        )
        suppressions, ledger = DynamoSuppressions(), Ledger(self.messages, self.jobs)
        composer = Composer(
            self.records,
            definitions,
            suppressions,
            MemoryMemberships(),
            StoredLetters(MemoryObjects()),
            TemplateRenderer(),
            MemorySigner(),
            "https://go.example",
        )
        self.line = SendLine(
            ledger,
            composer,
            mail,
            MemoryQueue(),
            MemoryDueIndex(),
            self.clock,
            RandomIds(self.clock),
            MemoryPace(),
            MemoryBrakes(),
            time.sleep,
        )
        lake: Any = _Audience(self.refs)
        self.freezer = AudienceFreezer(
            self.jobs, self.messages, self.records, suppressions, MemoryNumbers(), lake, self.clock, MemoryDueIndex()
        )
        protector = Protector(suppressions, self.records, lambda *_: None, MemoryTimeline(), MemoryQueue(), self.clock)
        self.intake = EventIntake(ledger, protector, definitions, lambda recorded: None)

    def _records(self) -> MemoryRecords:
        records = MemoryRecords()
        for index, ref in enumerate(self.refs):
            values = {"firstname": f"Ana {index}", "lastname": "Ferrandis", "email": f"ana{index}@example.com"}
            record = Record(ref.module, ref.id, f"CON-{index}", OWNER, values, AT, OWNER, AT)
            records.create(record, RecordEvent(ref.id, "create", Cause("system", "bench"), AT), IndexKeys())
        return records

    def stage(self, name: str, work: Any) -> Stage:
        calls, capacity = self.aws.calls.copy(), self.aws.capacity.copy()
        began, cpu = time.perf_counter(), time.process_time()
        work()
        stage = Stage(name, time.perf_counter() - began, time.process_time() - cpu)
        stage.calls, stage.capacity = self.aws.calls - calls, self.aws.capacity - capacity
        self.stages.append(stage)
        return stage

    def run(self) -> None:
        params = {
            "name": "n",
            "campaign": CAMPAIGN,
            "template_id": TEMPLATE,
            "template": "2-Column_1-Logo",
            "class": "marketing",
        }
        audience = {"segments": ["s"], "except": [], "everyone": False}
        job = Job(JOB, CAMPAIGN_SEND, "running", {**params, "sender": "company", "audience": audience}, AT, OWNER)
        self.jobs.create(job)
        self.stage("freeze", lambda: freeze_audience(self.freezer, job.id, lambda: 600.0))
        self.stage("send", self._send)
        self.stage("event", self._events)

    def _send(self) -> None:
        # Counted in the table: the stub does not carry out the updates that move the job's own item.
        chunks = sum(name == "Jobs" and sort.startswith("CHUNK#") for name, _, sort in self.aws.tables)
        # As functions/send_messages does it.
        with ThreadPoolExecutor(2) as pool:
            for _ in pool.map(lambda number: send_chunk(self.line, JOB, number, lambda: 600.0), range(chunks)):
                pass

    def _events(self) -> None:
        for ref in self.refs:
            key, at = str(MessageKey(ref, "job", JOB)), instant.write(self.clock.now())
            record_event(self.intake, MessageEvent(f"e{key}", EventKind.DELIVERED, key, at))


def main(mails: int) -> Json:
    os.environ.update(ENVIRONMENT)
    logging.disable(logging.WARNING)
    boto3.setup_default_session()
    bench = Bench(mails)
    bench.run()
    figures: Json = {"mails": mails}
    print(f"{'stage':<10}{'ms CPU/mail':>14}{'calls/mail':>14}{'write units':>14}{'read units':>14}{'$/million':>12}")
    total = 0.0
    for stage in bench.stages:
        writes, reads = (stage.capacity[kind] / mails for kind in ("write", "read"))
        dollars = writes * WRITE + reads * READ
        total += dollars
        calls = sum(stage.calls.values()) / mails
        cpu = stage.cpu / mails * 1000
        print(f"{stage.name:<10}{cpu:>14.2f}{calls:>14.2f}{writes:>14.2f}{reads:>14.2f}{dollars:>12.2f}")
        figures[stage.name] = {
            "cpu_ms": round(cpu, 2),
            "calls": round(calls, 2),
            "write_units": round(writes, 2),
            "read_units": round(reads, 2),
        }
    sending = bench.stages[1]
    figures["mails_per_second"] = round(mails / sending.seconds)
    figures["dollars_per_million"] = round(total, 2)
    figures["share_of_ses"] = round(total / SES, 4)
    figures["goals"] = GOALS
    rate, goal = figures["mails_per_second"], GOALS["mails_per_second"]
    print(f"one process, SES after 50 ms: {rate} mails a second (goal {goal})")
    print(f"tables beside SES: ${total:.2f} a million mails (goal ${GOALS['dollars_per_million']:.2f})")
    return figures


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)))

"""Sending: mails a second of one process, CPU by stage, and what AWS charges beside the mails.

PYTHONPATH=layers/shared:. python benchmarks/sending.py [mails]        (without: 2000)

The services, the adapters and the SDK are the real ones; AWS is answered at the SDK's door (aws_stub.py), SES after
50 ms. Calls and capacity are counted there, and what answering takes is no part of the figures. One mail is created,
sent, and delivered by one event. Beside it, in the same run, the usual way to send (naive_sender.py).
"""

import json
import logging
import os
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import boto3

from benchmarks.aws_stub import AwsStub
from benchmarks.naive_sender import NaiveSender
from benchmarks.rendering import the_template
from gotero.adapters.aws import clients
from gotero.adapters.aws.clock import RandomIds, SystemClock
from gotero.adapters.dynamodb import table
from gotero.adapters.dynamodb.jobs import DynamoJobs
from gotero.adapters.dynamodb.messages import DynamoMessages
from gotero.adapters.dynamodb.pace import DynamoPace
from gotero.adapters.dynamodb.records import DynamoRecords
from gotero.adapters.dynamodb.suppressions import DynamoSuppressions
from gotero.adapters.dynamodb.tallies import DynamoBrakes
from gotero.adapters.letters import StoredLetters
from gotero.adapters.memory.bucket import MemoryObjects
from gotero.adapters.memory.definitions import MemoryDefinitions
from gotero.adapters.memory.due_index import MemoryDueIndex
from gotero.adapters.memory.files import MemoryFiles
from gotero.adapters.memory.memberships import MemoryMemberships
from gotero.adapters.memory.queue import MemoryQueue
from gotero.adapters.memory.records import MemoryNumbers, MemoryTimeline
from gotero.adapters.memory.signer import MemorySigner
from gotero.adapters.providers.ses.send import SesMail
from gotero.adapters.rendering.renderer import TemplateRenderer
from gotero.domain import instant
from gotero.domain.ids import derived_id
from gotero.domain.job import CAMPAIGN_SEND, MAX_CHUNK, Job
from gotero.domain.message import MessageKey
from gotero.domain.message_event import EventKind, MessageEvent
from gotero.domain.record import Cause, Record, RecordEvent, Ref
from gotero.entry import wiring_documents
from gotero.ports import Definition, IndexKeys, Json
from gotero.services.change_message import Ledger
from gotero.services.compose_mail import Composer
from gotero.services.enclose import Encloser
from gotero.services.freeze_audience import AudienceFreezer, freeze_audience
from gotero.services.hand_over import SendLine
from gotero.services.record_event import EventIntake, record_event
from gotero.services.send_chunk import send_chunk
from gotero.services.suppress import Protector

AT = "2026-11-21T09:00:00.000Z"
#: Ids as long as real ones: each KB begun is paid for.
CAMPAIGN, TEMPLATE, JOB, OWNER = (f"01m805xtgf0h0twcn7cd7e6wc{end}" for end in "abcd")
#: us-east-1, LIMITS.md: a million write units, read units, queue requests, function calls, SES mails; a GB-second.
WRITE, READ, QUEUE, CALL, SES = 0.625, 0.125, 0.4, 0.2, 100.0
GB_SECOND = 0.0000133334
#: template.yaml: chunks of a call; GB of a sender. The naive one has what LIMITS.md §2 gives it.
CHUNKS_A_CALL, SENDER_GB, NAIVE_GB = 5, 1.769, 0.25
#: LIMITS.md §2: of an arm64 processor of Lambda so many are one of the machines that it was measured on.
LAMBDA_FACTOR = 2.0
GOALS = {"mails_per_second": 400, "dollars_per_million": 5.0}
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "MESSAGES_TABLE": "Messages",
    "JOBS_TABLE": "Jobs",
    "RECORDS_TABLE": "Records",
    "WORK_TABLE": "Work",
}


class _Audience:
    def __init__(self, refs: list[Ref]) -> None:
        self._refs = refs

    def audience(self, audience: object, batch: int, after: Ref | None = None) -> Any:
        begin = self._refs.index(after) + 1 if after else 0
        return iter([self._refs[begin:]])


class Watch:
    """Processor by part of the sender. The stub's own is taken off where it answers inside a part."""

    def __init__(self, aws: AwsStub) -> None:
        self._aws, self._lock = aws, Lock()
        self.cpu: Counter[str] = Counter()

    def timed(self, part: str, owner: Any, name: str) -> None:
        work = getattr(owner, name)

        def watched(*args: Any, **kwargs: Any) -> Any:
            answered, began = self._aws.mine.cpu, time.thread_time()
            try:
                return work(*args, **kwargs)
            finally:
                spent = time.thread_time() - began - (self._aws.mine.cpu - answered)
                with self._lock:
                    self.cpu[part] += spent

        setattr(owner, name, watched)


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
        self.messages, self.jobs, self.records = DynamoMessages(), DynamoJobs(), DynamoRecords()
        self.aws.attach(table.connection().client)
        self._fill()
        mail = SesMail(self.aws.attach(clients.mail()), "events")
        template = the_template()
        renderer = TemplateRenderer()
        self.compiled = compiled = renderer.compile(template)
        definitions = MemoryDefinitions(
            Definition("settings", "company", {"name": "Huerta Turia", "sender": "hola@huerta.example"}, 1, AT, AT),
            Definition("templates", TEMPLATE, {**template.to_json(), "compiled": compiled.to_json()}, 1, AT, AT),
        )
        suppressions, ledger = (
            DynamoSuppressions(lambda: ["a secret of this benchmark"]),
            Ledger(self.messages, self.jobs),
        )
        composer = Composer(
            self.records,
            definitions,
            suppressions,
            MemoryMemberships(),
            StoredLetters(MemoryObjects()),
            renderer,
            MemorySigner(),
            "https://go.example",
            Encloser(definitions, MemoryFiles, wiring_documents.maker),
        )
        self.line = SendLine(
            ledger,
            composer,
            mail,
            MemoryQueue(),
            MemoryDueIndex(),
            self.clock,
            RandomIds(self.clock),
            DynamoPace(lambda: 100_000.0, self.clock),
            DynamoBrakes(),
            time.sleep,
        )
        self.watch = Watch(self.aws)
        self.watch.timed("render", renderer, "render")
        self.watch.timed("hand over", mail, "send")
        lake: Any = _Audience(self.refs)
        self.freezer = AudienceFreezer(
            self.jobs, self.messages, self.records, suppressions, MemoryNumbers(), lake, self.clock, MemoryDueIndex()
        )
        protector = Protector(suppressions, self.records, lambda *_: None, MemoryTimeline(), MemoryQueue(), self.clock)
        self.intake = EventIntake(ledger, protector, definitions, lambda recorded: None)

    def _fill(self) -> None:
        for index, ref in enumerate(self.refs):
            values = {"firstname": f"Ana {index}", "lastname": "Ferrandis", "email": f"ana{index}@example.com"}
            record = Record(ref.module, ref.id, f"CON-{index}", OWNER, values, AT, OWNER, AT)
            self.records.create(record, RecordEvent(ref.id, "create", Cause("system", "bench"), AT), IndexKeys())

    def stage(self, name: str, work: Any) -> Stage:
        calls, capacity = self.aws.calls.copy(), self.aws.capacity.copy()
        began, cpu = time.perf_counter(), time.process_time() - self.aws.cpu
        work()
        stage = Stage(name, time.perf_counter() - began, time.process_time() - self.aws.cpu - cpu)
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
        naive = NaiveSender(self.aws, self.compiled, JOB)
        self.naive = self.stage("naive send", lambda: naive.send(self.refs))
        self.naive_seconds = naive.call_seconds

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
            record_event(self.intake, MessageEvent(derived_id("e", key), EventKind.DELIVERED, key, at))


def priced(stage: Stage, mails: int) -> Json:
    """What a stage took a mail, and costs a million."""
    writes, reads = (stage.capacity[kind] / mails for kind in ("write", "read"))
    return {
        "cpu_ms": round(stage.cpu / mails * 1000, 3),
        "calls": round(sum(stage.calls.values()) / mails, 2),
        "write_units": round(writes, 2),
        "read_units": round(reads, 2),
        "dollars": round(writes * WRITE + reads * READ, 2),
    }


def main(mails: int) -> Json:
    os.environ.update(ENVIRONMENT)
    logging.disable(logging.WARNING)
    boto3.setup_default_session()
    bench = Bench(mails)
    bench.run()
    figures: Json = {"mails": mails} | {stage.name.replace(" ", "_"): priced(stage, mails) for stage in bench.stages}
    print(f"{'stage':<12}{'ms CPU/mail':>14}{'calls/mail':>14}{'write units':>14}{'read units':>14}{'$/million':>12}")
    for stage in bench.stages:
        print(f"{stage.name:<12}" + "".join(f"{value:>14}" for value in priced(stage, mails).values()))
    send, naive = bench.stages[1], bench.naive
    parts = {part: round(seconds / mails * 1000, 3) for part, seconds in bench.watch.cpu.items()}
    parts["read, claim, compose, threads"] = round(send.cpu / mails * 1000 - sum(parts.values()), 3)
    figures["send_cpu_ms"] = parts
    print("of the processor of a send:", ", ".join(f"{part} {ms:.2f} ms" for part, ms in parts.items()))
    chunks = mails / MAX_CHUNK
    tables = round(sum(figures[name]["dollars"] for name in ("freeze", "send", "event")), 2)
    # A sender's second is bound by its processor; a chunk is put, received and deleted in batches.
    machine = send.cpu / mails * LAMBDA_FACTOR * SENDER_GB * GB_SECOND * 1e6
    moving = chunks / mails * ((0.1 + 2 / CHUNKS_A_CALL) * QUEUE + CALL / CHUNKS_A_CALL)
    naive_machine = bench.naive_seconds / mails * NAIVE_GB * GB_SECOND * 1e6
    figures |= {
        "mails_per_second": round(mails / send.seconds),
        "mails_per_cpu_second": round(mails / send.cpu),
        "dollars_per_million": round(tables + machine + moving, 2),
        "tables": tables,
        "functions_and_queue": round(machine + moving, 2),
        "share_of_ses": round((tables + machine + moving) / SES, 4),
        "naive_mails_per_second": round(mails / naive.seconds),
        "naive_send_dollars": round(figures["naive_send"]["dollars"] + naive_machine + CALL + 3 * QUEUE, 2),
        "send_dollars": round(figures["send"]["dollars"] + machine + moving, 2),
        "goals": GOALS,
    }
    _tell(figures)
    return figures


def _tell(figures: Json) -> None:
    rate, goal = figures["mails_per_second"], GOALS["mails_per_second"]
    bound = figures["mails_per_cpu_second"]
    print(f"one process, SES after 50 ms: {rate} mails a second (goal {goal}); {bound} in a second of processor")
    split = f"tables ${figures['tables']:.2f}, functions and queue ${figures['functions_and_queue']:.2f}"
    total, most = figures["dollars_per_million"], GOALS["dollars_per_million"]
    print(f"beside SES: ${total:.2f} a million mails ({split}; goal ${most:.2f})")
    ours, theirs = figures["send_dollars"], figures["naive_send_dollars"]
    slow = figures["naive_mails_per_second"]
    print(f"sending alone: ${ours:.2f} a million; the usual way ${theirs:.2f}, and {slow} mails a second")


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)))

"""The deployed senders, real SDK and all, where answers are lost, calls refused and processes killed: 0 twice, 0 lost.

PYTHONPATH=layers/shared:. python -m benchmarks.emulator_faults [mails] [kills]        (without: 500 and 20)

An emulator of its own runs the template; the senders' calls to DynamoDB, SQS and SES go through fault_proxy.py.
"""

import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.fault_proxy import FaultProxy, fault_proxy
from infra.local.process import info
from infra.local.stack import Stack, wait_until
from infra.local.testing import local_stack

_SENDER = "SendMessagesFunction"
_LIMIT_SECONDS = 900.0
#: Past the visibility of the queue and the life of a claim.
_LATER_MINUTES = 5.0


def kill_senders(stack: Stack) -> int:
    """kill -9 to every process that runs the sender; how many there were."""
    emulator = (info(stack.home) or {})["pid"]
    killed = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            sender = _SENDER.encode() in (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has just ended
        if parent == emulator and sender:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGKILL)
                killed += 1
    return killed


@contextlib.contextmanager
def faulty_senders(stack: Stack, rate: float, seed: int = 1) -> Iterator[FaultProxy]:
    """While this lasts the senders reach tables, queues and provider through a proxy that makes calls go wrong."""
    functions = stack.aws("lambda")
    pages = functions.get_paginator("list_functions").paginate()
    sender = next(f for page in pages for f in page["Functions"] if _SENDER in f["FunctionName"])
    name, before = sender["FunctionName"], sender["Environment"]["Variables"]
    with fault_proxy(stack.ports.aws_url, rate, seed) as proxy:
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": {**before, **proxy.environment}}
        )
        kill_senders(stack)
        try:
            yield proxy
        finally:
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": before})


def send_under_faults(
    stack: Stack, campaign: str, order: dict[str, Any], proxy: FaultProxy, kills: int
) -> dict[str, Any]:
    """Send it, kill the senders now and then, and count in the mailbox who got what."""
    subject, random, began = order.pop("subject"), Random(kills), time.monotonic()
    job_id = stack.api("POST", f"/v1/campaigns/{campaign}/send", order, expect=202)["job_id"]
    killed = done = 0
    job: dict[str, Any] = {"finished_at": None}
    while job["finished_at"] is None and time.monotonic() - began < _LIMIT_SECONDS:
        time.sleep(random.uniform(1, 4))
        if done < kills and (hit := kill_senders(stack)):
            killed, done = killed + hit, done + 1
        if random.random() < 0.3:
            stack.clock.move(minutes=_LATER_MINUTES)
        job = stack.api("GET", f"/v1/jobs/{job_id}")
    proxy.rate = 0.0

    def settled() -> bool:
        """Whatever the provider took is known to have been taken, by its answer or by its event."""
        counts = stack.api("GET", f"/v1/jobs/{job_id}")["counts"]
        return bool(counts["accepted"] == len(_mailed(stack, subject)))

    with contextlib.suppress(TimeoutError, AssertionError):
        wait_until(settled, 60, "the events of what was taken")
    job, mailed = stack.api("GET", f"/v1/jobs/{job_id}"), _mailed(stack, subject)
    counts = job["counts"]
    return {
        "recipients": job["total"],
        "state": job["state"],
        "mailed": len(mailed),
        "duplicates": sum(n > 1 for n in mailed.values()),
        # In no mailbox, and in no state that says so.
        "lost": job["total"]
        - len(mailed)
        - counts["uncertain"]
        - counts["held"]
        - counts["skipped"]
        - counts["failed"],
        "uncertain": counts["uncertain"] + counts["held"],
        "counts": counts,
        "kills": done,
        "killed": killed,
        "seconds": round(time.monotonic() - began, 1),
        "faults": dict(sorted(proxy.happened.items())),
    }


def _mailed(stack: Stack, subject: str) -> Counter[str]:
    return Counter(str(mail["to"]) for mail in stack.mailbox.messages(subject=subject))


def people_and_order(stack: Stack, people: int, word: str) -> tuple[str, dict[str, Any]]:
    """A campaign, and the order that sends it to so many people of its own."""
    settings = stack.api("GET", "/v1/settings/company")
    if not settings.get("sender"):
        company = {"name": "Huerta Turia, S.L.", "address": "Camino del Huerto 1, Valencia", "send_delay_minutes": 0}
        stack.api("PUT", "/v1/settings/company", {**company, "sender": "hola@huertaturia.example"})
    template = {"name": word, "subject": word, "html": "<p>Hola</p>"}
    template_id = stack.api("POST", "/v1/templates", template, expect=201)["id"]
    segment = {"name": word, "type": "Newsletter", "status": "Activo"}
    segment_id = stack.api("POST", "/v1/segments", segment, expect=201)["id"]

    def person(index: int) -> dict[str, str]:
        values = {"firstname": "F", "lastname": word, "email": f"{word.casefold()}{index}@example.com"}
        made = stack.api("POST", "/v1/records/contacts", {"values": values}, expect=201)
        return {"module": "contacts", "id": made["id"]}

    with ThreadPoolExecutor(4) as pool:
        members = list(pool.map(person, range(people)))
    for start in range(0, people, 100):
        stack.api("POST", f"/v1/segments/{segment_id}/members", {"items": members[start : start + 100]})
    campaign = stack.api("POST", "/v1/records/campaigns", {"values": {"name": word}}, expect=201)["id"]
    order = {"template_id": template_id, "audience": {"segments": [segment_id]}, "start": "now"}
    preview = f"/v1/campaigns/{campaign}/send/preview"
    wait_until(lambda: stack.api("POST", preview, order)["recipients"] == people, 120, "the members in the lake")
    return campaign, {**order, "subject": word}


def main(mails: int, kills: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, local_stack(Path(folder)) as stack:
        campaign, order = people_and_order(stack, mails, "Averia")
        with faulty_senders(stack, 0.3) as proxy:
            figures = send_under_faults(stack, campaign, order, proxy, kills)
    for name in ("recipients", "mailed", "duplicates", "lost", "uncertain", "kills", "killed", "seconds"):
        print(f"{name:<24}{figures[name]:>10,}")
    for name, times in figures["faults"].items():
        print(f"  {name:<30}{times:>10,}")
    return figures


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    print(json.dumps(main(*(arguments + [500, 20][len(arguments) :]))))

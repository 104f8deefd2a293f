"""The deployed senders, real SDK and all, where answers are lost, calls refused and processes killed: 0 twice, 0 lost.

PYTHONPATH=layers/shared:. python -m benchmarks.emulator_faults [mails] [kills] [percent]        (500, 20 and 10)

An emulator of its own runs the template; the senders' calls to DynamoDB, SQS and SES go through fault_proxy.py, where
`percent` of them go wrong.
"""

import contextlib
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

from benchmarks.emulator_people import named, seed
from benchmarks.emulator_stack import conditions, emulator, kill_workers
from benchmarks.fault_proxy import FaultProxy, fault_proxy
from infra.local.stack import Stack, wait_until

_SENDER = "SendMessagesFunction"
#: Past the visibility of the queue and the life of a claim.
_LATER_MINUTES = 5.0
_STANDSTILL_SECONDS = 20.0


def kill_senders(stack: Stack) -> int:
    return kill_workers(stack, _SENDER)


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
    """Send it, kill all senders at work now and then, and count in the mailbox who got what."""
    subject, random, began = order.pop("subject"), Random(kills), time.monotonic()
    job_id = stack.api("POST", f"/v1/campaigns/{campaign}/send", order, expect=202)["job_id"]
    killed = done = 0
    job: dict[str, Any] = stack.api("GET", f"/v1/jobs/{job_id}")
    limit = began + 600 + 0.3 * job["total"] + 15 * kills
    moved, processed = began, 0
    while job["finished_at"] is None and time.monotonic() < limit:
        time.sleep(random.uniform(0.3, 1.5))
        arrived = len(_mailed(stack, subject))
        # Not all kills are spent on the first mails, and the last have some left.
        if done < kills and arrived > 4 * job["total"] * done // (5 * kills) and (hit := kill_senders(stack)):
            killed, done = killed + hit, done + 1
            moved = _later(stack)
        elif arrived > processed:
            moved = time.monotonic()
        elif time.monotonic() - moved > _STANDSTILL_SECONDS:
            moved = _later(stack)
        processed, job = arrived, stack.api("GET", f"/v1/jobs/{job_id}")
    proxy.rate = 0.0

    def settled() -> bool:
        """Whatever the provider took is known to have been taken, by its answer or by its event."""
        time.sleep(1)
        counts = stack.api("GET", f"/v1/jobs/{job_id}")["counts"]
        return bool(counts["accepted"] == len(_mailed(stack, subject)))

    with contextlib.suppress(TimeoutError, AssertionError):
        wait_until(settled, 120, "the events of what was taken")
    job, mailed = stack.api("GET", f"/v1/jobs/{job_id}"), _mailed(stack, subject)
    counts = job["counts"]
    told = ("uncertain", "held", "skipped", "failed", "cancelled")
    return {
        "benchmark": "emulator_faults",
        "recipients": job["total"],
        "state": job["state"],
        "mailed": len(mailed),
        "accepted": counts["accepted"],
        "duplicates": sum(n > 1 for n in mailed.values()),
        # In no mailbox, and in no state that says so. What is pending is not lost yet: the time of the run was up.
        "pending": job["pending"],
        "lost": job["total"] - job["pending"] - len(mailed) - sum(counts[state] for state in told)
        if job["finished_at"]
        else None,
        "failed": counts["failed"],
        "uncertain": counts["uncertain"] + counts["held"],
        "counts": counts,
        "kills": done,
        "killed": killed,
        "seconds": round(time.monotonic() - began, 1),
        "faults": dict(sorted(proxy.happened.items())),
        **conditions(),
    }


def _later(stack: Stack) -> float:
    """What the dead held is let go of."""
    stack.clock.move(minutes=_LATER_MINUTES)
    return time.monotonic()


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
    seed(stack, people, word)
    campaign = stack.api("POST", "/v1/records/campaigns", {"values": {"name": word}}, expect=201)["id"]
    audience = {"filters": [{"module": "contacts", "condition": named(word)}]}
    return campaign, {"template_id": template_id, "audience": audience, "start": "now", "subject": word}


def main(mails: int, kills: int, percent: int) -> dict[str, Any]:
    with emulator() as stack:
        campaign, order = people_and_order(stack, mails, f"Averia{int(time.time())}")
        with faulty_senders(stack, percent / 100) as proxy:
            figures = {"percent": percent, **send_under_faults(stack, campaign, order, proxy, kills)}
    for name, value in figures.items():
        if isinstance(value, int | float):
            print(f"{name:<24}{value:>10,}")
    for name, times in figures["faults"].items():
        print(f"  {name:<30}{times:>10,}")
    return figures


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    print(json.dumps(main(*(arguments + [500, 20, 10][len(arguments) :]))))

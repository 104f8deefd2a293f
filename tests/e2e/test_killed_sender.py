"""The senders are killed half-way, without a last word: nobody is written to twice, nobody is forgotten."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from infra.local.process import info
from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e
PEOPLE = 150


def _kill_senders(stack: Stack) -> int:
    """kill -9 to every process that runs the sender; how many there were."""
    emulator = (info(stack.home) or {})["pid"]
    killed = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
            sender = b"SendMessagesFunction" in (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has just ended
        if parent == emulator and sender:
            os.kill(int(process.name), signal.SIGKILL)
            killed += 1
    return killed


def _person(stack: Stack, index: int) -> dict[str, str]:
    values = {"firstname": "K", "lastname": "Corte", "email": f"corte{index}@example.com"}
    return {"module": "contacts", "id": stack.api("POST", "/v1/records/contacts", {"values": values}, expect=201)["id"]}


def _order(stack: Stack) -> tuple[str, dict[str, Any]]:
    settings = stack.api("GET", "/v1/settings/company")
    if not settings.get("sender"):
        company = {"name": "Huerta Turia, S.L.", "address": "Camino del Huerto 1, Valencia", "send_delay_minutes": 0}
        stack.api("PUT", "/v1/settings/company", {**company, "sender": "hola@huertaturia.example"})
    template = {"name": "Corte", "subject": "Corte", "html": "<p>Hola</p>"}
    template_id = stack.api("POST", "/v1/templates", template, expect=201)["id"]
    segment = {"name": "corte", "type": "Newsletter", "status": "Activo"}
    segment_id = stack.api("POST", "/v1/segments", segment, expect=201)["id"]
    with ThreadPoolExecutor(4) as pool:
        members = list(pool.map(lambda index: _person(stack, index), range(PEOPLE)))
    for start in range(0, PEOPLE, 100):
        stack.api("POST", f"/v1/segments/{segment_id}/members", {"items": members[start : start + 100]})
    campaign = stack.api("POST", "/v1/records/campaigns", {"values": {"name": "Corte"}}, expect=201)["id"]
    order = {"template_id": template_id, "audience": {"segments": [segment_id]}, "start": "now"}
    preview = f"/v1/campaigns/{campaign}/send/preview"
    wait_until(lambda: stack.api("POST", preview, order)["recipients"] == PEOPLE, 60, "the members in the lake")
    return campaign, order


def test_senders_killed_half_way(stack: Stack) -> None:
    campaign, order = _order(stack)
    job_id = stack.api("POST", f"/v1/campaigns/{campaign}/send", order, expect=202)["job_id"]

    def half_way() -> bool:
        return bool(stack.api("GET", f"/v1/jobs/{job_id}")["processed"] > 0)

    wait_until(half_way, 120, "the first of them to be sent")
    assert _kill_senders(stack) > 0
    # Past the visibility of the queue and the life of the claims: somebody else takes over.
    stack.clock.move(minutes=5)

    def all_known() -> dict[str, Any] | None:
        job: dict[str, Any] = stack.api("GET", f"/v1/jobs/{job_id}")
        if job["finished_at"] is None:
            return None
        counts, mails = job["counts"], len(stack.mailbox.messages(subject="Corte"))
        # Every mail that the provider took is known to have been taken, by its answer or by its event.
        return job if counts["accepted"] == mails else None

    job = wait_until(all_known, 300, "everybody to have an outcome")
    counts = job["counts"]
    assert job["total"] == PEOPLE == counts["accepted"] + counts["uncertain"]
    assert job["state"] == ("finished_open" if counts["uncertain"] else "finished")
    # What was in the air when its sender died and never arrived: a slice a sender at most, and a person decides.
    assert counts["uncertain"] <= 16 * 4
    mails = stack.mailbox.messages(subject="Corte")
    assert len({str(mail["to"]) for mail in mails}) == len(mails)
    print(f"accepted {counts['accepted']}, uncertain {counts['uncertain']}")

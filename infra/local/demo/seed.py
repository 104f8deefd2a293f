"""Puts the demo company in: its settings and people by the product's own services, in a process of their own."""

import os
import subprocess
import sys

from infra.local.clock import read_offset
from infra.local.demo.company import MIXED, MIXED_LIST
from infra.local.demo.people import ACCOUNTS, CONTACTS, LEADS
from infra.local.home import PROJECT
from infra.local.stack import Stack, wait_until

#: What the lake must show before anybody counts on the seeded company.
SETTLE_SECONDS = 90


def seed(stack: Stack) -> None:
    """Idempotent: ids are derived, names are held once. Returns when lists and segments show everybody."""
    subprocess.run(
        [sys.executable, "-m", "infra.local.demo.seeding", str(read_offset(stack.home.clock))],
        cwd=PROJECT,
        env={
            **stack.environment,
            "PATH": os.defpath,
            "PYTHONPATH": f"{PROJECT}:{PROJECT / 'layers/shared'}",
            "LANG": "C.UTF-8",
        },
        check=True,
    )
    wait_until(lambda: settled(stack), SETTLE_SECONDS, "the lists to show the seeded company")


def settled(stack: Stack) -> bool:
    """Whether the lake has caught up with the records and memberships that were made."""
    expected = {"contacts": CONTACTS, "accounts": ACCOUNTS, "leads": LEADS}
    for module, count in expected.items():
        if stack.api("POST", "/v1/filters/count", {"module": module})["count"] < count:
            return False
    segment = next(s for s in stack.api("GET", "/v1/segments")["items"] if s["name"] == MIXED_LIST)
    counts = stack.api("GET", f"/v1/segments/{segment['id']}")["counts"]
    return bool(sum(counts.values()) >= sum(MIXED.values()))

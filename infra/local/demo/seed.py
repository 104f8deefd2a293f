"""Puts the demo company in: its settings and people by the product's own services, in a process of their own."""

import json
import os
import subprocess
import sys

from infra.local.clock import read_offset
from infra.local.demo.company import CAMPAIGN_NUMBER, MIXED, MIXED_LIST
from infra.local.demo.people import ACCOUNTS, CONTACTS, LEADS
from infra.local.home import PROJECT
from infra.local.stack import PATIENCE_SECONDS, Stack, wait_until

#: What the lake must show before anybody counts on the seeded company.


def seed(stack: Stack) -> None:
    """All of it. Idempotent: ids are derived, names are held once."""
    _make(stack, "people", "sales")
    _wait_for_everybody(stack)


def seed_people(stack: Stack, campaigns_before: int) -> None:
    """The company without its present campaign, which so many others will come before."""
    _make(stack, "people", first_campaign=CAMPAIGN_NUMBER - campaigns_before)
    _wait_for_everybody(stack)


def seed_sales(stack: Stack) -> None:
    _make(stack, "sales")


def _make(stack: Stack, *parts: str, first_campaign: int = CAMPAIGN_NUMBER) -> None:
    order = {"offset": read_offset(stack.home.clock), "parts": parts, "first_campaign": first_campaign}
    subprocess.run(
        [sys.executable, "-m", "infra.local.demo.seeding", json.dumps(order)],
        cwd=PROJECT,
        env={
            **stack.environment,
            "PATH": os.defpath,
            "PYTHONPATH": f"{PROJECT}:{PROJECT / 'layers/shared'}",
            "LANG": "C.UTF-8",
        },
        check=True,
    )


def _wait_for_everybody(stack: Stack) -> None:
    """Until lists and segments show them."""
    wait_until(lambda: settled(stack), PATIENCE_SECONDS, "the lists to show the seeded company")


def settled(stack: Stack) -> bool:
    """Whether the lake has caught up with the records and memberships that were made."""
    expected = {"contacts": CONTACTS, "accounts": ACCOUNTS, "leads": LEADS}
    for module, count in expected.items():
        if stack.api("POST", "/v1/filters/count", {"module": module})["count"] < count:
            return False
    segment = next(s for s in stack.api("GET", "/v1/segments")["items"] if s["name"] == MIXED_LIST)
    counts = stack.api("GET", f"/v1/segments/{segment['id']}")["counts"]
    return bool(sum(counts.values()) >= sum(MIXED.values()))

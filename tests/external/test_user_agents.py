"""Robots and people by their user agents (../shared/cases/user_agents.json)."""

import json
from pathlib import Path
from typing import Any

import pytest

from gotero.adapters.mail_clients import _MAIL, CrawlerList

FILE = Path("../shared/cases/user_agents.json")
CASES: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {}

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not here")


def _share_of_machines(user_agents: list[str]) -> float:
    return sum(map(CrawlerList().is_machine, user_agents)) / len(user_agents)


def test_robots_are_recognised_and_people_are_not_taken_for_them() -> None:
    # Lists of crawlers name mail programs and their proxies: for opens and clicks those are their readers.
    bots = [ua for ua in CASES["bots"] if not _MAIL.search(ua)]
    assert len(CASES["bots"]) - len(bots) <= 20
    recall, false = _share_of_machines(bots), _share_of_machines(CASES["devices"])
    print(f"robots recognised {recall:.1%}, people taken for robots {false:.2%}")
    assert recall >= 0.99
    assert false <= 0.005


def test_what_mail_has_of_its_own() -> None:
    kinds = {case["ua"]: CrawlerList().is_machine(case["ua"]) for case in CASES["mail_clients_and_proxies"]}
    machines = {ua for ua, machine in kinds.items() if machine}
    assert machines == {"", "Mozilla/5.0"}

"""The half year before the story: who reads it, whom it may lose, and when it can begin."""

from datetime import timedelta
from pathlib import Path

from infra.local.clock import Clock
from infra.local.demo import past
from infra.local.demo.company import MIXED
from infra.local.demo.newsletters import newsletter
from infra.local.demo.people import customers
from infra.local.home import Home


def test_a_stack_that_has_never_run_begins_half_a_year_ago_and_no_other(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    assert past.begin_in_the_past(home)
    assert Clock(home.clock).offset == -past.HALF_A_YEAR.total_seconds()
    assert not past.begin_in_the_past(home)
    running = Home(tmp_path / "there")
    running.create()
    running.outputs.touch()
    assert not past.begin_in_the_past(running)
    assert not running.clock.exists()


def test_all_six_lie_in_the_past() -> None:
    assert timedelta(days=1) + (past.CAMPAIGNS - 1) * past._MONTH < past.HALF_A_YEAR - timedelta(days=7)


def test_the_story_writes_to_nobody_who_was_lost_before_it() -> None:
    made = customers()
    audience = {
        customer.key for module, count in MIXED.items() for customer in [c for c in made if c.module == module][:count]
    }
    readers = past._readers()
    assert 145 <= len(readers) <= 150
    lost = {reader.key for reader in readers.values() if past._has_no_part(reader)}
    assert len(lost) >= sum(past._HARD) + sum(past._SOFT) + sum(past._LEFT)
    assert lost & audience == set()


def test_every_month_has_a_newsletter_of_its_own() -> None:
    written = [newsletter(f"2026-{month:02d}-21T09:00:00.000Z") for month in range(1, 13)]
    assert len({letter["subject"] for letter in written}) == len({letter["name"] for letter in written}) == 12

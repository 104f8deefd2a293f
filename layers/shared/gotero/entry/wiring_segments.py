"""The wiring of AutoSync: evaluations, and what follows a change. The rest of it stands in wiring.py."""

from functools import lru_cache
from typing import TYPE_CHECKING

from gotero.entry import wiring, wiring_jobs, wiring_sending

if TYPE_CHECKING:
    from gotero.services.call_roll import Roll
    from gotero.services.evaluate_record import Evaluator
    from gotero.services.fill_segment import Filler
    from gotero.services.follow_change import Follower


@lru_cache
def evaluator() -> "Evaluator":
    from gotero.services.evaluate_record import Evaluator

    return Evaluator(
        wiring.records(),
        wiring.messages(),
        wiring.memberships(),
        wiring.definitions(),
        wiring.autosync_rules(),
        wiring.due_index(),
        wiring.clock,
    )


@lru_cache
def roll() -> "Roll":
    from gotero.services.call_roll import Roll

    return Roll(wiring.memberships(), wiring.records(), wiring.definitions(), wiring_jobs.job_line())


@lru_cache
def follower() -> "Follower":
    from gotero.services.follow_change import Follower

    return Follower(evaluator(), wiring.due_queue())


@lru_cache
def filler() -> "Filler":
    from gotero.services.fill_segment import Filler

    return Filler(evaluator(), wiring.definition_writer(), wiring.lake(), wiring_sending.jobs(), wiring.due_queue())

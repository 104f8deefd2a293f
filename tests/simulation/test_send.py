"""Nobody twice, nobody forgotten: the real services where everything goes wrong, and a control that fails."""

import pytest

from benchmarks.send_control import naive
from benchmarks.send_simulation import simulate
from benchmarks.send_world import Faults
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.domain.message import Message, Outcome
from gotero.ports import Json
from gotero.services import send_chunk

HEAVY = Faults(rate=0.3)
LIGHT = Faults(rate=0.02, event_loss=0.01)


#: 100,000 mails in all: three for each ten recipients beside the campaign (a mail of its own, a second campaign).
@pytest.mark.parametrize(("recipients", "seed", "faults"), [(36_000, 1, HEAVY), (22_500, 2, HEAVY), (18_500, 3, LIGHT)])
def test_everybody_once_under_every_fault(recipients: int, seed: int, faults: Faults) -> None:
    result = simulate(recipients, seed, faults)
    assert (result.duplicates, result.lost, result.wrong) == (0, 0, 0)
    assert result.accepted + result.skipped + result.uncertain + result.cancelled == result.recipients
    # The world did its worst: without these the run would prove nothing.
    worst = {"killed", "frozen", "killed by a deployment", "execution lost"} if faults is HEAVY else set()
    # Only the longest run uses up a day's quota whatever else happens.
    worst |= {"quota"} if recipients == 36_000 else set()
    assert worst | {"answer lost", "refused", "lost after acceptance", "throttled"} <= result.faults.keys()
    assert {"deployed", "pause", "resume"} <= result.faults.keys()
    assert result.uncertain <= result.recipients * (0.04 if faults is HEAVY else 0.003)
    if faults is LIGHT:
        # An answer and all events lost. The other uncertain ones never reached the provider, which nobody can know.
        assert result.unheard <= result.recipients * 0.0002


@pytest.mark.parametrize("seed", range(4))
def test_a_small_world_in_which_everything_stops_the_job(seed: int) -> None:
    """Short, and so full of pauses, used-up quotas, storms of bounces and deployments."""
    result = simulate(1200, seed, Faults(rate=0.1, unrest=8))
    assert (result.duplicates, result.lost, result.wrong) == (0, 0, 0)
    assert {"pause", "quota", "deployed"} <= result.faults.keys()


def test_a_world_without_faults_sends_everything_at_once() -> None:
    result = simulate(300, 1, Faults(rate=0.0, unrest=0))
    assert (result.duplicates, result.lost, result.uncertain, result.wrong, result.cancelled) == (0, 0, 0, 0, 0)


def test_the_same_seed_is_the_same_run() -> None:
    assert simulate(200, 7, HEAVY) == simulate(200, 7, HEAVY)


def test_it_sees_what_a_weaker_protocol_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking over from a dead owner without asking what was in the air."""
    monkeypatch.setattr(send_chunk, "_settle_risk", lambda *_: None)
    assert simulate(1500, 1, HEAVY).duplicates > 0


def test_it_sees_counts_that_do_not_move_with_their_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(jobs: MemoryJobs, message: Message, notice: Json | None, before: Outcome) -> None:
        jobs._messages.save(message, notice)

    monkeypatch.setattr(MemoryJobs, "recount", forget)
    assert simulate(1500, 1, HEAVY).wrong > 0


def test_the_naive_protocol_fails_on_the_same_seed() -> None:
    control = naive(2500, 1, HEAVY)
    assert control["duplicates"] > 250

"""Nobody twice, nobody forgotten: the real services where everything goes wrong, and a control that fails."""

import pytest

from benchmarks.send_books import AuditedMessages, Result
from benchmarks.send_control import naive
from benchmarks.send_simulation import simulate
from benchmarks.send_world import Faults
from gotero.adapters.memory.jobs import MemoryJobs
from gotero.domain.message import Message, Outcome
from gotero.ports import Json
from gotero.services import hand_over, send_chunk, send_message
from gotero.services.freeze_audience import ROUND

HEAVY = Faults(rate=0.3)
LIGHT = Faults(rate=0.005, event_loss=0.01)


def _assert_everybody_once(result: Result) -> None:
    assert (result.duplicates, result.lost, result.wrong) == (0, 0, 0)
    assert result.accepted + result.skipped + result.uncertain + result.cancelled == result.recipients
    # `wrong` counts every instant at which somebody saw a job whose sums were not those of its messages.
    assert result.instants > result.recipients / 10
    assert result.longest["list"] <= ROUND
    assert result.longest["payload"] <= 200


#: 100,000 mails in all: more than three for each ten recipients beside the campaign (a mail of its own, a second
#: campaign, a third to who did not open that).
@pytest.mark.parametrize(("recipients", "seed", "faults"), [(33_000, 1, HEAVY), (11_000, 2, HEAVY), (33_000, 5, LIGHT)])
def test_everybody_once_under_every_fault(recipients: int, seed: int, faults: Faults) -> None:
    result = simulate(recipients, seed, faults)
    _assert_everybody_once(result)
    # The world did its worst: without these the run would prove nothing.
    worst = {"killed", "frozen", "deployed", "answer lost", "refused", "lost after acceptance", "throttled"}
    if faults is HEAVY:
        worst |= {"killed by a deployment", "execution lost", "pause", "resume", "cancel"}
    # Only the longest run uses up a day's quota whatever else happens.
    worst |= {"quota"} if faults is HEAVY and recipients == 33_000 else set()
    assert worst | {"sent again to who did not open"} <= result.faults.keys()
    assert result.uncertain <= result.recipients * (0.04 if faults is HEAVY else 0.0002)
    # Those that the provider has are found out by their events, also where some of these are lost.
    assert result.doubts["unheard"] <= result.recipients * 0.0002


def test_with_events_lost_and_nobody_killed_no_mail_stays_in_doubt() -> None:
    """One answer in fifty is lost after the provider took the mail, and one event in a hundred: ≤ 0.02 % in doubt."""
    result = simulate(4_000, 4, Faults(rate=0.06, event_loss=0.01, crashes=False, lost_requests=False))
    _assert_everybody_once(result)
    assert result.faults["lost after acceptance"] > 70
    assert result.faults["event lost"] > 70
    assert result.uncertain <= result.recipients * 0.0002


def test_on_a_starved_machine_nobody_is_in_doubt_whom_no_one_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads begin late, everything takes long, and a sender is killed when its life is over."""
    starved = Faults(rate=0.0, crashes=False, lost_requests=False, unrest=0, starved=True)
    result = simulate(400, 1, starved)
    _assert_everybody_once(result)
    assert result.uncertain == 0

    monkeypatch.setattr(hand_over, "RELEASE_SECONDS", -1e6)
    waiting = simulate(400, 1, starved)
    assert waiting.doubts["not asked"] > 100, "the control: a slice that is waited for as long as it takes"
    assert waiting.faults["out of time"] > 10


@pytest.mark.parametrize("seed", [0, 1, 2, 4])
def test_a_small_world_in_which_everything_stops_the_job(seed: int) -> None:
    """Short, and so full of pauses, used-up quotas, storms of bounces and deployments."""
    result = simulate(1200, seed, Faults(rate=0.1, unrest=8))
    _assert_everybody_once(result)
    assert {"pause", "deployed"} <= result.faults.keys()


def test_a_storm_of_bounces_stops_one_campaign_and_a_person_another() -> None:
    faults = Faults(rate=0.3, unrest=8)
    result = simulate(2500, 7, faults)
    _assert_everybody_once(result)
    assert {"stopped by bounces", "stopped by account"} & result.faults.keys()
    assert "cancel" in result.faults
    assert result.cancelled > 0
    assert naive(2500, 7, faults)["duplicates"] > 250, "the control, in the same trouble"


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
        AuditedMessages.save(jobs._messages, message, notice)  # type: ignore[arg-type]

    monkeypatch.setattr(MemoryJobs, "recount", forget)
    assert simulate(1500, 1, HEAVY).wrong > 0


def test_it_sees_an_heir_whom_nobody_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several share an address, and whoever gets it next leaves in turn: the last of them stays, and is owed one."""
    assert simulate(1250, 2, HEAVY).wrong == 0
    monkeypatch.setattr(send_message, "_pass_on", lambda *_: None)
    assert simulate(1250, 2, HEAVY).wrong > 0


def test_the_naive_protocol_fails_on_the_same_seed() -> None:
    control = naive(2500, 1, HEAVY)
    assert control["duplicates"] > 250

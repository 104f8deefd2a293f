"""The line of senders, what the provider grants, and what came back: counted, and braked."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from gotero.adapters.dynamodb.pace import DynamoPace
from gotero.adapters.dynamodb.tallies import DynamoBrakes, DynamoTallies
from gotero.adapters.memory.tallies import MemoryBrakes, MemoryTallies
from gotero.adapters.memory.world import SetClock
from gotero.adapters.providers.ses.account import SesAccount
from gotero.domain.deliverability import Tally
from gotero.domain.errors import ConflictError
from gotero.ports import Brakes, Tallies
from tests.unit.adapters.sending.samples import AT, Stores


@pytest.mark.parametrize("stores", ["dynamodb"], indirect=True)
def test_senders_book_their_turns_one_behind_the_other(stores: Stores) -> None:
    clock = SetClock()
    pace = DynamoPace(lambda: 10.0, clock)
    # Bulk mail books nine tenths of the rate: the rest is there for answers.
    assert [pace.turn(9, 3.0) for _ in range(5)] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert pace.turn(9, 3.0) == 4.0, "what waits too long has booked nothing"
    clock.move(seconds=30)
    assert [pace.turn(10, 3.0, "answer"), pace.turn(9, 3.0)] == [0.0, 1.0]
    clock.move(seconds=30)
    # A drip stands behind other drips, and not behind the campaign.
    assert [pace.turn(18, 3.0), pace.turn(1, 3.0, "drip"), pace.turn(1, 3.0, "drip")] == [0.0, 0.0, 1.0]
    assert [pace.turn(1, 3.0), round(pace.turn(1, 3.0, "answer"), 2)] == [2.0, 2.11]
    clock.move(seconds=30)
    pace.slow()
    pace.slow()
    assert [pace.turn(9, 3.0), round(pace.turn(9, 3.0), 2)] == [0.0, 1.43]
    clock.move(minutes=6)
    assert [pace.turn(9, 3.0), pace.turn(9, 3.0)] == [0.0, 1.0]


@pytest.mark.parametrize("stores", ["dynamodb"], indirect=True)
def test_whoever_books_at_the_same_time_does_not_speed_the_line_up_again(
    stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SetClock()
    pace, other = DynamoPace(lambda: 10.0, clock), DynamoPace(lambda: 10.0, clock)
    pace.turn(9, 3.0)
    stored = pace._stored

    def then_somebody_slows() -> Any:
        found = stored()
        monkeypatch.setattr(pace, "_stored", stored)
        other.slow()
        return found

    monkeypatch.setattr(pace, "_stored", then_somebody_slows)
    assert pace.turn(9, 3.0) == 1.0
    assert round(pace.turn(9, 30.0), 2) == 2.43, "at seven tenths of the rate"


def test_the_granted_rate_is_asked_for_now_and_then() -> None:
    class Client:
        asked = 0

        def get_account(self) -> dict[str, Any]:
            self.asked += 1
            return {"SendQuota": {"MaxSendRate": 14.0}}

    client: Any = Client()
    now = [0.0]
    account = SesAccount(client, lambda: now[0])
    assert [account.rate(), account.rate()] == [14.0, 14.0]
    now[0] = 400.0
    assert account.rate() == 14.0
    assert client.asked == 2


@pytest.fixture(params=["memory", "dynamodb"])
def counting(
    request: pytest.FixtureRequest, dynamodb_tables: Callable[[], AbstractContextManager[None]]
) -> Iterator[tuple[Tallies, Brakes]]:
    if request.param == "memory":
        yield MemoryTallies(), MemoryBrakes()
        return
    with dynamodb_tables():
        yield DynamoTallies(SetClock()), DynamoBrakes()


def test_what_came_back_is_added_up_by_window(counting: tuple[Tallies, Brakes]) -> None:
    tallies, _ = counting
    assert tallies.add("k", "2026-11-21T08", Tally(3, 1, 0)) == Tally(3, 1, 0)
    assert tallies.add("k", "2026-11-21T08", Tally(0, 0, 2)) == Tally(3, 1, 2)
    tallies.add("k", "2026-11-21T10", Tally(5))
    tallies.add("other", "2026-11-21T10", Tally(7))
    assert tallies.windows("k", "2026-11-21T09") == {"2026-11-21T10": Tally(5)}
    assert sum(tallies.windows("k", "0").values(), Tally()) == Tally(8, 1, 2)
    tallies.forget("k", "2026-11-21T10")
    assert list(tallies.windows("k", "0")) == ["2026-11-21T08"]


def test_the_brake_is_put_on_and_let_go_over_the_version_read(counting: tuple[Tallies, Brakes]) -> None:
    _, brakes = counting
    first = brakes.get()
    brakes.put(first.put_on("bounces", Tally(90, 10, 0), AT))
    with pytest.raises(ConflictError):
        brakes.put(first.put_on("complaints", Tally(), AT))
    on = brakes.get()
    assert (on.brake, on.tally, on.at, on.version) == ("bounces", Tally(90, 10, 0), AT, 1)
    brakes.put(on.let_go("u1", "n", AT))
    assert (brakes.get().brake, brakes.get().round, brakes.get().released_by) == ("", 2, "u1")

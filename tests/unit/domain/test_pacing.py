"""The rate of the account, shared by many senders."""

from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.domain.lane import Lane
from gotero.domain.pacing import BULK_SHARE, Line, Turn, book


def test_a_free_line_is_entered_at_once() -> None:
    assert book(Line(), 100.0, 14, 14.0, 3.0, "answer") == Turn(0.0, Line(101.0))
    assert book(Line(101.0), 100.0, 14, 14.0, 3.0, "answer") == Turn(1.0, Line(102.0))


def test_whoever_would_wait_too_long_books_nothing() -> None:
    assert book(Line(110.0), 100.0, 14, 14.0, 3.0) == Turn(10.0, None)


LANES = st.sampled_from(["bulk", "drip"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 2), st.integers(1, 50), LANES), max_size=50), st.floats(1, 500))
def test_no_more_leave_than_the_rate_allows(turns: list[tuple[float, int, Lane]], rate: float) -> None:
    line, now, left = Line(), 1000.0, list[tuple[float, int]]()
    for pause, mails, lane in turns:
        now += pause
        turn = book(line, now, mails, rate, 1e9, lane)
        assert turn.line is not None
        line = turn.line
        left.append((now + turn.wait, mails))
    # The last turn of either line has just begun.
    most = 2 * max((mails for _, mails in left), default=0)
    for at, _ in left:
        assert sum(mails for other, mails in left if other <= at) - most <= (at - 1000.0) * rate * (1 + 1e-6) + 1e-6


def test_a_refusal_slows_everybody_down_and_time_brings_the_rate_back() -> None:
    line = Line(free_at=100.0)
    for _ in range(32):  # a slice whose mails were all refused
        line = line.slowed(100.0)
    assert line.level == 0.7
    assert book(line, 100.0, 70, 100.0, 3.0, "answer").line == Line(101.0, 0.7, 100.0)
    later = line.slowed(102.0)
    assert 0.49 < later.level < 0.5
    for second in range(103, 200, 2):
        later = later.slowed(float(second))
    assert later.level >= 0.1
    assert later.level_now(600.0) == 1.0


PATIENCE, SLICE, CALL = 3.0, 25, 0.1
#: As many of each as template.yaml lets run: two in each call of a function.
_LANES: dict[Lane, int] = {"bulk": 20, "drip": 10, "answer": 10}


@dataclass
class _Senders:
    """Senders of every lane, as they share one line."""

    rate: float
    line: Line = field(default_factory=Line)
    #: What waits in each queue: instants from which on it may be taken, and when it was put there first.
    queues: dict[Lane, list[tuple[float, float]]] = field(
        default_factory=lambda: {"bulk": [], "drip": [], "answer": []}
    )
    left: list[tuple[float, Lane, float]] = field(default_factory=list)

    def run(self, until: float) -> None:
        lanes = [lane for lane, number in _LANES.items() for _ in range(number)]
        free: list[tuple[float, int]] = [(0.0, number) for number in range(len(lanes))]
        while free:
            now, number = heappop(free)
            waiting = self.queues[lanes[number]]
            if now < until and waiting:
                heappush(free, (self._take(now, lanes[number], waiting), number))

    def _take(self, now: float, lane: Lane, waiting: list[tuple[float, float]]) -> float:
        ready, put = heappop(waiting)
        now = max(now, ready)
        mails = SLICE if lane == "bulk" else 1
        turn = book(self.line, now, mails, self.rate, PATIENCE, lane)
        self.line = turn.line or self.line
        if turn.line is None and lane != "answer":
            heappush(waiting, (now + ceil(turn.wait), put))
            return now + CALL
        at = now if lane == "answer" else now + turn.wait
        self.left += [(at, lane, put)] * mails
        return at + CALL


def _burst(senders: _Senders, lane: Lane, at: float, count: int) -> None:
    for _ in range(count):
        heappush(senders.queues[lane], (at, at))


@pytest.mark.parametrize("rate", [14.0, 50.0, 200.0])
def test_a_campaign_keeps_no_drip_waiting_and_drips_do_not_stop_a_campaign(rate: float) -> None:
    senders = _Senders(rate)
    _burst(senders, "bulk", 0.0, 20_000 // SLICE)
    for minute in range(1, 10):
        _burst(senders, "drip", 10.0 * minute, 5)
        _burst(senders, "answer", 10.0 * minute, 1)
    senders.run(100.0)
    waits: dict[Lane, list[float]] = {"drip": [], "answer": []}
    for at, lane, put in senders.left:
        if lane != "bulk":
            waits[lane].append(at - put)
    assert len(waits["drip"]) == 45
    assert len(waits["answer"]) == 9
    assert max(waits["answer"]) == 0.0
    # Five at once: each but the first behind those before it, at a tenth of the rate; none behind the campaign.
    assert max(waits["drip"]) <= 4 / (rate * (1 - BULK_SHARE)) + 2 * CALL + 1
    assert sorted(waits["drip"])[9] <= CALL, "the first of each burst does not wait"


@pytest.mark.parametrize("rate", [14.0, 50.0, 200.0])
def test_twenty_thousand_drips_and_a_campaign_share_the_rate(rate: float) -> None:
    senders = _Senders(rate)
    _burst(senders, "bulk", 0.0, 20_000 // SLICE)
    _burst(senders, "drip", 0.0, 20_000)
    senders.run(60.0)
    left = Counter(lane for at, lane, _ in senders.left if at < 60.0)
    assert left["bulk"] >= 0.6 * rate * 60, "the campaign goes on"
    assert left["drip"] >= 0.09 * rate * 60, "and so do the drips"
    assert left.total() <= rate * (60 + PATIENCE) + SLICE


def test_drips_alone_have_the_whole_rate_of_bulk_mail() -> None:
    senders = _Senders(50.0)
    _burst(senders, "drip", 0.0, 20_000)
    senders.run(60.0)
    assert sum(at < 60.0 for at, _, _ in senders.left) >= 0.85 * 50.0 * 60

"""The rate of the account, shared by many senders."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.domain.pacing import Line, Turn, book


def test_a_free_line_is_entered_at_once() -> None:
    assert book(Line(), 100.0, 14, 14.0, 3.0) == Turn(0.0, Line(101.0))
    assert book(Line(101.0), 100.0, 14, 14.0, 3.0) == Turn(1.0, Line(102.0))


def test_whoever_would_wait_too_long_books_nothing() -> None:
    assert book(Line(110.0), 100.0, 14, 14.0, 3.0) == Turn(10.0, None)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 2), st.integers(1, 50)), max_size=50), st.floats(1, 500))
def test_no_more_leave_than_the_rate_allows(turns: list[tuple[float, int]], rate: float) -> None:
    line, now, sent, last = Line(), 1000.0, 0, 0
    for pause, mails in turns:
        now += pause
        turn = book(line, now, mails, rate, 1e9)
        assert turn.line is not None
        line, sent, last = turn.line, sent + mails, mails
        elapsed = now + turn.wait - 1000.0
        assert sent - last <= elapsed * rate + 1e-6 * sent + 1e-6


def test_a_refusal_slows_everybody_down_and_time_brings_the_rate_back() -> None:
    line = Line(free_at=100.0)
    for _ in range(32):  # a slice whose mails were all refused
        line = line.slowed(100.0)
    assert line.level == 0.7
    assert book(line, 100.0, 70, 100.0, 3.0).line == Line(101.0, 0.7, 100.0)
    later = line.slowed(102.0)
    assert 0.49 < later.level < 0.5
    for second in range(103, 200, 2):
        later = later.slowed(float(second))
    assert later.level >= 0.1
    assert later.level_now(600.0) == 1.0

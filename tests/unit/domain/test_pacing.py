"""The rate of the account, shared by many senders."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gotero.domain.pacing import Turn, book


def test_a_free_line_is_entered_at_once() -> None:
    assert book(0.0, 100.0, 14, 14.0, 3.0) == Turn(0.0, 101.0)
    assert book(101.0, 100.0, 14, 14.0, 3.0) == Turn(1.0, 102.0)


def test_whoever_would_wait_too_long_books_nothing() -> None:
    assert book(110.0, 100.0, 14, 14.0, 3.0) == Turn(10.0, None)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 2), st.integers(1, 50)), max_size=50), st.floats(1, 500))
def test_no_more_leave_than_the_rate_allows(turns: list[tuple[float, int]], rate: float) -> None:
    free_at, now, sent, last = 0.0, 1000.0, 0, 0
    for pause, mails in turns:
        now += pause
        turn = book(free_at, now, mails, rate, 1e9)
        assert turn.next_at is not None
        free_at, sent, last = turn.next_at, sent + mails, mails
        elapsed = now + turn.wait - 1000.0
        assert sent - last <= elapsed * rate + 1e-6 * sent + 1e-6

"""A hundred thousand edits against recomputation: memberships that are kept by change are those worked out anew."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulation.town import Town

TOWNS, EDITS, BETWEEN = 50, 2_000, 100


@settings(max_examples=TOWNS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**64))
def test_whatever_happens_who_is_in_is_who_meets_the_rules(seed: int) -> None:
    """Edits, bins, mails, posts, memberships by hand, rules turned on and off; streams out of order, repeated, failing
    half way; the clock moved. Every so often everything has arrived, and then there is no difference.
    """
    town = Town(seed)
    town.settle()
    assert town.differences() == []
    for number in range(1, EDITS + 1):
        town.edit()
        if town.drawn.random() < 0.3:
            town.deliver(town.drawn.randint(1, 8), failing=20)
        if town.drawn.random() < 0.01:
            town.wait(town.drawn.choice([1, 7, 26, 24 * 3]))
        if town.drawn.random() < 0.002:
            town.turn()
        if number % BETWEEN == 0:
            town.settle()
            assert town.differences() == []
    assert town.failures
    assert town.repeats

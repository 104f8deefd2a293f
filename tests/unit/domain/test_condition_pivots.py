"""What would turn a verdict: exactly the leaves that do so alone."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gotero.domain.condition.pivots import pivots

TREES = st.recursive(
    st.builds(lambda verdict: {"verdict": verdict, "leaf": None}, st.booleans()),
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)


def told(tree: Any, turned: int | None, count: list[int], found: list[Any]) -> dict[str, Any]:
    """The tree with its verdicts, one of its leaves the other way round."""
    if "leaf" in tree:
        count[0] += 1
        leaf = {"number": count[0], "verdict": tree["verdict"] != (count[0] == turned)}
        found.append(leaf)
        return leaf
    if "not" in tree:
        inner = told(tree["not"], turned, count, found)
        return {"verdict": not inner["verdict"], "not": inner}
    group = next(iter(tree))
    parts = [told(part, turned, count, found) for part in tree[group]]
    verdicts = [part["verdict"] for part in parts]
    return {"verdict": all(verdicts) if group == "all" else any(verdicts), group: parts}


@given(TREES)
def test_a_leaf_is_named_when_it_turns_the_verdict_alone(tree: Any) -> None:
    leaves: list[Any] = []
    now = told(tree, None, [0], leaves)
    turning = [leaf["number"] for leaf in leaves if told(tree, leaf["number"], [0], [])["verdict"] != now["verdict"]]
    assert [leaf["number"] for leaf in pivots(now)] == turning

"""A map of plain values stands in a table as pynamodb would write it, and comes back as it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pynamodb.attributes import MapAttribute

from gotero.adapters.dynamodb.table import Values

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON = st.recursive(SCALARS, lambda each: st.lists(each) | st.dictionaries(st.text(), each), max_leaves=12)


@given(st.dictionaries(st.text(min_size=1), JSON))
def test_values_come_back_as_they_were(value: dict[str, Any]) -> None:
    assert Values().deserialize(Values().serialize(value)) == value


@given(st.dictionaries(st.text("abc", min_size=1), st.booleans() | st.integers() | st.text() | st.lists(st.text())))
def test_they_stand_as_pynamodb_writes_them(value: dict[str, Any]) -> None:
    stored: Any = MapAttribute(**value)
    assert Values().serialize(value) == MapAttribute().serialize(stored)

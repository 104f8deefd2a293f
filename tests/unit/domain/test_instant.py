"""Instants are read and written as one text."""

import pytest

from gotero.domain import instant


@pytest.mark.parametrize("text", ["2026-11-21T21:30:00.000Z", "2026-11-21T22:30:00+01:00"])
def test_whatever_the_zone_it_is_written_in_utc(text: str) -> None:
    assert instant.write(instant.read(text)) == "2026-11-21T21:30:00.000Z"


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-11-21T21:30:00", "9999-12-31T23:59:59-10:00", "0001-01-01T00:00+01:00"]
)
def test_what_is_no_instant_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        instant.read(text)

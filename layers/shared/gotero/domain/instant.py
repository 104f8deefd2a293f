"""Instants as this product writes them: UTC, ISO 8601, milliseconds, Z; they sort as strings."""

from datetime import UTC, datetime, timedelta
from math import ceil


def write(at: datetime) -> str:
    """`2026-11-21T21:30:00.000Z`. `at` must carry a zone."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read(text: str) -> datetime:
    """The instant of any ISO 8601 text with a zone; ValueError otherwise."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs a zone")
    try:
        return at.astimezone(UTC)
    except OverflowError as error:  # a zone can carry the last day over the end of the calendar
        raise ValueError("an instant beyond the calendar") from error


def on_grid(at: datetime, step: timedelta) -> datetime:
    """The instant, or the next one that is a whole number of steps after the epoch."""
    seconds = step.total_seconds()
    return datetime.fromtimestamp(ceil(at.timestamp() / seconds) * seconds, UTC)

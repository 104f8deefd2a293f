"""The clock of the laptop stack: real time plus one offset, kept in one file, forward only.

The product has no switch for it. Inside the emulator the patches ask `now()`; Lambda workers read the same file.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

#: Nothing looks dead after so few seconds: what is under way need not come to its end before them.
SHORT_SECONDS = 10.0


class BackwardsError(Exception):
    """Going back would contradict what was already recorded; only a fresh start (RESET=1) does that."""


class Clock:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.offset = read_offset(file)
        self._moved = threading.Condition()
        self._followers: list[Callable[[float], None]] = []
        #: Lets what is under way come to its end.
        self.before_move: Callable[[], None] = lambda: None

    def now(self) -> float:
        return time.time() + self.offset

    def datetime(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)

    def iso(self) -> str:
        return self.datetime().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def on_move(self, follower: Callable[[float], None]) -> None:
        """`follower` is called with the seconds that passed at once."""
        self._followers.append(follower)

    def move(self, seconds: float) -> None:
        if seconds < 0:
            raise BackwardsError("the clock only moves forward; `make demo RESET=1` starts afresh")
        if seconds > SHORT_SECONDS:
            self.before_move()
        offset = self.offset + seconds
        part = self.file.with_suffix(".part")
        part.write_text(repr(offset), encoding="ascii")
        part.replace(self.file)
        with self._moved:
            self.offset = offset
            self._moved.notify_all()
        for follower in self._followers:
            follower(seconds)

    def sleep_until(self, instant: float) -> None:
        with self._moved:
            while (left := instant - self.now()) > 0:
                self._moved.wait(min(left, threading.TIMEOUT_MAX))


def begin_at(file: Path, offset: float) -> None:
    """Where the clock of a stack that has not run yet stands, in seconds from real time."""
    file.write_text(repr(offset), encoding="ascii")


def read_offset(file: Path) -> float:
    try:
        return float(file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0.0

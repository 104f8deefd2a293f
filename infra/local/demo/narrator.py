"""Tells the story while it is played: one line a step, with what happened, how long it took and where to see it."""

import time


class Narrator:
    def __init__(self) -> None:
        self._since = time.monotonic()

    def chapter(self, title: str) -> None:
        print(f"\n  {title}", flush=True)
        self._since = time.monotonic()

    def told(self, text: str, where: str = "") -> None:
        """`text` took as long as has passed since the line before it."""
        now = time.monotonic()
        print(f"   {now - self._since:5.1f} s  {text}" + (f"\n            {where}" if where else ""), flush=True)
        self._since = now

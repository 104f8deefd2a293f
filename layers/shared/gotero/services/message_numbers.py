"""Numbers of messages, drawn in blocks: one write for many, at the price of gaps."""

from collections.abc import Iterator
from threading import Lock

from gotero.domain.message import MODULE
from gotero.domain.modules import module
from gotero.ports import Numbers


class MessageNumbers:
    """A source of message numbers for one process."""

    def __init__(self, numbers: Numbers, block: int = 20) -> None:
        self._numbers = numbers
        self._block = block
        self._lock = Lock()
        self._left: Iterator[str] = iter(())

    def next(self) -> str:
        with self._lock:
            number = next(self._left, None)
            if number is None:
                self._left = iter(self._numbers.draw(MODULE, self._block, module(MODULE).numbering))
                number = next(self._left)
        return number

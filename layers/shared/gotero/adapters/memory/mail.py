"""A provider of mail in memory: it keeps what it was handed, and answers as it is told to."""

from collections.abc import Callable
from itertools import count

from gotero.domain.handover import Accepted, Handover, OutgoingMail
from gotero.domain.lane import Lane


class MemoryPace:
    """`Pace` that remembers what was booked, and answers `wait`."""

    def __init__(self) -> None:
        self.wait = 0.0
        self.booked: list[int] = []
        self.slowed = 0

    def slow(self) -> None:
        self.slowed += 1

    def turn(self, mails: int, patience: float, lane: Lane = "bulk") -> float:
        if self.wait <= patience:
            self.booked.append(mails)
        return self.wait


class MemoryMail:
    """`MailSender` with a mailbox. `answer` may stand in for the provider: None accepts."""

    def __init__(self, answer: Callable[[OutgoingMail], Handover | None] | None = None) -> None:
        self.box: list[OutgoingMail] = []
        self.answer = answer
        self._numbers = count(1)

    def send(self, mail: OutgoingMail) -> Handover:
        answer = self.answer(mail) if self.answer else None
        if answer is None or isinstance(answer, Accepted):
            self.box.append(mail)
        return answer or Accepted(f"provider-{next(self._numbers)}")

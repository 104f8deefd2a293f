"""What SES knows about the account: granted rate, daily quota and the addresses it no longer sends to."""

import threading
import time
from collections import deque
from typing import Any

from infra.local.clock import Clock


class Account:
    def __init__(self, clock: Clock, max_send_rate: float, max_24_hour_send: float) -> None:
        self.max_send_rate = max_send_rate
        self.max_24_hour_send = max_24_hour_send
        self.suppressed: dict[str, dict[str, Any]] = {}
        self._clock = clock
        self._last_second: deque[float] = deque()
        self._lock = threading.Lock()

    def suppress(self, address: str, reason: str) -> None:
        self.suppressed[address.lower()] = {"Reason": reason, "LastUpdateTime": self._clock.now()}

    def is_suppressed(self, address: str) -> bool:
        return address.lower() in self.suppressed

    def refusal(self, sent_in_24_hours: int) -> str | None:
        """Why no further mail is taken now; None counts one. In real time: it is a rate of requests."""
        if sent_in_24_hours >= self.max_24_hour_send:
            return "Daily message quota exceeded."
        now = time.monotonic()
        with self._lock:
            while self._last_second and self._last_second[0] <= now - 1:
                self._last_second.popleft()
            if len(self._last_second) >= self.max_send_rate:
                return "Maximum sending rate exceeded."
            self._last_second.append(now)
        return None

    def adjust(self, limits: dict[str, Any]) -> dict[str, Any]:
        self.max_send_rate = float(limits.get("max_send_rate", self.max_send_rate))
        self.max_24_hour_send = float(limits.get("max_24_hour_send", self.max_24_hour_send))
        return {"max_send_rate": self.max_send_rate, "max_24_hour_send": self.max_24_hour_send}

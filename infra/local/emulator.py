"""What the patches and the pages share inside the emulator's process."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from infra.local.clock import Clock
from infra.local.home import Home
from infra.local.outbox import Outbox
from infra.local.ports import Ports
from infra.local.ses_account import Account


@dataclass(frozen=True)
class Options:
    """Knobs of the emulator; tests turn them, the demo takes the defaults."""

    snapshot_seconds: float = 3.0  # 0: nothing is saved, not even at the end
    scheduler_tick_seconds: float = 0.5
    stream_retry_seconds: float = 0.5
    workers_per_function: int = min(4, max(2, os.cpu_count() or 2))  # each takes half a second of a core to start
    ses_event_delay_seconds: float = 0.05
    ses_max_send_rate: float = 100.0
    ses_max_24_hour_send: float = 200_000.0


@dataclass
class Emulator:
    home: Home
    ports: Ports
    clock: Clock
    outbox: Outbox
    account: Account
    options: Options = field(default_factory=Options)
    # `POST /_local/<name>`: body in, answer out. A patch adds what it can do on request.
    controls: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)
    # Counts what may have changed state; a snapshot of an idle emulator is not worth its time.
    requests: int = 0

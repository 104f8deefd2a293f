"""Before the clock jumps, what is under way comes to its end.

Stock has no clock to move. Where ten days really pass, a function has long returned, a queue has long been read; a
jump in the middle of a send would make its sender look dead for ten days, and the mail would be held as uncertain.
Waiting is for what is due now: delays, failed messages between two attempts and Wait states are what the jump is for.
"""

import threading
import time
from typing import Any

from ministack.services import dynamodb, lambda_svc, sqs

from infra.local.emulator import Emulator
from infra.local.patches.dynamodb_stream_mapping import position_of, table_name

#: Longer than any gap between one step of a chain and the next: a stream's batch, a queue's poll.
QUIET_SECONDS = 0.3
#: What is still going on then goes on over the jump.
LONGEST_WAIT_SECONDS = 20.0


def apply(emulator: Emulator) -> None:
    running = _Running()
    lambda_svc._execute_function_warm = running.counted(lambda_svc._execute_function_warm)
    emulator.clock.before_move = lambda: _settle(running)


class _Running:
    """Counts the functions that are being executed."""

    def __init__(self) -> None:
        self.count = 0
        self._lock = threading.Lock()

    def counted(self, execute: Any) -> Any:
        def counting(*call: Any) -> Any:
            self._add(1)
            try:
                return execute(*call)
            finally:
                self._add(-1)

        return counting

    def _add(self, one: int) -> None:
        with self._lock:
            self.count += one


def _settle(running: _Running) -> None:
    limit = time.monotonic() + LONGEST_WAIT_SECONDS
    quiet_since = time.monotonic()
    while time.monotonic() < limit:
        if running.count or _unread_messages() or _unread_changes():
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > QUIET_SECONDS:
            return
        time.sleep(0.02)


def _unread_messages() -> bool:
    sources = {mapping.get("EventSourceArn") for _, _, mapping in lambda_svc._iter_all_esms() if _enabled(mapping)}
    now = time.time()
    return any(
        message["visible_at"] <= now
        for queue in list(sqs._queues._data.values())
        if queue["attributes"].get("QueueArn") in sources
        for message in list(queue["messages"])
    )


def _unread_changes() -> bool:
    for account, region, mapping in lambda_svc._iter_all_esms():
        source = mapping.get("EventSourceArn", "")
        if not _enabled(mapping) or ":dynamodb:" not in source or "/stream/" not in source:
            continue
        account_token = lambda_svc._request_account_id.set(account)
        region_token = lambda_svc._request_region.set(region)
        try:
            name = table_name(source)
            start, end = dynamodb.stream_start_position(name), dynamodb.stream_end_position(name)
            if position_of(mapping, start, end) < end:
                return True
        finally:
            lambda_svc._request_account_id.reset(account_token)
            lambda_svc._request_region.reset(region_token)
    return False


def _enabled(mapping: dict[str, Any]) -> bool:
    return bool(mapping.get("Enabled", True))

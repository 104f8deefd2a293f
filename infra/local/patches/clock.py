"""One offset for everything that waits: workers, Step Functions, queues, signatures, SES times.

The scheduler and the TTL sweep have patches of their own and ask the same clock. Stock: the emulator lives in real
time throughout. Cognito and the JWT check stay there: a token must not expire because a demo skips forty days.
"""

import datetime as dt
import sys
import time
from typing import Any

from ministack.core import iam_evaluator, lambda_runtime, sigv4
from ministack.services import s3, ses, ses_v2, sqs, stepfunctions

from infra.local.clock import Clock
from infra.local.emulator import Emulator

WORKER_START = "import sys, json, importlib, traceback, os, time\n"
SIGNED_AT = "%Y%m%dT%H%M%SZ"
WORKER_RECEIVED = "        _ms_msg = json.loads(line)\n"

# Runs inside every Lambda worker: before the handler's module is imported, and at each call.
WORKER_CLOCK = """
def _follow_clock(_state={"offset": 0.0, "travel": None}):
    try:
        with open(CLOCK_FILE) as _file:
            _offset = float(_file.read())
    except (OSError, ValueError):
        _offset = 0.0
    if _offset == _state["offset"]:
        return
    import time_machine
    if _state["travel"]:
        _state["travel"].stop()
    _state["travel"] = time_machine.travel(time.time() + _offset, tick=True)
    _traveller = _state["travel"].start()
    # A traveller's clock stands still until it is first asked (time_machine.Traveller.time_ns), which in a new worker
    # is after seconds of imports. It is asked at once, and set by the instant at which it began to tick.
    time.time_ns()
    _traveller._destination_timestamp_ns = _traveller._real_start_timestamp_ns + round(_offset * 1e9)
    _state["offset"] = _offset

_follow_clock()
"""


def apply(emulator: Emulator) -> None:
    clock = emulator.clock
    _move_workers(clock)
    _move_waits(clock)
    _accept_both_times(clock)
    _accept_addresses(clock)
    ses.time = ses_v2.time = MovedTime(clock)
    clock.on_move(_let_queues_wait)


def _move_workers(clock: Clock) -> None:
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    if script.count(WORKER_START) != 1 or script.count(WORKER_RECEIVED) != 1:
        raise RuntimeError("the worker script of this ministack begins in another way")
    head = WORKER_START + WORKER_CLOCK.replace("CLOCK_FILE", repr(str(clock.file)))
    script = script.replace(WORKER_START, head).replace(WORKER_RECEIVED, WORKER_RECEIVED + "        _follow_clock()\n")
    lambda_runtime._PYTHON_WORKER_SCRIPT = script


def _move_waits(clock: Clock) -> None:
    """Wait states (`stepfunctions._scaled_sleep`, `_sleep_until`) end when the clock says so."""

    def sleep(seconds: float) -> None:
        clock.sleep_until(clock.now() + seconds * stepfunctions._SFN_WAIT_SCALE)

    def sleep_until(timestamp: str) -> None:
        try:
            target = dt.datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp()
        except (ValueError, TypeError, AttributeError):
            return
        sleep(max(0.0, target - clock.now()))

    stepfunctions._scaled_sleep = sleep
    stepfunctions._sleep_until = sleep_until
    stepfunctions.now_iso = clock.iso


def _accept_both_times(clock: Clock) -> None:
    """Workers sign requests with the moved time, people with the real one (`core/sigv4.request_time_failure`).

    A worker goes by the clock as it stood when its call began: whatever instant lies between the two times is good.
    """
    strict = sigv4.request_time_failure

    def either(signature: Any, *, now: dt.datetime | None = None) -> Any:
        real, signed_at = now or dt.datetime.now(dt.UTC), sigv4._amz_datetime(signature.amz_date)
        return strict(signature, now=min(max(signed_at, real), max(real, clock.datetime())) if signed_at else real)

    for module in (sigv4, iam_evaluator, *_importers(strict)):
        if getattr(module, "request_time_failure", None) is strict:
            module.request_time_failure = either


def _accept_addresses(clock: Clock) -> None:
    """The same for signed addresses (`s3._presign_time_error`): one that a worker made is of the moved time."""
    strict = s3._presign_time_error

    def either(amz_date: str, expires: str, path: str) -> Any:
        error = strict(amz_date, expires, path)
        try:
            signed_at = dt.datetime.strptime(amz_date, SIGNED_AT)
        except ValueError:
            return error
        here = signed_at - dt.timedelta(seconds=clock.now() - time.time())
        return error and strict(here.strftime(SIGNED_AT), expires, path)

    s3._presign_time_error = either


def _importers(function: Any) -> list[Any]:
    loaded = [module for name, module in list(sys.modules.items()) if name.startswith("ministack.")]
    return [module for module in loaded if getattr(module, "request_time_failure", None) is function]


def _let_queues_wait(seconds: float) -> None:
    """What passes for a queue when time passes: delays and visibility timeouts run down.

    The queues keep real time otherwise, so that a jump of ten days does not also end every message's retention:
    on AWS those ten days would not have gone by without a consumer.
    """
    for queue in list(sqs._queues._data.values()):
        for message in list(queue["messages"]):
            message["visible_at"] -= seconds
    sqs.esm_wake.set()


class MovedTime:
    """Stands in for the `time` module where a service stamps what it records."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def time(self) -> float:
        return self._clock.now()

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

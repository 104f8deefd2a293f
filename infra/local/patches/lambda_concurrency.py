"""At most a few workers a function; more calls wait instead of forking.

Stock: `services/lambda_svc._execute_function_warm` starts one Python process (45 to 60 MB) per concurrent call, so a
burst of 100 executions takes gigabytes of a laptop. AWS has no such cost, so nothing of the product is hidden.
A queue's mapping takes no more batches at once than there are workers for them: stock takes as many as the template
allows on AWS (50), whose visibility would run out while they wait, and who has waited for too long is let through.
"""

import threading
from typing import Any

from ministack.services import lambda_svc

from infra.local.emulator import Emulator

# A function that (indirectly) calls itself would wait for its own worker for ever; after this it is let through.
LONGEST_WAIT_SECONDS = 30


def apply(emulator: Emulator) -> None:
    _limit_mappings(emulator.options.workers_per_function)
    stock = lambda_svc._execute_function_warm
    gates: dict[str, threading.BoundedSemaphore] = {}
    lock = threading.Lock()

    def execute(func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        config = func.get("config") or func
        with lock:
            gate = gates.setdefault(
                config.get("FunctionArn", ""), threading.BoundedSemaphore(emulator.options.workers_per_function)
            )
        entered = gate.acquire(timeout=LONGEST_WAIT_SECONDS)
        try:
            result: dict[str, Any] = stock(func, event, request_id)
            return result
        finally:
            if entered:
                gate.release()

    lambda_svc._execute_function_warm = execute


def _limit_mappings(workers: int) -> None:
    stock = lambda_svc._sqs_esm_concurrency

    def limit(*of: Any) -> int:
        return min(int(stock(*of)), workers)

    lambda_svc._sqs_esm_concurrency = limit

"""A handler's exception class survives, and a silent handler is not slowed down.

Stock: `core/lambda_runtime.py` (the Python worker script) reports only `str(e)`, so
`services/lambda_svc._execute_function_warm` answers errorType `Runtime.HandlerError` for every exception and
Step Functions never match Retry or Catch on a name of ours. `Worker._drain_stderr_bounded` also waits 50 ms for
log lines of a handler that prints none.
"""

from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from infra.local.emulator import Emulator

STOCK_REPORT = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
FULL_REPORT = STOCK_REPORT.replace('"trace":', '"errorType": type(e).__name__, "trace":')


class NamedError(str):
    """The error text on its way through stock code, which keeps it as a string, with the class name attached."""

    __slots__ = ("type_name",)
    type_name: str


def apply(emulator: Emulator) -> None:
    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    if script.count(STOCK_REPORT) != 1:
        raise RuntimeError("the worker script of this ministack reports errors in another way")
    lambda_runtime._PYTHON_WORKER_SCRIPT = script.replace(STOCK_REPORT, FULL_REPORT)
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (0.003, 0.002, 0.25)

    stock_invoke = lambda_runtime.Worker.invoke
    stock_execute = lambda_svc._execute_function_warm

    def invoke(self: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        result: dict[str, Any] = stock_invoke(self, *args, **kwargs)
        if result.get("status") == "error" and result.get("errorType"):
            error = NamedError(result.get("error", ""))
            error.type_name = result["errorType"]
            result["error"] = error
        return result

    def execute(func: dict[str, Any], event: Any, request_id: str) -> dict[str, Any]:
        result: dict[str, Any] = stock_execute(func, event, request_id)
        body = result.get("body")
        if result.get("error") and isinstance(body, dict) and isinstance(body.get("errorMessage"), NamedError):
            body["errorType"] = body["errorMessage"].type_name
            body["errorMessage"] = str(body["errorMessage"])
        return result

    lambda_runtime.Worker.invoke = invoke
    lambda_svc._execute_function_warm = execute

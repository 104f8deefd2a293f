"""An import on the emulator: rows a second, its progress, and that a killed worker makes no row twice and loses none.

PYTHONPATH=layers/shared:. python -m benchmarks.emulator_import [rows] [kills]        (without: 5000 and 1)
"""

import json
import sys
import time
from typing import Any

from benchmarks.emulator_stack import (
    conditions,
    cpu_seconds,
    emulator,
    follow,
    kill_workers,
    memory_mb,
    start_import,
)
from infra.local.stack import Stack, wait_until

#: Past the visibility of the job queue (template.yaml): the message that a dead worker held comes back.
_LATER_MINUTES = 12.5


def run(stack: Stack, rows: int, kills: int, word: str) -> dict[str, Any]:
    """The workers are killed when so many equal parts of the file are through."""
    cpu, before = cpu_seconds(stack), _count(stack, word)
    killed = 0

    def kill(job: dict[str, Any]) -> None:
        nonlocal killed
        if killed < kills and job["processed"] >= rows * (killed + 1) // (kills + 1):
            killed += kill_workers(stack, "WorkJobsFunction") > 0
            stack.clock.move(minutes=_LATER_MINUTES)

    job, progress = follow(stack, start_import(stack, rows, word), 120 + rows / 5, max(1.0, rows / 2000), kill)
    seconds = progress[-1][0]
    wait_until(lambda: _count(stack, word) - before >= rows, 300, "the lake")
    return {
        "benchmark": "emulator_import",
        "rows": rows,
        "result": job["result"],
        "state": job["state"],
        "there": _count(stack, word) - before,
        "kills": killed,
        "seconds": seconds,
        "rows_per_second": round(rows / seconds, 1),
        "cpu_ms_per_row": round((cpu_seconds(stack) - cpu) / rows * 1000, 2),
        "memory_mb": memory_mb(stack),
        "progress": progress,
        **conditions(),
    }


def _count(stack: Stack, word: str) -> int:
    condition = {"field": "email", "op": "starts_with", "value": f"{word.casefold()}."}
    return int(stack.api("POST", "/v1/filters/count", {"module": "contacts", "condition": condition})["count"])


def main(rows: int, kills: int) -> None:
    with emulator() as stack:
        figures = run(stack, rows, kills, f"Importada{int(time.time())}")
    for name in ("rows", "there", "kills", "seconds", "rows_per_second", "cpu_ms_per_row", "load_1_min"):
        print(f"{name:<24}{figures[name]:>12,}")
    print(json.dumps(figures))


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    main(*(arguments + [5_000, 1][len(arguments) :]))

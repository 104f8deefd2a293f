"""What the benchmarks on the emulator share: a stack, people in it by an import, its workers and what it uses.

A machine that is busy with something else makes every second longer: the load stands in the figures.
"""

import contextlib
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.emulator_people import people
from infra.local.home import Home
from infra.local.http import request
from infra.local.process import info
from infra.local.stack import Stack, wait_until
from infra.local.testing import local_stack

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
Progress = list[tuple[float, int]]


@contextlib.contextmanager
def emulator() -> Iterator[Stack]:
    """A stack of its own; or the running one in the folder that BENCH_STACK names, for one figure after another."""
    if folder := os.environ.get("BENCH_STACK"):
        yield Stack.of(Home(Path(folder)))
        return
    with tempfile.TemporaryDirectory() as new, local_stack(Path(new)) as stack:
        yield stack


def conditions() -> dict[str, Any]:
    return {"cores": os.cpu_count(), "load_1_min": round(os.getloadavg()[0], 1)}


# ---------------------------------------------------------------------------------------------------------- processes


def workers(stack: Stack, function: str) -> list[int]:
    """The processes that run this function of the template."""
    return [pid for pid in _children(stack) if function.encode() in _read(pid, "cmdline")]


def kill_workers(stack: Stack, function: str) -> int:
    """kill -9 to every process that runs the function; how many there were."""
    killed = 0
    for pid in workers(stack, function):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def cpu_seconds(stack: Stack) -> float:
    """Of the emulator and its workers, those that have ended included."""
    children = sum(sum(_times(pid)[:2]) for pid in _children(stack))
    return float(sum(_times(_emulator(stack))) + children) / _TICKS


def memory_mb(stack: Stack) -> dict[str, int]:
    """Resident: the emulator itself, and its workers together."""
    children = sum(_resident(pid) for pid in _children(stack))
    return {"emulator": _resident(_emulator(stack)) // 2**20, "workers": children // 2**20}


def _emulator(stack: Stack) -> int:
    return int((info(stack.home) or {})["pid"])


def _children(stack: Stack) -> list[int]:
    parent = _emulator(stack)
    return [int(p.name) for p in Path("/proc").glob("[0-9]*") if _stat(int(p.name))[1:2] == [str(parent)]]


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""  # it has just ended


def _stat(pid: int) -> list[str]:
    """From the state on: the name before it may hold anything."""
    return _read(pid, "stat").decode(errors="replace").rpartition(")")[2].split()


def _times(pid: int) -> list[int]:
    """User and system time, its own and that of the children it has waited for."""
    return [int(field) for field in _stat(pid)[11:15]]


def _resident(pid: int) -> int:
    fields = _read(pid, "statm").split()
    return int(fields[1]) * _PAGE_BYTES if fields else 0


# ------------------------------------------------------------------------------------------------------------- people


def csv_of(number: int, word: str) -> bytes:
    rows = list(people(number, word))
    return "\n".join([";".join(rows[0]), *(";".join(row.values()) for row in rows), ""]).encode()


def start_import(stack: Stack, number: int, word: str, segment: str | None = None) -> str:
    """The path of the job that takes in so many people, into the segment."""
    body = csv_of(number, word)
    announced = {"module": "contacts", "name": f"{word}.csv", "size": len(body)}
    made = stack.api("POST", "/v1/imports", announced, expect=201)
    console = stack.console_url.removesuffix("/console/")
    put = request("PUT", made["upload_url"], body=body, headers={"content-type": "text/csv", "origin": console})
    assert put.status == 200, put.text
    plan = {"columns": list(next(people(1, word))), "match": "email", **({"segment": segment} if segment else {})}
    started = stack.api("POST", f"/v1/imports/{made['id']}/start", plan, expect=202)
    return f"/v1/jobs/{started['job_id']}"


def follow(
    stack: Stack, job: str, limit: float, every: float = 5, meanwhile: Callable[[dict[str, Any]], None] | None = None
) -> tuple[dict[str, Any], Progress]:
    """The job once it has ended, and how many it had processed when."""
    began, read = time.monotonic(), Progress()

    def ended() -> dict[str, Any] | None:
        found: dict[str, Any] = stack.api("GET", job)
        at = round(time.monotonic() - began, 1)
        if not read or at - read[-1][0] >= every or found["finished_at"]:
            read.append((at, found["processed"]))
        if meanwhile:
            meanwhile(found)
        time.sleep(min(1, every / 5))
        return found if found["finished_at"] else None

    return wait_until(ended, limit, job), read

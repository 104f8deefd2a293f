"""Every test, in lanes side by side: what waits for an emulator or a browser leaves the cores to what calculates.

A lane's output is written whole when it has ended; the last lines tell what became of each. With arguments
(`make test ARGS="tests/unit -x"`) it is one lane with these.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
#: Longest first: the short ones fill what is left. Those of `local` drive a browser by themselves, which goes only
#: where no browser of pytest's plugin runs: in a lane without tests of the console.
LANES: dict[str, tuple[str, ...]] = {
    "e2e": ("tests/e2e",),
    "browser": ("tests/browser", "tests/external/test_xss_cases.py"),
    "simulation": ("tests/simulation",),
    "unit": ("tests/unit", "tests/workflows"),
    "local": ("tests/local",),
    "others": ("tests",),  # whatever no other lane has, so that no folder is forgotten
}
#: One more than there are cores: at any time somebody waits. More would starve whoever waits with a limit.
AT_ONCE = (os.cpu_count() or 2) + 1
_COUNTS = re.compile(r"^=+ (.+) in [\d.]+s.*=+$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True)
class Ended:
    name: str
    code: int
    seconds: float
    output: str

    def __str__(self) -> str:
        found = _COUNTS.findall(_COLOUR.sub("", self.output))
        counts = found[-1] if found else "no end"
        return f"{self.name:12}{'' if self.code == 0 else 'FAILED: '}{counts}, {self.seconds:.0f} s"


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def arguments_of(lane: str) -> list[str]:
    """A folder of a lane, without what another lane has of it."""
    own = LANES[lane]
    elsewhere = [path for other, paths in LANES.items() if other != lane for path in paths]
    return [*own, *(f"--ignore={path}" for path in elsewhere if any(path.startswith(f"{folder}/") for folder in own))]


def run(lane: str) -> Ended:
    begun = time.monotonic()
    colour = "--color=yes" if sys.stdout.isatty() else "--color=no"
    done = subprocess.run(
        command(colour, *arguments_of(lane)),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Ended(lane, done.returncode, time.monotonic() - begun, done.stdout)


def run_all(lanes: Sequence[str]) -> int:
    writing = threading.Lock()

    def told(lane: str) -> Ended:
        ended = run(lane)
        with writing:
            print(f"---- {lane}\n{ended.output}", flush=True)
        return ended

    print(f"{', '.join(lanes)}: {AT_ONCE} at a time, each written when it has ended", flush=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        ends = list(pool.map(told, lanes))
    print(*ends, sep="\n", flush=True)
    return next((end.code for end in ends if end.code), 0)


def main(arguments: list[str]) -> int:
    if arguments:
        return subprocess.call(command(*arguments), cwd=PROJECT)
    return run_all(list(LANES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Every test, in two lanes side by side that take about as long: those on an emulator with the simulations, the others.

With arguments (`make test ARGS="tests/unit -x"`) it is one lane with these.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
#: What starts an emulator, its own tests first: they drive a browser by themselves, beside no running plugin. And the
#: simulations, which calculate while nothing else of this lane does.
FIRST_LANE = ("tests/local", "tests/e2e", "tests/simulation")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def main(arguments: list[str]) -> int:
    if arguments:
        return subprocess.call(command(*arguments), cwd=PROJECT)
    others = command("tests", *(f"--ignore={folder}" for folder in FIRST_LANE))
    with tempfile.TemporaryFile() as told:
        lane = subprocess.Popen(command(*FIRST_LANE), cwd=PROJECT, stdout=told, stderr=subprocess.STDOUT)
        first = subprocess.call(others, cwd=PROJECT)
        second = lane.wait()
        told.seek(0)
        sys.stdout.buffer.write(told.read())
    return first or second


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

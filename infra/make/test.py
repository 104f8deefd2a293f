"""Every test, in two lanes side by side: those on an emulator wait for most of their time, the others calculate.

With arguments (`make test ARGS="tests/unit -x"`) it is one lane with these.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
#: What starts an emulator, its own tests first: they drive a browser by themselves, beside no running plugin.
ON_AN_EMULATOR = ("tests/local", "tests/e2e")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def main(arguments: list[str]) -> int:
    if arguments:
        return subprocess.call(command(*arguments), cwd=PROJECT)
    others = command("tests", *(f"--ignore={folder}" for folder in ON_AN_EMULATOR))
    with tempfile.TemporaryFile() as told:
        lane = subprocess.Popen(command(*ON_AN_EMULATOR), cwd=PROJECT, stdout=told, stderr=subprocess.STDOUT)
        first = subprocess.call(others, cwd=PROJECT)
        second = lane.wait()
        told.seek(0)
        sys.stdout.buffer.write(told.read())
    return first or second


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

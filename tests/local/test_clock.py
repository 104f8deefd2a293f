"""The clock inside a Lambda worker: the emulator's, to the millisecond, from the worker's first moment on."""

import subprocess
import sys
from pathlib import Path

from infra.local.patches.clock import WORKER_CLOCK, WORKER_START

#: It spends long on imports before anything asks for the time; then the clock moves under it, and again it is slow.
WORKER = """
import time_machine

def behind(offset):
    time.sleep(0.3)
    return time_machine.escape_hatch.time.time() + offset - time.time()

print(behind(1000.25))
with open(CLOCK_FILE, "w") as file:
    file.write("2000.5")
_follow_clock()
print(behind(2000.5))
"""


def test_a_worker_does_not_trail_the_emulators_clock(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("1000.25")
    script = (WORKER_START + WORKER_CLOCK + WORKER).replace("CLOCK_FILE", repr(str(file)))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    # What lies between asking for one time and for the other is in it too.
    assert [abs(float(line)) < 0.1 for line in done.stdout.split()] == [True, True]

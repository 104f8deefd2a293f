"""The Chromium of this machine, headless and silent: one place that knows where it is and how it is started.

`python -m infra.local.chromium` prints its path, or fails with the command that brings one.
"""

import shutil
import sys

ARGUMENTS = (
    "--no-sandbox",  # it has none when it is run by root, as in a container
    "--disable-gpu",
    # A fresh browser would otherwise talk to its maker.
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--disable-component-update",
    "--disable-quic",
)
INSTALL = "sudo apt-get install -y chromium" if shutil.which("sudo") else "apt-get install -y chromium"
MISSING = f"no chromium here; install it with: {INSTALL}"


def path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


if __name__ == "__main__":
    print(path() or sys.exit(MISSING))

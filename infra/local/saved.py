"""Snapshots on disk. Each is one instant of everything: the services' state, the objects in the buckets, the mailbox.

The emulator writes objects and mails through, at once, and its tables by snapshot. After a kill the two would tell of
different instants: a record that its table has lost would still stand in the lake. So a snapshot keeps the objects of
its own instant, and a start after anything but a clean stop puts all of it back together.
Objects are kept as hard links: the emulator replaces files and never writes into one (`services/s3._atomic_write`).
"""

import json
import os
import shutil
import uuid
from contextlib import suppress
from pathlib import Path

from infra.local.home import Home

_STATE, _OBJECTS, _FACTS = "state", "objects", "facts.json"


class Saved:
    def __init__(self, home: Home) -> None:
        self._home = home
        self._folder = home.root / "snapshots"
        self._current = self._folder / "current"  # a file with the name of the last whole one
        self._clean = home.state / "stopped-cleanly"

    def begin(self) -> Path:
        """A new snapshot with the objects and the mailbox as they are now; nobody may write either meanwhile."""
        snapshot = self._folder / uuid.uuid4().hex
        (snapshot / _STATE).mkdir(parents=True)
        _link(self._home.objects, snapshot / _OBJECTS)
        mails = self._home.mails.stat().st_size if self._home.mails.exists() else 0
        (snapshot / _FACTS).write_text(json.dumps({"mails": mails}), encoding="ascii")
        return snapshot

    def state_of(self, snapshot: Path) -> Path:
        return snapshot / _STATE

    def commit(self, snapshot: Path) -> None:
        """From here on this one counts: by one rename, so that no kill leaves half of it and half of another."""
        part = self._current.with_suffix(f".{snapshot.name}")
        part.write_text(snapshot.name, encoding="ascii")
        part.replace(self._current)

    def forget_others(self) -> None:
        """Those that were given up or came before; what a killed process's child may still write goes the next time."""
        kept = {self._current.name, self._name()}
        for entry in self._folder.iterdir():
            if entry.name not in kept:
                shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink(missing_ok=True)

    def stopped_cleanly(self) -> None:
        self._clean.touch()

    def restore(self) -> bool:
        """Before the emulator loads anything: after an unclean end, go back to the last snapshot. True if it did."""
        if self._clean.exists():
            self._keep_what_was_stopped()
            return False
        snapshot = self._folder / self._name()
        if not self._name() or not snapshot.is_dir():
            if not any(self._home.state.glob("*.json")):
                _empty(self._home.objects)  # killed before its first snapshot: what is left belongs to nothing
            return False
        for file in self._home.state.glob("*.json"):  # beside them lie code and keys, which no snapshot undoes
            file.unlink()
        _link(snapshot / _STATE, self._home.state)
        _empty(self._home.objects)
        _link(snapshot / _OBJECTS, self._home.objects)
        facts = json.loads((snapshot / _FACTS).read_text(encoding="ascii"))
        if self._home.mails.exists() and self._home.mails.stat().st_size > facts["mails"]:
            os.truncate(self._home.mails, facts["mails"])
        return True

    def _keep_what_was_stopped(self) -> None:
        """What a clean stop left is the newest there is, and a kill may come before the next snapshot."""
        snapshot = self.begin()
        for file in self._home.state.glob("*.json"):
            _link_or_copy(str(file), str(snapshot / _STATE / file.name))
        self.commit(snapshot)
        self.forget_others()
        self._clean.unlink()

    def _name(self) -> str:
        with suppress(FileNotFoundError):
            return self._current.read_text(encoding="ascii")
        return ""


def _link(source: Path, target: Path) -> None:
    shutil.copytree(source, target, copy_function=_link_or_copy, dirs_exist_ok=True)


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()

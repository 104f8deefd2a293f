"""Where the laptop stack keeps its things: one folder, `.local/` beside the template (or a test's own)."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Home:
    root: Path

    @classmethod
    def default(cls) -> "Home":
        return cls(Path(os.environ.get("GOTERO_LOCAL", PROJECT / ".local")))

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def objects(self) -> Path:
        return self.root / "objects"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def log(self) -> Path:
        return self.root / "emulator.log"

    @property
    def pid(self) -> Path:
        return self.root / "emulator.pid"

    @property
    def clock(self) -> Path:
        return self.root / "clock"

    @property
    def mails(self) -> Path:
        return self.root / "mailbox.jsonl"

    @property
    def ports(self) -> Path:
        return self.root / "ports.json"

    @property
    def doors(self) -> Path:
        """Which API each front door leads to; written after every deploy."""
        return self.root / "doors.json"

    @property
    def outputs(self) -> Path:
        return self.root / "outputs.json"

    @property
    def story(self) -> Path:
        """Exists once the demo story was played onto this data."""
        return self.root / "story.json"

    def create(self) -> None:
        for folder in (self.root, self.state, self.objects, self.tmp):
            folder.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)  # secrets and signing keys of the emulator lie in clear in the saved state


def read_json(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return content


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Whole or not at all: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(path.suffix + ".part")
    part.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)

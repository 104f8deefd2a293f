"""Every mail that SES accepted, in the order of acceptance. Appended to a file at once.

After a crash a start goes back to the last snapshot (`saved.py`), mails included: one that its message record does not
know of would be sent, and stand here, twice.
"""

import json
import re
import threading
from pathlib import Path
from typing import Any
from urllib.parse import unquote

Mail = dict[str, Any]


class Outbox:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._mails: dict[str, Mail] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                try:
                    self._apply(json.loads(line))
                except json.JSONDecodeError:
                    continue  # the last line of a process that was killed while writing

    def add(self, mail: Mail) -> None:
        self._write({"mail": mail})

    def note(self, message_id: str, event: str, at: str) -> None:
        """Remember what became of a mail, to show it on its page."""
        self._write({"note": {"id": message_id, "event": event, "at": at}})

    def get(self, message_id: str) -> Mail | None:
        return self._mails.get(bare(message_id))

    def newest_first(self) -> list[Mail]:
        with self._lock:
            return list(reversed(self._mails.values()))

    def _write(self, entry: dict[str, Any]) -> None:
        with self._lock:
            self._apply(entry)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")

    def _apply(self, entry: dict[str, Any]) -> None:
        if mail := entry.get("mail"):
            mail.setdefault("events", [])
            self._mails[mail["id"]] = mail
        elif (note := entry.get("note")) and (known := self._mails.get(note["id"])):
            known["events"].append({"event": note["event"], "at": note["at"]})


def bare(message_id: str) -> str:
    """SES ids without the domain that the emulator appends: they must fit into a path."""
    return message_id.split("@", 1)[0]


def unsubscribe_subject(mail: Mail) -> str | None:
    """What a mail program writes as the subject to the mailto: of List-Unsubscribe, if there is one."""
    headers = {header["Name"].lower(): header["Value"] for header in mail["headers"]}
    found = re.search(r"<mailto:[^?>]+\?subject=([^>&]+)>", headers.get("list-unsubscribe", ""))
    return unquote(found.group(1)) if found else None

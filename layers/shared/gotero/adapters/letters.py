"""`Letters` as objects of a bucket, beside the lake: `letters/<id>.json`. One write a letter, one read a mail."""

import json
from collections.abc import Sequence

from gotero.adapters.lake.objects import Objects
from gotero.domain.errors import TransientError
from gotero.domain.letter import Letter


class StoredLetters:
    """Works on the real bucket and on the one in memory."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    def keep(self, id: str, letter: Letter) -> Letter:
        body = json.dumps(letter.to_json(), ensure_ascii=False).encode()
        if self._objects.switch(_key(id), body, None):
            return letter
        stored = self.get(id)
        if stored is None:
            raise TransientError("a letter was there, and is not")
        return stored

    def get(self, id: str) -> Letter | None:
        try:
            found = self._objects.get(_key(id))
        except KeyError:
            return None
        return Letter.from_json(json.loads(found.body)) if found else None

    def forget(self, ids: Sequence[str]) -> None:
        there = [key for key in map(_key, ids) if self._is_there(key)]
        if there:
            self._objects.delete(there)

    def _is_there(self, key: str) -> bool:
        try:
            return self._objects.get(key) is not None
        except KeyError:
            return False


def _key(id: str) -> str:
    return f"letters/{id}.json"

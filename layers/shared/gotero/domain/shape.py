"""Checks the shape of a definition's JSON: which keys, which types. All broken rules at once, each with its path."""

from collections.abc import Callable, Sequence
from typing import Any

from gotero.domain.errors import FieldError, InvalidError

Json = dict[str, Any]

MAX_TEXT = 255


class Reader:
    """Reads one JSON object key by key and gathers what is wrong; `done` raises it."""

    def __init__(self, data: Any, path: str = "", errors: list[FieldError] | None = None) -> None:
        self.errors: list[FieldError] = [] if errors is None else errors
        self._path = path
        self._known: set[str] = set()
        if isinstance(data, dict):
            self._data: Json = data
        else:
            self._data = {}
            self.errors.append(FieldError(path, "object"))

    def at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def wrong(self, key: str, rule: str, **values: str) -> None:
        self.errors.append(FieldError(self.at(key), rule, tuple(values.items())))

    def has(self, key: str) -> bool:
        self._known.add(key)
        return self._data.get(key) is not None

    def raw(self, key: str) -> Any:
        self._known.add(key)
        return self._data.get(key)

    def text(self, key: str, *, required: bool = False, limit: int = MAX_TEXT, default: str = "") -> str:
        value = self.raw(key)
        if value is None or value == "":
            if required:
                self.wrong(key, "required")
            return default
        if not isinstance(value, str):
            self.wrong(key, "text")
            return default
        text = value.strip()
        if required and not text:
            self.wrong(key, "required")
        if len(text) > limit:
            self.wrong(key, "too_long", limit=str(limit))
        if any((ord(c) < 32 and c not in "\n\t") or 0xD800 <= ord(c) <= 0xDFFF for c in text):
            self.wrong(key, "control_characters")
        return text

    def choice(self, key: str, choices: Sequence[str], *, default: str | None = None) -> str:
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or value not in choices:
            self.wrong(key, "required" if value is None else "choice", choices=", ".join(choices))
            return default or choices[0]
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.wrong(key, "boolean")
            return default
        return value

    def whole(self, key: str, *, default: int = 0, low: int, high: int) -> int:
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, "integer")
            return default
        if not low <= value <= high:
            self.wrong(key, "limit", limit=str(high))
            return default
        return value

    def items(self, key: str, *, required: bool = False, limit: int = 200) -> list[Any]:
        value = self.raw(key)
        if value is None:
            value = []
        if not isinstance(value, list):
            self.wrong(key, "list")
            return []
        if required and not value:
            self.wrong(key, "required")
        if len(value) > limit:
            self.wrong(key, "limit", limit=str(limit))
            return []
        return value

    def texts(self, key: str, *, required: bool = False, limit: int = 200) -> tuple[str, ...]:
        values = self.items(key, required=required, limit=limit)
        for index, value in enumerate(values):
            if not isinstance(value, str) or not value or len(value) > MAX_TEXT:
                self.wrong(f"{key}[{index}]", "text")
        return tuple(value for value in values if isinstance(value, str))

    def child(self, key: str, index: int | None = None) -> "Reader":
        """A reader of an object below this one, gathering into the same errors."""
        value = self.raw(key)
        if index is None:
            return Reader(value, self.at(key), self.errors)
        return Reader(value[index], f"{self.at(key)}[{index}]", self.errors)

    def parsed(self, key: str, parse: Callable[[Any], Any]) -> Any:
        """What `parse` makes of the value; its InvalidError joins the others under this path."""
        try:
            return parse(self.raw(key))
        except InvalidError as error:
            self.errors.extend(e.under(self.at(key)) for e in error.errors)
            return None

    def close(self) -> None:
        """No other keys may stand here."""
        for key in self._data:
            if key not in self._known:
                self.wrong(key if isinstance(key, str) else str(key), "unknown_key")

    def done(self) -> None:
        """Close, and raise what was wrong."""
        self.close()
        if self.errors:
            raise InvalidError(*self.errors)

"""What all items share: two text keys, and a table name that is read when used."""

import os
from typing import Any

from pynamodb.attributes import MapAttribute, UnicodeAttribute
from pynamodb.models import Model

#: DynamoDB's own limits of one batch request.
BATCH_WRITE = 25
BATCH_GET = 100


class FromEnv:
    """A table name read when it is used, not when the module is imported."""

    def __init__(self, variable: str) -> None:
        self._variable = variable

    def __get__(self, instance: object, owner: type | None = None) -> str:
        return os.environ[self._variable]


class Item(Model):
    """An item of one of our tables."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


def plain(value: Any) -> Any:
    """The dict and list behind pynamodb's map attributes."""
    if isinstance(value, MapAttribute):
        return {k: plain(v) for k, v in value.attribute_values.items()}
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value

"""A contact to ask conditions of, at an instant that is another day in Madrid than in UTC."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gotero.domain.modules import MODULES

CONTACTS = MODULES["contacts"]
MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)  # 23:30 in Madrid
ACCOUNT = "00000000000000000000000001"


def leaf(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op, **({} if value is None else {"value": value})}

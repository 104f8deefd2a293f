"""JSON from outside: UTF-8, numbers that are some, no lone surrogates, no depth that breaks the parser."""

import json
from typing import Any


def read(raw: bytes | str) -> Any:
    """What `raw` says; ValueError for anything that could not be written back."""

    def refuse(text: str) -> None:
        raise ValueError(text)

    try:
        data = json.loads(raw if isinstance(raw, str) else raw.decode(), parse_constant=refuse)
        # A number may be too large for a double, a text no Unicode: neither shows before it is written.
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError as error:
        raise ValueError("too deep") from error
    return data


def write(data: Any) -> str:
    """As short as JSON gets; dates and the like as their text."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)

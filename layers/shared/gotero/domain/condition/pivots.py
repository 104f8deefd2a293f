"""What would turn a verdict: read from an explained tree, whose every node says what it came to."""

from typing import Any

Told = dict[str, Any]


def pivots(told: Told) -> list[Told]:
    """The leaves that decide alone, as they were explained. None where several would have to turn together."""
    if "not" in told:
        return pivots(told["not"])
    for group, decisive in (("all", False), ("any", True)):
        if group in told:
            return _of_group(told[group], decisive=decisive)
    return [told]


def _of_group(parts: list[Told], *, decisive: bool) -> list[Told]:
    """`all` is decided by what is false, `any` by what is true: by one such part if it is the only one, by each of the
    others if there is none."""
    deciding = [part for part in parts if part["verdict"] == decisive]
    if len(deciding) > 1:
        return []
    return [leaf for part in deciding or parts for leaf in pivots(part)]

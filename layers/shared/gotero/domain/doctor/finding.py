"""What one check says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from gotero.domain.doctor.facts import Unanswered

State = Literal["ok", "warning", "error", "unknown"]
#: From the worst on. What nobody knows is no fault, and no reassurance.
_BY_WEIGHT: tuple[State, ...] = ("error", "warning", "unknown", "ok")


@dataclass(frozen=True, slots=True)
class Finding:
    """`said` names the words in the catalogue; `values` fill them in."""

    check: str
    state: State
    said: str
    values: Mapping[str, str]
    #: Which domain it is about, where there is one check for each.
    subject: str = ""


def ok(check: str, said: str = "ok", *, subject: str = "", **values: str) -> Finding:
    return Finding(check, "ok", said, values, subject)


def problem(state: State, check: str, said: str, *, subject: str = "", **values: str) -> Finding:
    return Finding(check, state, said, values, subject)


def unknown(check: str, answer: Unanswered, *, subject: str = "") -> Finding:
    return Finding(check, "unknown", f"unknown_{answer.reason}", {}, subject)


def worst_state(findings: Iterable[Finding]) -> State:
    return min((finding.state for finding in findings), key=_BY_WEIGHT.index, default="ok")

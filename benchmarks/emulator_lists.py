"""Counts, lists and searches over many contacts on the emulator, by HTTP as the console asks for them.

PYTHONPATH=layers/shared:. python -m benchmarks.emulator_lists [contacts]        (without: 100000)

Warm: the median of several. Cold: the first question to a function that has just been started and knows no row.
"""

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any
from urllib.parse import quote

from benchmarks.emulator_people import count, named, people, seed
from benchmarks.emulator_stack import conditions, cpu_seconds, emulator, kill_workers, memory_mb
from infra.local.stack import Stack, wait_until

_TIMES = 9
#: New contacts whose way into the count is measured.
_ARRIVALS = 10
_NESTED = {
    "all": [
        {
            "any": [
                {"field": "leadsource", "op": "is", "value": "Twitter"},
                {"field": "city", "op": "is", "value": "León"},
            ]
        },
        {"field": "birthday", "op": "after", "value": "1980-01-01"},
        {"not": {"field": "lastname", "op": "starts_with", "value": "pe"}},
    ]
}
_TEXT = {"field": "lastname", "op": "contains", "value": "uño"}


def _is_nested(values: dict[str, Any]) -> bool:
    """The same in plain Python."""
    wanted = values["leadsource"] == "Twitter" or values["city"] == "León"
    return wanted and values["birthday"] > "1980-01-01" and not values["lastname"].casefold().startswith("pe")


def run(stack: Stack, number: int) -> dict[str, Any]:
    word, began = f"Lista{int(time.time())}", time.monotonic()
    seed(stack, number, word)
    seeded = time.monotonic() - began
    mine = named(word)

    def listed(query: str) -> Callable[[], Any]:
        return lambda: stack.api("GET", f"/v1/records/contacts?filter={quote(json.dumps(mine))}&{query}")

    def counted(condition: dict[str, Any]) -> Callable[[], Any]:
        return lambda: count(stack, {"all": [mine, condition]})

    questions = {
        "count, nested condition": counted(_NESTED),
        "count, text within a field": counted(_TEXT),
        "page by lastname": listed("sort=lastname"),
        "page by email, down": listed("sort=-email"),
        "page by birthday": listed("sort=birthday"),
        "search": listed("search=nunez%2077"),
        "grouped by city": listed("group=city"),
    }
    kill_workers(stack, "FiltersApiFunction")
    stack.call("POST", "/v1/filters/count", {"module": "contacts"})  # the emulator finds the dead ones by asking them
    cold = _seconds(lambda: count(stack, mine))
    cpu = cpu_seconds(stack)
    warm = {name: _warm(ask) for name, ask in questions.items()}
    spent = cpu_seconds(stack) - cpu
    answer = counted(_NESTED)()
    expected = sum(map(_is_nested, people(number, word)))
    arrivals = [_arrival(stack, mine, number + n + 1, word) for n in range(_ARRIVALS)]
    return {
        "benchmark": "emulator_lists",
        "contacts": number,
        "seeded_in": round(seeded, 1),
        "seconds": {"cold count": cold, **warm, "typed in, then counted": round(median(arrivals), 3)},
        "cpu_per_question": round(spent / (len(questions) * (_TIMES + 1)), 4),
        "slowest_warm": max(warm.values()),
        "right": answer["count"] == expected,
        "answer": {**answer, "sample": len(answer["sample"])},
        "memory_mb": memory_mb(stack),
        **conditions(),
    }


def _seconds(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return round(time.perf_counter() - began, 4)


def _warm(ask: Callable[[], Any]) -> float:
    ask()
    return round(median(_seconds(ask) for _ in range(_TIMES)), 4)


def _arrival(stack: Stack, mine: dict[str, Any], wanted: int, word: str) -> float:
    values = {"lastname": "Nueva", "email": f"{word.casefold()}.nueva{wanted}@correo.example"}
    stack.api("POST", "/v1/records/contacts", {"values": values}, expect=201)
    return _seconds(lambda: wait_until(lambda: bool(count(stack, mine)["count"] == wanted), 60, "the count"))


def main(number: int) -> None:
    with emulator() as stack:
        figures = run(stack, number)
    for name, seconds in figures["seconds"].items():
        print(f"{name:<32}{seconds:>10.3f} s")
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)

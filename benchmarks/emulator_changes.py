"""From a change to the membership on the emulator: one at a time, and twenty a second with a hundred segments in step.

PYTHONPATH=layers/shared:. python -m benchmarks.emulator_changes [seconds] [a second] [segments]      (60, 20 and 100)

Both instants are the product's own: when the change was written, and since when the record is a member.
"""

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from statistics import median, quantiles
from typing import Any

from benchmarks.emulator_people import seed
from benchmarks.emulator_stack import conditions, cpu_seconds, emulator
from infra.local.stack import Stack, wait_until

#: Contacts that are typed in one after the other.
_ONE_BY_ONE = 20
#: Of one change after the other, with room for answers that take long.
_CALLERS = 16
_PATIENCE_SECONDS = 120


def one_by_one(stack: Stack, word: str) -> dict[str, Any]:
    """A workflow puts whoever is typed in into a segment; each is waited for."""
    segment = stack.api("POST", "/v1/segments", {"name": word}, expect=201)["id"]
    task = {"type": "add_to_segment", "name": "a la lista", "params": {"segment_id": segment, "target": "self"}}
    condition = {"field": "leadsource", "op": "is", "value": "Twitter"}
    workflow = {"name": word, "module": "contacts", "active": True, "trigger": {"on": "save"}}
    stack.api("POST", "/v1/workflows", {**workflow, "condition": condition, "tasks": [task]}, expect=201)
    answered, member, seen = [], [], []
    for number in range(_ONE_BY_ONE + 1):
        values = {"lastname": "Nueva", "email": f"{word.casefold()}.{number}@correo.example", "leadsource": "Twitter"}
        began = time.perf_counter()
        made = stack.api("POST", "/v1/records/contacts", {"values": values}, expect=201)
        answered.append(time.perf_counter() - began)
        path = f"/v1/segments/of/contacts/{made['id']}"
        found = wait_until(lambda path=path: stack.api("GET", path)["items"], 60, path)  # type: ignore[misc]
        seen.append(time.perf_counter() - began)
        member.append(_between(made["created_at"], found[0]["since"]))
    # The first one meets functions that are just starting.
    return {
        "times": _ONE_BY_ONE,
        "answered": _spread(answered[1:]),
        "member_after": _spread(member[1:]),
        "seen_by_asking": _spread(seen[1:]),
        "the_first": round(seen[0], 3),
    }


def many(stack: Stack, word: str, seconds: int, a_second: int, segments: int) -> dict[str, Any]:
    """Changes at a steady pace, each of a contact of its own, which enters one of the segments by it."""
    names = [f"{word} {n}" for n in range(segments)]
    kept = [_in_step(stack, name) for name in names]
    for _, job in kept:
        stack.wait_for_job(job, 300)
    contacts = seed(stack, seconds * a_second, word)
    began, cpu = time.monotonic(), cpu_seconds(stack)

    def change(number: int) -> tuple[str, str]:
        # Whoever is late does not wait for the next beat: what was asked for a second is asked for.
        time.sleep(max(0.0, began + number / a_second - time.monotonic()))
        path = f"/v1/records/contacts/{contacts[number]}"
        changed = stack.api("PATCH", path, {"values": {"title": names[number % segments]}})
        return contacts[number], str(changed["updated_at"])

    with ThreadPoolExecutor(_CALLERS) as pool:
        written = dict(pool.map(change, range(len(contacts))))
    lasted = time.monotonic() - began

    def all_in() -> dict[str, tuple[str, str]] | None:
        time.sleep(1)
        found = _memberships(stack, {segment for segment, _ in kept})
        return found if found.keys() >= written.keys() else None

    since = wait_until(all_in, _PATIENCE_SECONDS, "every contact in its segment")
    right = all(since[id][0] == kept[n % segments][0] for n, id in enumerate(contacts))
    return {
        "asked_per_second": a_second,
        "reached_per_second": round(len(written) / lasted, 1),
        "changes": len(written),
        "segments": segments,
        "each_in_its_segment": right,
        "member_after": _spread([_between(at, since[id][1]) for id, at in written.items()]),
        "cpu_ms_per_change": round((cpu_seconds(stack) - cpu) / len(written) * 1000, 1),
    }


def _in_step(stack: Stack, name: str) -> tuple[str, str]:
    """A segment of whoever has this title, and the job that fills it."""
    segment = str(stack.api("POST", "/v1/segments", {"name": name}, expect=201)["id"])
    condition = {"field": "title", "op": "is", "value": name}
    asked = {"module": "contacts", "condition": condition, "on": True}
    return segment, str(stack.api("POST", f"/v1/segments/{segment}/autosync", asked, expect=202)["job_id"])


def _memberships(stack: Stack, segments: set[str]) -> dict[str, tuple[str, str]]:
    """Segment and beginning by contact, from the table itself."""
    pages = stack.aws("dynamodb").get_paginator("scan").paginate(TableName=stack.environment["MEMBERSHIPS_TABLE"])
    items = (item for page in pages for item in page["Items"] if item.get("segment", {}).get("S") in segments)
    return {item["record"]["S"]: (item["segment"]["S"], item["since"]["S"]) for item in items}


def _between(first: str, then: str) -> float:
    return (datetime.fromisoformat(then) - datetime.fromisoformat(first)).total_seconds()


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    return {
        "p50": round(median(seconds), 3),
        "p95": round(quantiles(seconds, n=20)[-1], 3),
        "most": round(max(seconds), 3),
    }


def main(seconds: int, a_second: int, segments: int) -> None:
    word = f"Cambio{int(time.time())}"
    with emulator() as stack:
        single = one_by_one(stack, f"{word}solo")
        before = conditions()
        figures = many(stack, word, seconds, a_second, segments)
    for title, spread in (
        ("one at a time, answered", single["answered"]),
        ("one at a time, member after", single["member_after"]),
        ("one at a time, seen by asking", single["seen_by_asking"]),
        (f"{figures['reached_per_second']:g} a second, member after", figures["member_after"]),
    ):
        print(f"{title:<36}" + "".join(f"{name:>6}{value:>8.3f} s" for name, value in spread.items()))
    told = {"benchmark": "emulator_changes", "one_by_one": {**single, **before}, "many": {**figures, **conditions()}}
    print(json.dumps(told))


if __name__ == "__main__":
    arguments = [int(word) for word in sys.argv[1:]]
    main(*(arguments + [60, 20, 100][len(arguments) :]))

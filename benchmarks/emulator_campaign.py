"""A campaign to many on the emulator: progress, a sum that holds at every reading, one mail each in the mailbox.

PYTHONPATH=layers/shared:. python -m benchmarks.emulator_campaign [recipients]        (without: 20000)
"""

import json
import sys
import time
from collections import Counter
from typing import Any

from benchmarks.emulator_faults import people_and_order
from benchmarks.emulator_stack import conditions, cpu_seconds, emulator, follow, memory_mb
from infra.local.stack import Stack, wait_until


def run(stack: Stack, recipients: int) -> dict[str, Any]:
    campaign, order = people_and_order(stack, recipients, f"Masiva{int(time.time())}")
    subject, before, cpu = order.pop("subject"), memory_mb(stack), cpu_seconds(stack)
    job_id = stack.api("POST", f"/v1/campaigns/{campaign}/send", order, expect=202)["job_id"]
    wrong, largest = 0, dict(before)

    def check(job: dict[str, Any]) -> None:
        nonlocal wrong, largest
        wrong += job["total"] != job["pending"] + sum(job["counts"].values())
        largest = {name: max(mb, largest[name]) for name, mb in memory_mb(stack).items()}

    job, progress = follow(stack, f"/v1/jobs/{job_id}", 600 + recipients / 4, max(5.0, recipients / 1000), check)
    seconds = progress[-1][0]
    # The emulator's own view of who got what; by address, since two mails of one person are what must not be.
    mailed = Counter(str(mail["to"]) for mail in stack.mailbox.messages(subject=subject))
    counts, results = job["counts"], f"/v1/campaigns/{campaign}/results"
    seen = wait_until(lambda: _if_all(stack.api("GET", results), counts["accepted"]), 600, "the results in the lake")
    return {
        "benchmark": "emulator_campaign",
        "recipients": job["total"],
        "state": job["state"],
        "counts": counts,
        "sum_holds": job["total"] == sum(counts.values()),
        "readings_with_a_wrong_sum": wrong,
        "mailed": len(mailed),
        "duplicates": sum(n > 1 for n in mailed.values()),
        "lost": counts["accepted"] - len(mailed),
        "sent_in_results": seen["sent"],
        "seconds": seconds,
        "mails_per_second": round(job["total"] / seconds, 1),
        "cpu_ms_per_mail": round((cpu_seconds(stack) - cpu) / job["total"] * 1000, 1),
        "memory_mb": {"before": before, "largest": largest},
        "progress": progress,
        **conditions(),
    }


def _if_all(results: dict[str, Any], sent: int) -> dict[str, Any] | None:
    time.sleep(1)
    return results if results["sent"] == sent else None


def main(recipients: int) -> None:
    with emulator() as stack:
        figures = run(stack, recipients)
    for at, done in figures["progress"]:
        print(f"{at:>8.0f} s{done:>10,}")
    for name in ("recipients", "mailed", "duplicates", "lost", "mails_per_second", "cpu_ms_per_mail", "load_1_min"):
        print(f"{name:<24}{figures[name]:>10,}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)

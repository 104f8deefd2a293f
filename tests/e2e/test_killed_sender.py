"""The senders are killed half-way, without a last word: nobody is written to twice, nobody is forgotten."""

from typing import Any

import pytest

from benchmarks.emulator_faults import kill_senders, people_and_order
from infra.local.stack import Stack, wait_until

pytestmark = pytest.mark.e2e
PEOPLE = 150


def test_senders_killed_half_way(stack: Stack) -> None:
    campaign, order = people_and_order(stack, PEOPLE, "Corte")
    order.pop("subject")
    job_id = stack.api("POST", f"/v1/campaigns/{campaign}/send", order, expect=202)["job_id"]

    def half_way() -> bool:
        return bool(stack.api("GET", f"/v1/jobs/{job_id}")["processed"] > 0)

    wait_until(half_way, 300, "the first of them to be sent")
    assert kill_senders(stack) > 0
    # Past the visibility of the queue and the life of the claims: somebody else takes over.
    stack.clock.move(minutes=5)

    def all_known() -> dict[str, Any] | None:
        job: dict[str, Any] = stack.api("GET", f"/v1/jobs/{job_id}")
        if job["finished_at"] is None:
            return None
        counts, mails = job["counts"], len(stack.mailbox.messages(subject="Corte"))
        # Every mail that the provider took is known to have been taken, by its answer or by its event.
        return job if counts["accepted"] == mails else None

    job = wait_until(all_known, 300, "everybody to have an outcome")
    counts = job["counts"]
    # In doubt, or held once a person has to decide.
    in_doubt = counts["uncertain"] + counts["held"]
    assert job["total"] == PEOPLE == counts["accepted"] + in_doubt, counts
    assert job["state"] == ("finished_open" if in_doubt else "finished")
    # What was in the air when its sender died and never arrived: a slice a sender at most, and a person decides.
    assert in_doubt <= 16 * 4
    mails = stack.mailbox.messages(subject="Corte")
    assert len({str(mail["to"]) for mail in mails}) == len(mails)
    # A person decides about all of them at once: who has none gets one.
    again = {"decision": "send_again", "condition": {"field": "campaign", "op": "is", "value": campaign}}

    def known_to_the_lake() -> bool:
        counted = stack.api("POST", "/v1/messages/decide", {**again, "preview": True})
        return bool(counted["count"] == in_doubt)

    wait_until(known_to_the_lake, 300, "the lake to know who is in doubt")
    begun = stack.call("POST", "/v1/messages/decide", again)
    assert begun.status in (200, 202), begun.text
    decided = stack.wait_for_job(begun.json()["id"])
    assert (decided["state"], decided["result"]["changed"]) == ("finished", in_doubt)

    def everybody_has_one() -> bool:
        return len(stack.mailbox.messages(subject="Corte")) == PEOPLE

    wait_until(everybody_has_one, 300, "the mails that were sent again")
    assert len({str(mail["to"]) for mail in stack.mailbox.messages(subject="Corte")}) == PEOPLE
    print(f"accepted {counts['accepted']}, uncertain {counts['uncertain']}")

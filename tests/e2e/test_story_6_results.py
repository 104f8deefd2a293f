"""Story step 6: the results of the campaign are what its message records add up to."""

import pytest

from infra.local.demo.campaign import COUNTED, recount
from infra.local.demo.desk import Desk
from infra.local.stack import wait_until
from tests.e2e.evidence import Json, Sent

pytestmark = pytest.mark.e2e


def test_the_results_equal_a_recount_of_the_message_records(desk: Desk, sent: Sent) -> None:
    def settled() -> Json | None:
        shown: Json = desk.stack.api("GET", f"/v1/campaigns/{sent.campaign['id']}/results")
        recounted = recount(desk, sent.campaign["id"])
        return shown if {name: shown[name] for name in COUNTED} == recounted else None

    results = wait_until(settled, 300, "results that equal the recount")

    assert results["sent"] == sent.job["counts"]["accepted"]
    assert results["no_email"] == 50
    assert results["delivered"] <= results["sent"]
    assert results["as_of"] >= sent.job["finished_at"]


def test_every_rate_is_its_count_over_its_base(desk: Desk, sent: Sent) -> None:
    results = desk.stack.api("GET", f"/v1/campaigns/{sent.campaign['id']}/results")

    bases = {"delivered": "sent", "bounced": "sent"} | dict.fromkeys(
        ("opened", "clicked", "spam", "unsubscribed"), "delivered"
    )
    for name, base in bases.items():
        assert results["rates"][name] == pytest.approx(results[name] / results[base], abs=0.0001)

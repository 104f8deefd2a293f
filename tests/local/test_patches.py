"""Every repair of the emulator is needed, and works."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from infra.local import patches
from tests.local import checks, mail_checks
from tests.local.probe import Probe

Check = Callable[[Probe], None]

CHECKS: dict[str, tuple[Check, ...]] = {
    "http_api": (checks.http_api, checks.http_api_cors),
    "lambda_errors": (checks.lambda_errors,),
    "lambda_concurrency": (checks.lambda_concurrency, checks.lambda_concurrency_of_a_queue),
    "dynamodb_stream_mapping": (checks.dynamodb_stream_mapping,),
    "secret_ref": (checks.secret_ref,),
    "nested_attributes": (checks.nested_attributes,),
    "iam_batches": (checks.iam_batches,),
    "step_functions_sdk": (checks.step_functions,),
    "ses_identity": (mail_checks.ses_identity,),
    "ses_account": (mail_checks.ses_account,),
    "ses_events": (mail_checks.ses_events,),
    "scheduler": (checks.scheduler, checks.scheduler_follows_the_clock),
    "dynamodb_ttl": (checks.dynamodb_ttl,),
    "clock": (checks.clock,),
    "quiet": (checks.quiet,),
    "login_page": (checks.login_page,),
}
# Killing the emulator has a test of its own, and what is only faster keeps no promise that stock breaks.
ELSEWHERE = {"snapshots": "test_survival.py", "iam_principals": "test_iam_principals.py"}
ALL = [check for of_one in CHECKS.values() for check in of_one]


def test_every_patch_has_a_check() -> None:
    assert set(patches.NAMES) == CHECKS.keys() | ELSEWHERE.keys()


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.__name__)
def test_the_repaired_emulator_keeps_the_promise(check: Check, repaired: Probe) -> None:
    """The assertions are the check's own (checks.py): the same ones have to fail on stock, see below."""
    check(repaired)


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.__name__)
def test_stock_breaks_the_promise(check: Check, stock: Probe) -> None:
    with pytest.raises((AssertionError, KeyError, ClientError, ValueError, pytest.fail.Exception)):
        check(stock)

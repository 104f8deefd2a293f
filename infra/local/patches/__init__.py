"""Repairs of MiniStack 1.5.33, one a file. Each names the function it repairs and has a test that fails on stock."""

import importlib
from importlib.metadata import version

from infra.local.emulator import Emulator

WRITTEN_FOR = "1.5.33"

NAMES = (
    "clock",
    "lambda_errors",
    "lambda_concurrency",
    "http_api",
    "dynamodb_stream_mapping",
    "quiet",
    "dynamodb_ttl",
    "scheduler",
    "step_functions_sdk",
    "secret_ref",
    "nested_attributes",
    "iam_batches",
    "iam_principals",
    "ses_identity",
    "ses_account",
    "ses_events",
    "login_page",
    "snapshots",
)


class WrongVersion(Exception):
    """The emulator is not the one these repairs were written for."""


def apply(emulator: Emulator, without: frozenset[str] = frozenset()) -> None:
    found = version("ministack")
    if found != WRITTEN_FOR:
        raise WrongVersion(f"the repairs fit ministack {WRITTEN_FOR}, found {found}; reinstall the locked requirements")
    for name in NAMES:
        if name not in without:
            importlib.import_module(f"{__name__}.{name}").apply(emulator)

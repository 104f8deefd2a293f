"""A transaction that another one crosses is an error that passes, whichever of its items they met on."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from gotero.adapters.dynamodb.direct import DirectClient
from gotero.adapters.dynamodb.records import DynamoRecords
from gotero.domain.errors import ConflictError, TransientError
from gotero.domain.record import Cause, Record, RecordEvent
from gotero.ports import IndexKeys

AT = "2026-11-21T09:00:00.000Z"
BEFORE = IndexKeys({"email": "lia@example.org"}, frozenset({"lia@example.org"}))
LIA = Record("contacts", "lia", "CON-1", "marc", {}, AT, "marc", AT)
EVENT = RecordEvent("e1", "modify", Cause("user", "marc"), AT)


@pytest.fixture
def records(
    dynamodb_tables: Callable[[], AbstractContextManager[None]], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., DynamoRecords]:
    """The store, whose next transactions are cancelled for these reasons."""

    def cancelled(*codes: str) -> DynamoRecords:
        refused: Any = {
            "Error": {"Code": "TransactionCanceledException", "Message": ""},
            "ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {}},
            "CancellationReasons": [{"Code": code} for code in codes],
        }

        def refuse(self: DirectClient, operation: str, params: Any) -> Any:
            raise ClientError(refused, operation)

        monkeypatch.setattr(DirectClient, "_make_api_call", refuse)
        return DynamoRecords()

    with dynamodb_tables():
        return cancelled


@pytest.mark.parametrize("met_on", range(3))
def test_a_record_and_every_key_that_it_gives_up_may_be_at_work_elsewhere(
    records: Callable[..., DynamoRecords], met_on: int
) -> None:
    codes = ["None"] * 3
    codes[met_on] = "TransactionConflict"
    with pytest.raises(TransientError):
        records(*codes).update(replace(LIA, version=2), EVENT, BEFORE, IndexKeys())


def test_a_record_of_another_version_is_a_conflict_after_the_keys_that_it_gives_up(
    records: Callable[..., DynamoRecords],
) -> None:
    with pytest.raises(ConflictError):
        records("None", "None", "ConditionalCheckFailed").update(replace(LIA, version=2), EVENT, BEFORE, IndexKeys())

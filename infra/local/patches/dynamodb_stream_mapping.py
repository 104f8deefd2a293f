"""Event source mappings of DynamoDB streams: partial batch answers, retries, bisecting, the failure destination.

Stock: `services/lambda_svc._poll_dynamodb_streams` ignores ReportBatchItemFailures, MaximumRetryAttempts and
BisectBatchOnFunctionError: after a partial failure the rest of the batch is lost, and a handler that raises blocks the
shard for ever. It also runs all mappings one after the other. ParallelizationFactor stays 1 here: order is stricter
than on AWS, never looser.

Stock looks for records whenever one is written, which makes a batch of each: a function is called twenty times for
twenty changes in a second. Lambda asks a shard four times a second ("a base rate of four times per second",
docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html). So does this, from the first record
on: whoever writes after a pause is read at once, which on AWS takes an eighth of a second on average.

`services/dynamodb.get_state` saves no stream records while `lambda_svc.get_state` saves the positions in them, so after
a restart a mapping sleeps until as many new records have come as it had read before. The unread ones are saved here;
those that every mapping has read are dropped at once, not after 24 hours, for the sake of a laptop's memory. From the
first that a mapping gave up on they stay for the 24 hours, as on AWS: its dead letter only names them.
"""

import contextvars
import logging
import math
import threading
import time
from dataclasses import dataclass
from typing import Any

from ministack.services import dynamodb, lambda_svc

from infra.local.emulator import Emulator

LONGEST_PAUSE_SECONDS = 16
POLL_SECONDS = 0.25
FOR_EVER = 10_000  # attempts; what AWS does without a limit ends with the record's 24 hours
#: Table -> position of the first record that somebody gave up on.
_kept: dict[str, int] = {}
log = logging.getLogger("gotero.local.stream")


@dataclass
class Progress:
    """Where one mapping stands with the batch it is working on."""

    busy: bool = False
    attempts: int = 0
    batch_size: int | None = None  # smaller than the mapping's own while a failing batch is being bisected
    not_before: float = 0.0


def apply(emulator: Emulator) -> None:
    poller = _Poller(emulator.options.stream_retry_seconds)
    lambda_svc._poll_dynamodb_streams = poller.poll
    lambda_svc._ESM_IDLE_WAKE_GAP_SECONDS = 0.005
    _save_unread_records()


class _Poller:
    def __init__(self, retry_seconds: float) -> None:
        self._retry_seconds = retry_seconds
        self._progress: dict[str, Progress] = {}

    def poll(self) -> bool:
        """Start one thread per mapping that has something to read; stock code calls this in its loop."""
        for account, region, mapping in lambda_svc._iter_all_esms():
            account_token = lambda_svc._request_account_id.set(account)
            region_token = lambda_svc._request_region.set(region)
            try:
                self._start(mapping)
            finally:
                lambda_svc._request_account_id.reset(account_token)
                lambda_svc._request_region.reset(region_token)
        return False  # each thread wakes the loop itself when it is done

    def _start(self, mapping: dict[str, Any]) -> None:
        source = mapping.get("EventSourceArn", "")
        if not mapping.get("Enabled", True) or ":dynamodb:" not in source or "/stream/" not in source:
            return
        progress = self._progress.setdefault(mapping["UUID"], Progress())
        if progress.busy or progress.not_before > time.monotonic():
            return
        name = table_name(source)
        function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
        table = dynamodb._tables.get(name)
        if function is None or not table or table.get("LatestStreamArn") != source:
            return
        start, end = dynamodb.stream_start_position(name), dynamodb.stream_end_position(name)
        if position_of(mapping, start, end) >= end:
            return
        progress.busy = True
        context = contextvars.copy_context()
        thread = threading.Thread(
            target=context.run, args=(self._work, mapping, function, name, progress), daemon=True, name="local-stream"
        )
        thread.start()

    def _work(self, mapping: dict[str, Any], function: dict[str, Any], table: str, progress: Progress) -> None:
        began = time.monotonic()
        try:
            if self._one_batch(mapping, function, table, progress):
                progress.not_before = max(progress.not_before, began + POLL_SECONDS)
        except Exception:
            log.exception("stream mapping %s", mapping["UUID"])
            progress.not_before = time.monotonic() + 1
        finally:
            progress.busy = False
            pause = progress.not_before - time.monotonic()
            if pause > 0:
                threading.Timer(pause + 0.01, lambda_svc._esm_wake.set).start()
            else:
                lambda_svc._esm_wake.set()

    def _one_batch(self, mapping: dict[str, Any], function: dict[str, Any], table: str, progress: Progress) -> bool:
        """Whether the function was called: what its filter leaves out costs nothing, and is read on."""
        size = progress.batch_size or mapping.get("BatchSize", 100)
        with lambda_svc._dynamodb_stream_positions_lock:
            position = lambda_svc._dynamodb_stream_positions[mapping["UUID"]]
            records = dynamodb.stream_records_since(table, position, size)
        wanted = lambda_svc._apply_filter_criteria(records, mapping) if records else []
        if not wanted:
            _advance(mapping, len(records))
            return False
        result = lambda_svc._execute_function(function, {"Records": wanted})
        done = _accepted(mapping, records, result)
        _advance(mapping, done)
        if done == len(records):
            progress.attempts, progress.batch_size = 0, None
            mapping["LastProcessingResult"] = f"OK - {len(wanted)} records"
            return True
        mapping["LastProcessingResult"] = "PROBLEM: Function call failed"
        if done:
            progress.attempts = 0
        self._failed(mapping, function, records[done:], result, progress)
        return True

    def _failed(
        self,
        mapping: dict[str, Any],
        function: dict[str, Any],
        rest: list[dict[str, Any]],
        result: dict[str, Any],
        progress: Progress,
    ) -> None:
        progress.attempts += 1
        limit = mapping.get("MaximumRetryAttempts")
        attempts = FOR_EVER if limit is None or int(limit) < 0 else int(limit)
        too_old = _too_old(mapping, rest[0])
        if mapping.get("BisectBatchOnFunctionError") and len(rest) > 1 and not too_old:
            progress.batch_size, progress.attempts = math.ceil(len(rest) / 2), 0
        elif progress.attempts > attempts or too_old:
            condition = "MaxRecordAgeExceeded" if too_old else "RetryAttemptsExhausted"
            source = mapping["EventSourceArn"]
            lambda_svc._send_ddb_stream_failure_record(mapping, function, rest, source, result, condition)
            _keep(mapping)
            _advance(mapping, len(rest))
            progress.attempts, progress.batch_size = 0, None
            return
        pause = self._retry_seconds * 2 ** max(progress.attempts - 1, 0)
        progress.not_before = time.monotonic() + min(pause, LONGEST_PAUSE_SECONDS)


def position_of(mapping: dict[str, Any], start: int, end: int) -> int:
    with lambda_svc._dynamodb_stream_positions_lock:
        positions: dict[str, int] = lambda_svc._dynamodb_stream_positions
        first = start if mapping.get("StartingPosition") == "TRIM_HORIZON" else end
        positions[mapping["UUID"]] = max(positions.get(mapping["UUID"], first), start)
        return positions[mapping["UUID"]]


def _advance(mapping: dict[str, Any], records: int) -> None:
    source = mapping["EventSourceArn"]
    with lambda_svc._dynamodb_stream_positions_lock:
        positions: dict[str, int] = lambda_svc._dynamodb_stream_positions
        positions[mapping["UUID"]] += records
        readers = [other for _, _, other in lambda_svc._iter_all_esms() if other.get("EventSourceArn") == source]
        _drop_read(table_name(source), min(positions.get(reader["UUID"], 0) for reader in readers or [mapping]))


def _keep(mapping: dict[str, Any]) -> None:
    """From here on nothing is dropped of this table; stock code does after 24 hours."""
    with lambda_svc._dynamodb_stream_positions_lock:
        _kept.setdefault(table_name(mapping["EventSourceArn"]), lambda_svc._dynamodb_stream_positions[mapping["UUID"]])


def _drop_read(table: str, position: int) -> None:
    dropped = dynamodb._stream_trimmed.get(table, 0)
    if table in _kept:
        # Once stock code has trimmed them, those that came after can go as they are read.
        if dropped > _kept[table]:
            del _kept[table]
        position = min(position, _kept.get(table, position))
    if position > dropped:
        del dynamodb._stream_records[table][: position - dropped]
        dynamodb._stream_trimmed[table] = position


def table_name(source: str) -> str:
    return source.split("/stream/")[0].rsplit("/", 1)[-1]


def _save_unread_records() -> None:
    stock_get, stock_load = dynamodb.get_state, dynamodb.load_persisted_state

    def get_state() -> dict[str, Any]:
        streams = {"records": dynamodb._stream_records, "trimmed": dynamodb._stream_trimmed, "kept": _kept}
        return {**stock_get(), "streams": streams}

    def load(state: dict[str, Any]) -> Any:
        streams = state.get("streams") or {}
        dynamodb._stream_records.update(streams.get("records") or {})
        dynamodb._stream_trimmed.update(streams.get("trimmed") or {})
        _kept.update(streams.get("kept") or {})
        return stock_load(state)

    dynamodb.get_state, dynamodb.load_persisted_state = get_state, load


def _accepted(mapping: dict[str, Any], records: list[dict[str, Any]], result: dict[str, Any]) -> int:
    """How many records from the start are done: all before the lowest sequence number that the handler reported."""
    if result.get("error"):
        return 0
    body = result.get("body")
    if "ReportBatchItemFailures" not in (mapping.get("FunctionResponseTypes") or []) or not isinstance(body, dict):
        return len(records)
    failed = {str(entry.get("itemIdentifier") or "") for entry in body.get("batchItemFailures") or []}
    if not failed:
        return len(records)
    numbers = [str(record["dynamodb"]["SequenceNumber"]) for record in records]
    return next((index for index, number in enumerate(numbers) if number in failed), 0)  # unknown id: all, as on AWS


def _too_old(mapping: dict[str, Any], record: dict[str, Any]) -> bool:
    limit = int(mapping.get("MaximumRecordAgeInSeconds") or -1)
    created = float(record["dynamodb"].get("ApproximateCreationDateTime", time.time()))
    return 0 < limit < time.time() - created

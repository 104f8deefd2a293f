"""EventBridge Scheduler: half-second ticks on the clock of the stack, time zones, SDK targets, no second firing.

Stock: `services/scheduler._tick_schedules` runs every 10 s, ignores ScheduleExpressionTimezone, does not fire targets
`arn:aws:scheduler:::aws-sdk:*`, leaves `<aws.scheduler.scheduled-time>` and its siblings as they are, and remembers
what fired only in memory, so an `at()` that was not deleted fires again after a restart.
"""

import json
import logging
import re
import threading
import uuid
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from botocore import xform_name
from ministack.services import eventbridge, scheduler

from infra.local.aws import client
from infra.local.emulator import Emulator

ONCE = re.compile(r"^\s*at\((.+)\)\s*$")
SDK_TARGET = "arn:aws:scheduler:::aws-sdk:"
SDK_NAMES = {"sfn": "stepfunctions", "eventbridge": "events"}
# Kept inside the schedule itself, so that they are saved with it: firing is remembered across a restart.
MEMORY = ("_done", "_last", "_next")
log = logging.getLogger("gotero.local.scheduler")

Schedule = dict[str, Any]


def apply(emulator: Emulator) -> None:
    scheduler._SCHEDULE_TICK_INTERVAL = emulator.options.scheduler_tick_seconds
    scheduler._now = emulator.clock.now  # a creation date in real time would lie before every moved instant
    scheduler._tick_schedules = lambda: _tick(emulator)
    _hide_memory()


def _hide_memory() -> None:
    stock_get = scheduler._get_schedule

    def get(name: str, query: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = stock_get(name, query)
        shown = {key: value for key, value in json.loads(body).items() if key not in MEMORY}
        return status, headers, json.dumps(shown).encode()

    scheduler._get_schedule = get  # an update needs no care: stock code replaces the whole entry


def _tick(emulator: Emulator) -> None:
    now = emulator.clock.now()
    account_before, region_before = scheduler.get_account_id(), scheduler.get_region()
    try:
        for key, schedule in list(scheduler._schedules._data.items()):
            account, region, _ = key
            due = _due(schedule, now)
            if due is None:
                continue
            if schedule.get("_done") and schedule.get("ActionAfterCompletion") == "DELETE":
                scheduler._schedules._data.pop(key, None)
            scheduler.set_request_account_id(account)
            scheduler.set_request_region(region)
            try:
                _fire(emulator, schedule, due, account, region)
            except Exception:
                log.exception("schedule %s", schedule.get("Name"))
    finally:
        scheduler.set_request_account_id(account_before)
        scheduler.set_request_region(region_before)


def _due(schedule: Schedule, now: float) -> float | None:
    """The planned instant that is to be fired now, with the firing noted in the schedule; None if none is."""
    if schedule.get("State") != "ENABLED" or schedule.get("_done"):
        return None
    start, end = scheduler._to_epoch(schedule.get("StartDate")), scheduler._to_epoch(schedule.get("EndDate"))
    if (start is not None and now < start) or (end is not None and now > end):
        return None
    expression = schedule.get("ScheduleExpression", "")
    zone = _zone(schedule)
    if once := ONCE.match(expression):
        return _due_once(schedule, once.group(1), zone, now)
    interval = eventbridge._parse_rate_seconds(expression)
    if interval is not None:
        return _due_rate(schedule, float(interval), now)
    return _due_cron(schedule, expression, zone, now)


def _due_once(schedule: Schedule, at: str, zone: tzinfo, now: float) -> float | None:
    try:
        due = datetime.fromisoformat(at).replace(tzinfo=zone).timestamp()
    except ValueError:
        return None
    if now < due:
        return None
    schedule["_done"] = True
    return due


def _due_rate(schedule: Schedule, interval: float, now: float) -> float | None:
    due = float(schedule.get("_last") or scheduler._to_epoch(schedule.get("CreationDate")) or now) + interval
    if now < due:
        return None
    # After a jump over many intervals it fires once, and counts from there.
    schedule["_last"] = due if now - due < interval else now
    return due


def _due_cron(schedule: Schedule, expression: str, zone: tzinfo, now: float) -> float | None:
    fields = eventbridge._parse_cron_fields(expression)
    if fields is None:
        return None
    if not schedule.get("_next"):
        wall = datetime.fromtimestamp(schedule.get("_last") or now, zone).replace(tzinfo=UTC)
        following = eventbridge._cron_next_fire(fields, wall)  # computes in wall-clock time of the schedule's zone
        if following is None:
            return None
        schedule["_next"] = following.replace(tzinfo=zone).timestamp()
    due = float(schedule["_next"])
    if now < due:
        return None
    schedule["_last"], schedule["_next"] = now, None
    return due


def _zone(schedule: Schedule) -> tzinfo:
    try:
        return ZoneInfo(schedule.get("ScheduleExpressionTimezone") or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _fire(emulator: Emulator, schedule: Schedule, due: float, account: str, region: str) -> None:
    target = dict(schedule.get("Target") or {})
    execution = str(uuid.uuid4())
    planned = datetime.fromtimestamp(due, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(target.get("Input"), str):
        for name, value in {
            "schedule-arn": schedule.get("Arn", ""),
            "scheduled-time": planned,
            "execution-id": execution,
            "attempt-number": "1",
        }.items():
            target["Input"] = target["Input"].replace(f"<aws.scheduler.{name}>", value)
    if target.get("Arn", "").startswith(SDK_TARGET):
        threading.Thread(target=_call_sdk, args=(emulator, target), daemon=True).start()
        return
    event = {
        "EventId": execution,
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "Time": emulator.clock.now(),
        "Resources": [schedule.get("Arn", "")],
        "Account": account,
        "Region": region,
    }
    eventbridge._invoke_target(target, event, schedule)


def _call_sdk(emulator: Emulator, target: dict[str, Any]) -> None:
    service, operation = target["Arn"].removeprefix(SDK_TARGET).split(":")
    aws = client(emulator.ports.aws_url, SDK_NAMES.get(service, service))
    try:
        getattr(aws, xform_name(operation))(**json.loads(target.get("Input") or "{}"))
    except Exception:
        log.exception("schedule target %s", target["Arn"])

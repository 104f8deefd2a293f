"""What the functions logged, readable: their lines are JSON on AWS and here."""

import json
from typing import Any

from infra.local.stack import Stack

LEVELS = {"WARNING", "ERROR", "CRITICAL"}
# Lines that Lambda itself writes; nothing went wrong in them.
PLATFORM = ("START ", "END ", "REPORT ")


def function_logs(stack: Stack, *, errors_only: bool) -> list[str]:
    """In order of time, over all functions."""
    lines: list[tuple[int, str]] = []
    logs = stack.aws("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        for stream in logs.describe_log_streams(logGroupName=name)["logStreams"]:
            found = logs.get_log_events(logGroupName=name, logStreamName=stream["logStreamName"])["events"]
            lines += [(event["timestamp"], event["message"].rstrip()) for event in found]
    return [shown for _, line in sorted(lines) if (shown := _shown(line, errors_only=errors_only))]


def _shown(line: str, *, errors_only: bool) -> str:
    if line.startswith(PLATFORM):
        return ""
    try:
        entry: Any = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict):
        return line if not errors_only or "Traceback" in line else ""
    if errors_only and entry.get("level") not in LEVELS:
        return ""
    exception = entry.pop("exception", "")
    return json.dumps(entry, ensure_ascii=False) + (f"\n{exception}" if exception else "")

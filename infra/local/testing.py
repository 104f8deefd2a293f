"""An emulator of one's own for tests: random free ports, a folder of its own, IAM enforced, nothing kept."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from infra.local.emulator import Options
from infra.local.home import PROJECT, Home
from infra.local.process import Launch, stop
from infra.local.stack import Stack
from infra.local.up import up

ANY_PORTS = {"aws": 0, "admin": 0, "public": 0, "mailbox": 0}
# Nothing is saved, the scheduler ticks five times a second, and retries do not keep a test waiting.
FAST = Options(snapshot_seconds=0, scheduler_tick_seconds=0.2, stream_retry_seconds=0.1, ses_event_delay_seconds=0.01)
ENFORCED = {
    "AUTH": "true",
    "MINISTACK_AUTOCREATE_AWS_MANAGED": "1",
    "SFN_WAIT_SCALE": "0.2",
    "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1",
}


def launch(options: Options = FAST, without: tuple[str, ...] = (), **environment: str) -> Launch:
    return Launch(options, {**ENFORCED, **environment}, ANY_PORTS, without)


@contextlib.contextmanager
def local_stack(folder: Path, template: Path = PROJECT / "template.yaml") -> Iterator[Stack]:
    """The deployed template with its first administrator; stopped at the end, whatever happened."""
    home = Home(folder)
    try:
        yield up(home, launch(), say=lambda _: None, template=template)
    finally:
        stop(home)

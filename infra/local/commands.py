"""What each command does and says."""

import shutil
import signal
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable
from typing import Any

from infra.local.function_logs import function_logs
from infra.local.home import PROJECT, Home, read_json
from infra.local.ports import Ports
from infra.local.process import info, stop
from infra.local.stack import NotDeployed, Stack
from infra.local.up import deploy_template, run_tool, up


def run(chosen: Namespace) -> None:
    COMMANDS[chosen.command](chosen, Home.default())


def _up(chosen: Namespace, home: Home) -> None:
    _show(up(home))


def _down(chosen: Namespace, home: Home) -> None:
    print("stopped, everything is saved" if stop(home) else "nothing was running")


def _deploy(chosen: Namespace, home: Home) -> None:
    if info(home) is None:
        raise NotDeployed("nothing is running; `make up` starts the stack")
    deploy_template(home, Ports(**read_json(home.ports)), PROJECT / "template.yaml")
    print("deployed")


def _status(chosen: Namespace, home: Home) -> None:
    running = info(home)
    if running is None:
        print("nothing is running")
        return
    _show(Stack.of(home))


def _logs(chosen: Namespace, home: Home) -> None:
    for line in function_logs(_running(home), errors_only=chosen.errors):
        print(line)


def _token(chosen: Namespace, home: Home) -> None:
    stack = _running(home)
    print(stack.token_of(chosen.user) if chosen.user else stack.token())


def _clock(chosen: Namespace, home: Home) -> None:
    clock = _running(home).clock
    if chosen.to:
        print(clock.move_to(chosen.to))
    elif chosen.days or chosen.hours:
        print(clock.move(days=chosen.days, hours=chosen.hours))
    else:
        print(clock.now())


def _redrive(chosen: Namespace, home: Home) -> None:
    _running(home)
    sys.exit(run_tool(home, "redrive", *(["--drop"] if chosen.drop else [])).returncode)


def _rebuild(chosen: Namespace, home: Home) -> None:
    _running(home)
    sys.exit(run_tool(home, "rebuild", *([chosen.part] if chosen.part else [])).returncode)


def _demo(chosen: Namespace, home: Home) -> None:
    from infra.local.demo import play_once  # the seed and the story are not needed for anything else
    from infra.local.demo.past import begin_in_the_past
    from infra.local.demo.website import website

    if chosen.reset:
        stop(home)
        _forget(home)
    begin_in_the_past(home)
    begun = time.monotonic()
    stack = up(home)
    with website() as site:
        play_once(stack, site)
        print(f"ready after {time.monotonic() - begun:.0f} s")
        _show(stack)
        if chosen.leave:
            return
        if site.pages:
            print(f"  website   {site.contact_page}\n")
        print("Ctrl-C ends the demo; the data stays. `make demo RESET=1` starts afresh.", flush=True)
        ended = threading.Event()
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, lambda *_: ended.set())
        ended.wait()
        print("\nstopping …", flush=True)
    stop(home)
    print("stopped, everything is saved", flush=True)


def _forget(home: Home) -> None:
    """Everything but the ports: bookmarks survive."""
    for entry in home.root.iterdir() if home.root.exists() else ():
        if entry == home.ports:
            continue
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _running(home: Home) -> Stack:
    if info(home) is None:
        raise NotDeployed("nothing is running; `make up` starts the stack")
    return Stack.of(home)


def _show(stack: Stack) -> None:
    facts = info(stack.home) or {}
    seconds = facts.get("options", {}).get("snapshot_seconds")
    print(
        f"\n  console   {stack.console_url}\n"
        f"            {stack.outputs['admin_email']}  {stack.outputs['admin_password']}\n"
        f"  mailbox   {stack.outputs['mailbox_url']}\n"
        f"  API       {stack.api_url}/v1   (token: make token)\n"
        f"  public    {stack.public_url}\n"
        f"  clock     {facts.get('now')}\n"
        f"  data      {stack.home.root}, saved every {seconds:g} s: a crash loses no more than that\n"
    )


COMMANDS: dict[str, Callable[[Namespace, Home], Any]] = {
    "up": _up,
    "down": _down,
    "deploy": _deploy,
    "status": _status,
    "logs": _logs,
    "token": _token,
    "clock": _clock,
    "redrive": _redrive,
    "rebuild": _rebuild,
    "demo": _demo,
}

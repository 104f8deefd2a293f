"""The background process: the emulator, both front doors and the mailbox, in one event loop on four loopback ports.

Run by `process.py` as `python -m infra.local.server` with a clean environment; settings come as JSON in argv[1].
"""

import asyncio
import faulthandler
import json
import logging
import os
import signal
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from infra.local import patches
from infra.local.clock import BackwardsError, Clock
from infra.local.doors import Door
from infra.local.emulator import Emulator, Options
from infra.local.guard import App, Receive, Scope, Send, answer, at_one_address, guarded, origins_of, read_body
from infra.local.home import Home
from infra.local.mailbox import Mailbox
from infra.local.outbox import Outbox
from infra.local.ports import Ports
from infra.local.saved import Saved
from infra.local.ses_account import Account

CONTROL = "/_local/"
log = logging.getLogger("gotero.local")


def with_controls(app: App, emulator: Emulator) -> App:
    """`/_local/<name>` beside the emulator's own API: the clock, mail events, facts about the process."""

    async def controlled(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(CONTROL):
            if scope["type"] == "http" and scope["method"] != "HEAD":
                emulator.requests += 1
            await app(scope, receive, send)
            return
        control = emulator.controls.get(scope["path"].removeprefix(CONTROL))
        if control is None:
            await answer(send, 404, {"message": "no such control"})
            return
        body = json.loads(await read_body(receive) or b"{}")
        emulator.requests += 1
        try:
            await answer(send, 200, await asyncio.to_thread(control, body))
        except (BackwardsError, KeyError, ValueError) as error:
            await answer(send, 422, {"message": str(error)})

    return controlled


def clock_control(emulator: Emulator, body: dict[str, Any]) -> dict[str, Any]:
    if seconds := float(body.get("seconds", 0)):
        emulator.clock.move(seconds)
    return {"now": emulator.clock.iso(), "offset_seconds": emulator.clock.offset}


def quiet(loop: asyncio.AbstractEventLoop) -> None:
    """A client that hangs up in the middle of an answer is not worth a traceback in the log."""

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if not isinstance(context.get("exception"), ConnectionError):
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)


async def run(emulator: Emulator, app: App, sockets: dict[str, int]) -> None:
    ports = emulator.ports
    own = with_controls(app, emulator)
    served = {
        # The login pages alone: a link elsewhere on this port could be a command to AWS.
        "aws": guarded(own, origins_of(ports.aws, ports.admin), pages="/oauth2/authorize"),
        "admin": guarded(at_one_address(Door(own, emulator.home, "admin"), ports.admin_url), origins_of(ports.admin)),
        "public": guarded(Door(own, emulator.home, "public"), frozenset(), any_origin=True),
        "mailbox": guarded(Mailbox(emulator), origins_of(ports.mailbox)),
    }
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    quiet(loop)
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    await asyncio.gather(*(_serve(served_app, sockets[name], stop) for name, served_app in served.items()))


async def _serve(app: App, listening: int, stop: asyncio.Event) -> None:
    config = Config()
    config.bind = [f"fd://{listening}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 2
    config.loglevel = "WARNING"
    await serve(app, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]  # hypercorn's own ASGI types


def main() -> None:
    settings = json.loads(sys.argv[1])
    home, ports, options = Home(Path(settings["home"])), Ports(**settings["ports"]), Options(**settings["options"])
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    faulthandler.register(signal.SIGUSR1)  # `kill -USR1` writes to the log what every thread is doing
    if Saved(home).restore():
        log.warning("the last run was not stopped cleanly: back at its last snapshot")
    clock = Clock(home.clock)
    account = Account(clock, options.ses_max_send_rate, options.ses_max_24_hour_send)
    emulator = Emulator(home, ports, clock, Outbox(home.mails), account, options)

    from ministack import app  # it reads its settings from the environment when it is imported

    patches.apply(emulator, frozenset(settings.get("without", [])))
    emulator.controls["clock"] = lambda body: clock_control(emulator, body)
    emulator.controls["info"] = lambda _: {
        "pid": os.getpid(),
        "ministack": version("ministack"),
        "version": settings["version"],
        "home": str(home.root),
        "ports": asdict(ports),
        "options": asdict(options),
        "now": clock.iso(),
    }
    home.pid.write_text(str(os.getpid()), encoding="ascii")
    try:
        asyncio.run(run(emulator, app.app, settings["sockets"]))
    finally:
        home.pid.unlink(missing_ok=True)


if __name__ == "__main__":
    main()

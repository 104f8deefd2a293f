"""Four loopback ports, chosen once and kept: links in mails that were sent lead there for ever.

They are bound here, and handed to the process that serves them: between choosing and serving nobody can take one.
"""

import contextlib
import random
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from infra.local.home import Home, read_json, write_json

PREFERRED = {"aws": 4566, "admin": 4570, "public": 4580, "mailbox": 4590}
#: Programs take a port from this range for each connection they open, and hold it after: what is kept lies below it.
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST, _USUAL_EPHEMERAL = 20_000, 32_768
_TRIES = 100
#: How long a port to which mails lead may be in other hands before that is an error: a closing program lets go of it.
PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class Ports:
    aws: int
    admin: int
    public: int
    mailbox: int

    @property
    def aws_url(self) -> str:
        return f"http://127.0.0.1:{self.aws}"

    @property
    def admin_url(self) -> str:
        return f"http://127.0.0.1:{self.admin}"

    @property
    def public_url(self) -> str:
        return f"http://127.0.0.1:{self.public}"

    @property
    def mailbox_url(self) -> str:
        return f"http://127.0.0.1:{self.mailbox}"


class PortTaken(Exception):
    """A kept port is in use by another program."""


@dataclass(frozen=True)
class Held:
    """Ports that are ours, with the sockets that listen on them."""

    ports: Ports
    sockets: dict[str, socket.socket]
    #: Name -> the port that another program has: ours is another one than was asked for.
    taken: dict[str, int] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, int]:
        """Name -> file descriptor."""
        return {name: holder.fileno() for name, holder in self.sockets.items()}


@contextlib.contextmanager
def held(home: Home, preferred: dict[str, int] | None = None, patience: float = PATIENCE_SECONDS) -> Iterator[Held]:
    """The kept ports, else the preferred ones, else free ones, all of them held; `preferred` of 0 means any free port.

    PortTaken when mails lead to a kept port that somebody else has.
    """
    kept = read_json(home.ports)
    wanted = kept if set(kept) == set(PREFERRED) else preferred or PREFERRED
    sockets: dict[str, socket.socket] = {}
    taken: dict[str, int] = {}
    try:
        for name, port in wanted.items():
            # Only what was sent binds us to a port, and only to the one that its links lead to.
            bound = name == "public" and wanted is kept and home.mails.exists()
            holder = _patient_bind(port, patience) if bound else _bind(port) if port else None
            if holder is None and bound:
                raise PortTaken(
                    f"in use by another program: {name} {port}. Stop it, or delete {home.ports.name} in {home.root} "
                    "to choose new ports (links in mails already sent will then lead nowhere)."
                )
            if holder is None and port:
                taken[name] = port
            sockets[name] = holder or _free()
        ports = Ports(**{name: holder.getsockname()[1] for name, holder in sockets.items()})
        if asdict(ports) != kept:
            write_json(home.ports, asdict(ports))
        yield Held(ports, sockets, taken)
    finally:
        for holder in sockets.values():
            holder.close()


def _patient_bind(port: int, patience: float) -> socket.socket | None:
    until = time.monotonic() + patience
    while (holder := _bind(port)) is None and time.monotonic() < until:
        time.sleep(0.1)
    return holder


def _free() -> socket.socket:
    for _ in range(_TRIES):
        if holder := _bind(random.randrange(_LOWEST, _first_ephemeral())):
            return holder
    if holder := _bind(0):
        return holder
    raise PortTaken("no free loopback port")


def _first_ephemeral() -> int:
    with contextlib.suppress(OSError, ValueError):
        return max(int(_EPHEMERAL.read_text(encoding="ascii").split()[0]), _LOWEST + 1000)
    return _USUAL_EPHEMERAL


def _bind(port: int) -> socket.socket | None:
    holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is ours to use again
    try:
        holder.bind(("127.0.0.1", port))
        holder.listen()  # with SO_REUSEADDR a second program could bind it as well until one of them listens
    except OSError:
        holder.close()
        return None
    return holder

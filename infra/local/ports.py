"""The four loopback ports. They are chosen once and kept: mails that were sent hold links to them."""

import socket
from dataclasses import asdict, dataclass

from infra.local.home import Home, read_json, write_json

PREFERRED = {"aws": 4566, "admin": 4570, "public": 4580, "mailbox": 4590}


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


def kept_or_chosen(home: Home, preferred: dict[str, int] | None = None) -> Ports:
    """The kept ports, else the preferred ones, else free ones; `preferred` of 0 means any free port."""
    kept = read_json(home.ports)
    if set(kept) == set(PREFERRED):
        busy = [f"{name} {port}" for name, port in kept.items() if not _free(port)]
        if not busy:
            return Ports(**kept)
        if home.mails.exists():
            raise PortTaken(
                f"in use by another program: {', '.join(busy)}. Stop it, or delete {home.ports.name} in {home.root} "
                "to choose new ports (links in mails already sent will then lead nowhere)."
            )
    ports = _choose(preferred or PREFERRED)
    write_json(home.ports, asdict(ports))
    return ports


def _choose(preferred: dict[str, int]) -> Ports:
    held: list[socket.socket] = []  # all are held until all are chosen, so that none is chosen twice
    chosen: dict[str, int] = {}
    try:
        for name, port in preferred.items():
            holder = _bind(port) or _bind(0)
            if holder is None:
                raise PortTaken("no free loopback port")
            held.append(holder)
            chosen[name] = holder.getsockname()[1]
    finally:
        for holder in held:
            holder.close()
    return Ports(**chosen)


def _bind(port: int) -> socket.socket | None:
    holder = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is ours to use again
    try:
        holder.bind(("127.0.0.1", port))
    except OSError:
        holder.close()
        return None
    return holder


def _free(port: int) -> bool:
    holder = _bind(port)
    if holder is None:
        return False
    holder.close()
    return True

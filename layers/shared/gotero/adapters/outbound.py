"""Where a server of somebody else may stand: an address that all the world can reach, unless settings say otherwise.

What is checked is what is connected to: the name is looked up once, so that it cannot change in between.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from time import monotonic

#: Where clouds keep their instances' credentials (AWS also under an address that counts as private, not link-local).
_METADATA = frozenset({"169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200"})
_NAT64 = IPv6Network("64:ff9b::/96")

#: As many addresses of one name may keep silent: some have ten, and whoever waits is about to be stopped.
_TRIES = 2


class ForbiddenAddressError(OSError):
    """The name leads to where no server of somebody else can stand."""


def connect(host: str, port: int, timeout: float, *, private: bool) -> socket.socket:
    """A socket to `host`. ForbiddenAddressError when one of its addresses is not allowed, OSError when none answers."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_, address in found:
        if not allowed(str(address[0]), private=private):
            raise ForbiddenAddressError("not a public address")
    failure: OSError = OSError("no address")
    until = monotonic() + _TRIES * timeout
    for family, kind, protocol, _, address in found:
        left = until - monotonic()
        if left <= 0:
            break
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(min(timeout, left))
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
            continue
        return connection
    raise failure


def allowed(address: str, *, private: bool) -> bool:
    """Whether a server may be reached at this IP address. Never where a cloud keeps its metadata."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        ip = _within(ip) or ip
    if str(ip) in _METADATA or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    return private or ip.is_global


def _within(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: a gateway would lead there."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)

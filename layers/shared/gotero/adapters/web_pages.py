"""One look at a web page over TLS, at an address of the public network alone (adapters/outbound.py)."""

import http.client
import socket
import ssl
from urllib.parse import urlsplit

from gotero.adapters.outbound import ForbiddenAddressError, connect
from gotero.domain.doctor.facts import UnansweredError, Visit

_SECONDS = 2.0
_HTTPS = 443
#: The name is not there; anything else says that nobody could be asked.
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, socket.EAI_NODATA})


class TlsPages:
    """`WebPages`. `context` is who is trusted; redirects are not followed: they answer, and that is asked."""

    def __init__(self, context: ssl.SSLContext | None = None, *, private: bool = False) -> None:
        self._context = context or ssl.create_default_context()
        self._private = private

    def __call__(self, url: str) -> Visit:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _HTTPS
        try:
            plain = connect(host, port, _SECONDS, private=self._private)
        except ForbiddenAddressError as error:
            raise UnansweredError("private") from error
        except TimeoutError as error:
            raise UnansweredError("timeout") from error
        except ConnectionRefusedError:
            return Visit(0, reached=False)
        except socket.gaierror as error:
            if error.errno in _NO_SUCH_NAME:
                return Visit(0, reached=False)
            raise UnansweredError("unreachable") from error
        except (OSError, UnicodeError) as error:
            raise UnansweredError("unreachable") from error
        with plain:
            try:
                with self._context.wrap_socket(plain, server_hostname=host) as secured:
                    return Visit(
                        _status(secured, host, f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}")
                    )
            except ssl.SSLCertVerificationError:
                return Visit(0, trusted=False)
            except TimeoutError as error:
                raise UnansweredError("timeout") from error
            except (OSError, http.client.HTTPException) as error:
                raise UnansweredError("failed") from error


def _status(secured: ssl.SSLSocket, host: str, path: str) -> int:
    connection = http.client.HTTPSConnection(host, timeout=_SECONDS)
    connection.sock = secured
    connection.request("GET", path, headers={"User-Agent": "gotero-doctor", "Connection": "close"})
    return connection.getresponse().status

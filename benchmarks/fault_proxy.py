"""Between a program and the emulator: passes requests on, and makes some of them go wrong as AWS and networks do.

Of each call to a table or queue so many are refused before they took effect, and as many took effect while their answer
is lost. SES's answers are lost after acceptance. Loopback only; what is not in FAULTY passes untouched.
"""

import contextlib
import http.client
import json
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Lock, Thread
from urllib.parse import urlsplit

#: How the SDK names the variable of its endpoint.
FAULTY = ("DYNAMODB", "SQS", "SESV2")
_SENDS_MAIL = "/v2/email/outbound-emails"
_SKIPPED = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


class FaultProxy(ThreadingHTTPServer):
    """One upstream. `rate` may be changed while it runs."""

    daemon_threads = True

    def __init__(self, upstream: str, rate: float, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = urlsplit(upstream).netloc
        self.rate = rate
        self.happened: Counter[str] = Counter()
        self._random, self._lock = Random(seed), Lock()

    @property
    def environment(self) -> dict[str, str]:
        """Leads an SDK here."""
        return {f"AWS_ENDPOINT_URL_{service}": f"http://127.0.0.1:{self.server_port}" for service in FAULTY}

    def fault(self, what: str, *, mail: bool) -> str:
        """What is to happen to this call."""
        with self._lock:
            chance = self._random.random()
            refused = chance < self.rate / 2 and not mail
            fault = "refused" if refused else "answer lost" if chance < self.rate else "passed"
            self.happened[f"{what}: {fault}"] += 1
        return fault

    def handle_error(self, request: object, client_address: object) -> None:
        """A worker that was killed hangs up: nobody has to know."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FaultProxy
    #: One a client's connection, as the client itself would have it.
    _upstream: http.client.HTTPConnection | None = None

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        mail = self.path == _SENDS_MAIL
        what = "ses" if mail else self.headers.get("x-amz-target", "other").partition("_")[0].partition(".")[0].lower()
        fault = self.server.fault(what, mail=mail)
        if fault == "refused":
            refusal = {"__type": "com.amazonaws#InternalServerError", "message": "a fault of the test"}
            self._answer(500, [("content-type", "application/x-amz-json-1.0")], json.dumps(refusal).encode())
            return
        status, headers, answer = self._forward(body)
        if fault == "answer lost":
            self.close_connection = True
            return
        self._answer(status, headers, answer)

    do_GET = do_PUT = do_DELETE = do_POST

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        if self._upstream is None:
            self._upstream = http.client.HTTPConnection(self.server.upstream, timeout=60)
        # The Host stays as it was: it is signed.
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _SKIPPED}
        self._upstream.request(self.command, self.path, body, headers)
        answer = self._upstream.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def finish(self) -> None:
        if self._upstream is not None:
            self._upstream.close()
        super().finish()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _SKIPPED:
                self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def fault_proxy(upstream: str, rate: float, seed: int = 1) -> Iterator[FaultProxy]:
    proxy = FaultProxy(upstream, rate, seed)
    thread = Thread(target=proxy.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()

"""Providers on this machine that take mails and break where they are told to."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

#: What a server does instead of answering.
SILENCE, CLOSE = "silence", "close"


@dataclass
class Server:
    """`faults` says how a step ends: a status or reply, SILENCE, or CLOSE. `taken` are the mails it has accepted."""

    port: int = 0
    faults: dict[str, Any] = field(default_factory=dict)
    asked: list[Any] = field(default_factory=list)
    taken: list[Any] = field(default_factory=list)
    #: Held open without a word until the server ends.
    silent: list[socket.socket] = field(default_factory=list)


@contextmanager
def http(**faults: Any) -> Iterator[Server]:
    server = Server(faults=faults)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server.asked.append((self.path, dict(self.headers), body))
            fault = faults.get("answer", 202)
            if fault in (202, SILENCE, CLOSE) and not faults.get("refuse"):
                server.taken.append(body)  # and then its answer may be lost
            if fault == CLOSE:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if fault == SILENCE:
                self.connection.settimeout(2)
                with suppress(OSError):
                    self.connection.recv(1)
                self.close_connection = True
                return
            self.send_response(fault)
            self.send_header("x-message-id", "sg-1")
            self.send_header("location", "http://127.0.0.1:1/")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server.port = listening.server_address[1]
    with _running(lambda: listening.serve_forever(0.01)):
        try:
            yield server
        finally:
            listening.shutdown()
            listening.server_close()


@contextmanager
def smtp(**faults: Any) -> Iterator[Server]:
    """Follows the protocol but for the steps in `faults`: greeting, EHLO, AUTH, MAIL, RCPT, DATA, body."""
    server = Server(faults=faults)
    listening = socket.create_server(("127.0.0.1", 0))
    server.port = listening.getsockname()[1]

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with suppress(OSError):
                _conversation(server, connection)
            if connection not in server.silent:
                connection.close()

    with _running(serve):
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            listening.close()
            for connection in server.silent:
                connection.close()


def _conversation(server: Server, connection: socket.socket) -> None:
    lines = connection.makefile("rb")
    usual = {"greeting": 220, "EHLO": 250, "AUTH": 235, "MAIL": 250, "RCPT": 250, "DATA": 354, "body": 250}
    with lines:

        def answers(step: str) -> bool:
            fault = server.faults.get(step, usual.get(step, 250))
            if fault == SILENCE:
                server.silent.append(connection)
            if fault in (SILENCE, CLOSE):
                return False
            text = "queued as 7F3A" if step == "body" else "ok"
            features = "250-mx.example\r\n250 AUTH PLAIN LOGIN\r\n"
            connection.sendall((features if step == "EHLO" else f"{fault} {text}\r\n").encode())
            return True

        if not answers("greeting"):
            return
        for line in lines:
            server.asked.append(line.decode(errors="replace").strip())
            step = server.asked[-1][:4].upper()
            if step == "QUIT" or not answers(step):
                return
            if step == "DATA" and server.faults.get("DATA", 354) == 354:
                body = b""
                for part in lines:
                    if part == b".\r\n":
                        break
                    body += part
                if server.faults.get("body", 250) in (250, SILENCE, CLOSE):
                    server.taken.append(body)
                if not answers("body"):
                    return


@contextmanager
def _running(serve: Callable[[], None]) -> Iterator[None]:
    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join(timeout=3)

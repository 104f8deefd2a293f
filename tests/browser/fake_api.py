"""An admin API in memory for the console's own tests: answers in the shapes of the contract, nothing more.

The console itself is served by the real function; log-in is code + PKCE, checked as the user pool checks it.
"""

import base64
import hashlib
import json
import re
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from functions.console.app import app as console
from tests.browser.fake_definitions import Definitions
from tests.browser.fake_segments import Segments
from tests.browser.fake_settings import Settings
from tests.browser.fake_state import Answer, Routes, problem


class FakeApi(Segments, Definitions, Settings):
    """All routes, and the user pool."""

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Answer:
        if method != "GET" and not path.endswith(("/count", "/numbers/next")):
            self.calls.append((method, path, body))
        routes: Routes = [
            ("GET", r"/v1/meta", lambda: (200, self.meta)),
            *self.exchange.routes(body),
            *self.record_routes(query, body),
            *self.segment_routes(query, body),
            *self.send_routes(query, body),
            *self.setting_routes(query, body),
            # Last: of the nouns that are alike, whichever.
            *self.definition_routes(query, body),
        ]
        for verb, pattern, route in routes:
            match = re.fullmatch(pattern, path)
            if verb == method and match:
                return route(*match.groups())
        return problem(404, "Not found")

    def authorize(self, query: dict[str, str]) -> str:
        code = secrets.token_urlsafe(8)
        self.codes[code] = query["code_challenge"]
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    def token(self, form: dict[str, str]) -> Answer:
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != self.codes.pop(form["code"], None):
                return 400, {"error": "invalid_grant"}
        elif form["refresh_token"] != "refresh":
            return 400, {"error": "invalid_grant"}
        token = secrets.token_urlsafe(8)
        self.tokens.add(token)
        return 200, {"access_token": token, "refresh_token": "refresh", "expires_in": 300}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        self.api = FakeApi()
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: pytest shows what failed."""

    def handle_any(self) -> None:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query))
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if url.path.startswith("/v1/"):
            self.reply_api(url.path, query, body)
        elif url.path.startswith("/files/"):
            status, content = self.server.api.exchange.file(self.command, url.path.removeprefix("/files/"), body)
            self.reply(status, content, **{"content-type": "text/csv", "content-disposition": "attachment"})
        elif url.path == "/pool/oauth2/authorize":
            self.reply(302, b"", location=self.server.api.authorize(query))
        elif url.path == "/pool/oauth2/token":
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            self.reply_json(*self.server.api.token(form))
        elif url.path == "/pool/logout":
            self.reply(200, b"Adios", **{"content-type": "text/plain"})
        else:
            self.reply_console(url.path)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_any

    def reply_api(self, path: str, query: dict[str, str], body: bytes) -> None:
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.server.api.tokens:
            return self.reply_json(401, {"message": "Unauthorized"})
        return self.reply_json(*self.server.api.answer(self.command, path, query, json.loads(body) if body else None))

    def reply_console(self, path: str) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        event = {"rawPath": path, "headers": headers, "requestContext": {"http": {"method": self.command}}}
        answer = console.handler(event, None)
        body = answer["body"].encode()
        self.reply(
            answer["statusCode"], base64.b64decode(body) if answer.get("isBase64Encoded") else body, **answer["headers"]
        )

    def reply_json(self, status: int, body: Any) -> None:
        if isinstance(body, bytes):
            named = "attachment; filename*=UTF-8''Carta%20de%20L%C3%ADa.pdf"
            return self.reply(status, body, **{"content-type": "application/pdf", "content-disposition": named})
        content = b"" if body is None else json.dumps(body).encode()
        return self.reply(status, content, **{"content-type": "application/json"})

    def reply(self, status: int, body: bytes, /, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.console.app import app as console

PAGE = b"<!doctype html><title>Gotero</title>"
SCRIPT = b"console.log('gotero')\n" * 50


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    static = tmp_path / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_bytes(PAGE)
    (static / "assets" / "index-AbC123.js").write_bytes(SCRIPT)
    (static / "assets" / "index-AbC123.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret.txt").write_text("not for anybody")
    monkeypatch.setattr(console, "STATIC", static)
    monkeypatch.setenv("LOGIN_URL", "https://gotero.auth.eu-west-1.example/login")
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:9002")
    monkeypatch.setenv("CONSOLE_URL", "http://127.0.0.1:9001")
    monkeypatch.setenv("USER_POOL_CLIENT_ID", "client")
    clear()
    yield
    clear()


def clear() -> None:
    for cached in (console.files, console.content, console.security_headers):
        cached.cache_clear()


def ask(path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return console.handler({"rawPath": path, "headers": named, "requestContext": {"http": {"method": method}}}, None)


def body(answer: dict[str, Any]) -> bytes:
    return base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()


def test_the_root_leads_to_the_console() -> None:
    for path in ("/", "/console"):
        answer = ask(path)
        assert (answer["statusCode"], answer["headers"]["location"]) == (302, "/console/")


def test_every_address_of_the_consoles_router_gets_the_page() -> None:
    for path in ("/console/", "/console/records/contacts", "/console/callback"):
        answer = ask(path)
        assert answer["statusCode"] == 200
        assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
        assert answer["headers"]["cache-control"] == "no-cache"
        assert body(answer) == PAGE


def test_hashed_files_are_compressed_and_kept_for_ever() -> None:
    answer = ask("/console/assets/index-AbC123.js", Accept_Encoding="gzip, br")
    assert answer["headers"]["content-encoding"] == "gzip"
    assert answer["headers"]["cache-control"] == "public, max-age=31536000, immutable"
    assert answer["headers"]["content-type"].startswith("text/javascript")
    assert gzip.decompress(body(answer)) == SCRIPT


def test_a_client_without_gzip_gets_the_plain_file() -> None:
    answer = ask("/console/assets/index-AbC123.js", accept_encoding="identity")
    assert "content-encoding" not in answer["headers"]
    assert answer["headers"]["vary"] == "accept-encoding"
    assert body(answer) == SCRIPT


def test_a_page_that_has_not_changed_is_not_sent_again() -> None:
    etag = ask("/console/")["headers"]["etag"]
    again = ask("/console/", if_none_match=f'"other", W/{etag}')
    assert (again["statusCode"], again["body"]) == (304, "")
    assert ask("/console/", if_none_match='"other"')["statusCode"] == 200


@pytest.mark.parametrize(
    "path",
    [
        "/console/assets/missing.js",
        "/console/../secret.txt",
        "/console/%2e%2e/secret.txt",
        "/console/assets/../../secret.txt",
        "/console/assets/index-AbC123.js.gz",
        "/elsewhere",
        "/v1x",
        "/consoles/",
    ],
)
def test_anything_else_is_not_found(path: str) -> None:
    answer = ask(path)
    assert answer["statusCode"] == 404
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert json.loads(answer["body"])["status"] == 404


def test_only_reading_is_allowed() -> None:
    answer = ask("/console/", method="POST")
    assert (answer["statusCode"], answer["headers"]["allow"]) == (405, "GET, HEAD")
    assert ask("/console/", method="HEAD")["statusCode"] == 200


def test_the_configuration_names_where_to_log_in() -> None:
    answer = ask("/console/config.json")
    assert json.loads(answer["body"]) == {
        "api_url": "",
        "console_url": "http://127.0.0.1:9001",
        "login_url": "https://gotero.auth.eu-west-1.example/login",
        "client_id": "client",
        "public_url": "http://127.0.0.1:9002",
    }
    assert answer["headers"]["cache-control"] == "no-cache"


def test_the_page_may_talk_to_its_own_origin_and_the_log_in_server_only() -> None:
    for path in ("/console/", "/console/assets/index-AbC123.js", "/elsewhere", "/"):
        policy = ask(path)["headers"]["content-security-policy"]
        assert "default-src 'self';" in policy
        assert "connect-src 'self' https://gotero.auth.eu-west-1.example;" in policy
        assert "img-src 'self' data: https: http://127.0.0.1:9002;" in policy
        assert "frame-ancestors 'none'" in policy


def test_a_console_that_is_not_built_is_not_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "STATIC", tmp_path / "nothing")
    clear()
    assert ask("/console/")["statusCode"] == 404

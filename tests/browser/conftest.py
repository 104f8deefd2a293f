"""The browser tests run Debian's chromium headless against the console's real function and an API in memory."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from functions.console.app import app as console
from infra.local import chromium
from tests.browser.fake_api import FakeApi, Server

ROOT = Path(__file__).parents[2]


def missing() -> str | None:
    if not (ROOT / "functions/console/app/static/index.html").exists():
        return "the console is not built; build it with: make console"
    return None if chromium.path() else chromium.MISSING


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = missing()
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": chromium.path(), "args": list(chromium.ARGUMENTS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "es-ES", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server()
    environment = {"LOGIN_URL": f"{server.url}/pool", "USER_POOL_CLIENT_ID": "console", "CONSOLE_URL": server.url}
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    console.security_headers.cache_clear()
    yield server
    server.shutdown()
    server.server_close()
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
    console.security_headers.cache_clear()


@pytest.fixture
def api(server: Server) -> FakeApi:
    server.api.reset()
    return server.api


@pytest.fixture
def console_page(server: Server, api: FakeApi, page: Page) -> Iterator[Page]:
    """Signed in, at the first page. Whatever the browser reports as an error fails the test."""
    reported: list[str] = []
    page.on("console", lambda message: reported.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: reported.append(str(error)))
    expect.set_options(timeout=8_000)
    page.set_default_timeout(8_000)
    page.goto(f"{server.url}/console/")
    expect(page.get_by_role("heading", name="Campañas")).to_be_visible()
    yield page
    # Chromium itself logs the API's refusals and what a sandbox has stopped: both are part of what is tested.
    assert [text for text in reported if not text.startswith(("Failed to load resource", "Blocked script"))] == []

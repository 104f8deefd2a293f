"""The browser tests run Debian's chromium headless against the console's real function and an API in memory."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, ViewportSize, expect

from functions.console.app import app as console
from infra.local import chromium
from tests.browser.fake_api import FakeApi, Server

ROOT = Path(__file__).parents[2]
#: In milliseconds. The machine may be busy with other tests: what is true earlier is not waited for.
PATIENCE = 60_000
SIZE: ViewportSize = {"width": 1440, "height": 900}


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
    return {**browser_context_args, "locale": "es-ES", "viewport": SIZE}


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server()
    expect.set_options(timeout=PATIENCE)
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


@pytest.fixture(scope="session")
def console_tab(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """One tab for all tests of pages: a new one learns the console's scripts anew, two seconds of a core each time."""
    context = browser.new_context(**browser_context_args)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


@pytest.fixture
def console_page(server: Server, api: FakeApi, console_tab: Page) -> Iterator[Page]:
    """Signed in, at the first page, as in a tab of its own. Whatever the browser reports as an error fails the test."""
    page = console_tab
    reported: list[str] = []

    def of_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            reported.append(message.text)

    def of_page(error: Error) -> None:
        reported.append(str(error))

    _leave(page, server)
    page.evaluate("localStorage.clear(); sessionStorage.clear(); sessionStorage.setItem('gotero.refresh', 'refresh')")
    page.on("console", of_console)
    page.on("pageerror", of_page)
    page.goto(f"{server.url}/console/")
    expect(page.get_by_role("heading", name="Campañas")).to_be_visible()
    yield page
    page.remove_listener("console", of_console)
    page.remove_listener("pageerror", of_page)
    _leave(page, server)  # what it still asks for is not asked of the next test's API
    # Chromium itself logs the API's refusals and what a sandbox has stopped: both are part of what is tested.
    assert [text for text in reported if not text.startswith(("Failed to load resource", "Blocked script"))] == []


def _leave(page: Page, server: Server) -> None:
    """To a page of the console's origin that is not of the console, mouse and size as a new tab has them."""
    page.goto(f"{server.url}/pool/logout")
    page.mouse.move(0, 0)
    page.set_viewport_size(SIZE)

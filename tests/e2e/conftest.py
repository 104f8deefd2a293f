"""The real template on an emulator of its own, IAM enforced: one for the session; and the story's company on it."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.local import chromium
from infra.local.demo import contents
from infra.local.demo.company import MARC, TWITTER_LIST
from infra.local.demo.desk import Desk
from infra.local.demo.seed import seed
from infra.local.demo.website import Website, website
from infra.local.stack import Stack
from infra.local.testing import local_stack
from tests.e2e.evidence import Form, Json, Sent, send_to_all


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with local_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="session")
def desk(stack: Stack) -> Desk:
    """The admin API of a stack in which Huerta Turia and its 640 customers stand."""
    seed(stack)
    return Desk(stack)


@pytest.fixture(scope="session")
def twitter(desk: Desk) -> str:
    """The segment, with the workflow that fills it."""
    segment = desk.segment(TWITTER_LIST)
    desk.made("/v1/workflows", contents.capture_workflow(segment))
    return segment


@pytest.fixture(scope="session")
def site() -> Iterator[Website]:
    with website() as site:
        yield site


@pytest.fixture(scope="session")
def form(desk: Desk, twitter: str, site: Website) -> Form:
    """The form of the contact page, pasted into the site, and the workflow that answers it."""
    made = desk.made("/v1/forms", contents.contact_form(desk.user(MARC), site.thanks_page, [site.host]))
    template = desk.made("/v1/templates", contents.AUTO_REPLY)
    answering = desk.made("/v1/workflows", contents.auto_reply_workflow(made["id"], template["id"]))
    html = desk.stack.call("GET", f"/v1/forms/{made['id']}/html")
    assert html.headers["content-type"] == "text/html; charset=utf-8"
    site.paste(html.text)
    return Form(made, html.text, answering["id"])


@pytest.fixture(scope="session")
def iker(desk: Desk, twitter: str) -> Json:
    """A contact as somebody types it in, with that origin."""
    values = {"firstname": "Iker", "lastname": "Goñi", "email": "iker.goni@correo.example", "leadsource": "Twitter"}
    return desk.typed_in("contacts", values, owner=desk.user(MARC))


@pytest.fixture(scope="session")
def sent(desk: Desk, iker: Json) -> Sent:
    """The campaign Twitter, sent to 502 contacts, accounts and leads."""
    return send_to_all(desk, iker)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if (path := chromium.path()) is None:
        pytest.skip(chromium.MISSING)
    return {**browser_type_launch_args, "executable_path": path, "args": list(chromium.ARGUMENTS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "es-ES"}

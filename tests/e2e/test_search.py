"""The company on the real lake: words found in every module, and an API that says what it does."""

import pytest

from gotero.entry.openapi.routes import ROUTES
from infra.local.demo.desk import Desk
from infra.local.stack import UnknownUser

pytestmark = pytest.mark.e2e


def test_nunez_finds_every_nunez(desk: Desk) -> None:
    found = desk.stack.api("GET", "/v1/search?q=nunez&limit=200")
    people = {
        f"{module}/{record['id']}"
        for module in ("contacts", "leads")
        for record in desk.records(module, {"all": []})
        if "Núñez" in str(record["values"].get("lastname"))
    }
    assert people
    assert people <= {f"{item['module']}/{item['id']}" for item in found["items"]}
    assert found["count"] == sum(found["counts"].values()) == len(found["items"])
    assert desk.stack.call("GET", "/v1/search?q=n").status == 422


def test_the_api_describes_itself(desk: Desk) -> None:
    document = desk.stack.api("GET", "/v1/openapi.json")
    assert document["openapi"].startswith("3.1")
    described = {(m.upper(), path) for path, methods in document["paths"].items() for m in methods}
    assert described == {(route.method, route.path) for route in ROUTES}
    assert desk.stack.call("GET", "/v1/openapi.json", token="").status == 401


def test_a_script_may_ask_as_somebody_of_the_demo(desk: Desk) -> None:
    token = desk.stack.token_of("lucia")
    assert desk.stack.call("GET", "/v1/segments", token=token).status == 200
    assert desk.stack.call("POST", "/v1/groups", {"name": "Nuevos"}, token=token).status == 403
    with pytest.raises(UnknownUser, match=r"nadie.*lucia\.ferrer"):
        desk.stack.token_of("nadie")

"""Every route, asked by every role for a record of every owner: what is hidden is not there."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from gotero.domain.user import ROLES, User
from tests.functions.admin_request import LUCIA, Answer, call
from tests.functions.private_house import APIS, GROUP, OWNERS, House, build_house
from tests.functions.record_routes import FREE, OTHERS, ROUTES, Route


@pytest.fixture
def house_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], House]:
    return partial(build_house, monkeypatch)


@pytest.mark.parametrize("owner", OWNERS)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.route)
def test_everybody_reaches_what_he_sees_and_nothing_else(
    route: Route, role: Any, owner: str, house_of: Callable[[str, str], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, api = house_of(owner, route.function), APIS[route.function]
    user = User("lucia", LUCIA.name, LUCIA.email, role, groups=(GROUP,))
    monkeypatch.setattr(api, "_find_user", lambda sub: user)

    def ask(method: str, path: str, body: Any = None, *, query: dict[str, str] | None = None) -> Answer:
        return call(api, method, path, body, query=query)

    answer = route.ask(house, ask)
    if (route.writes and role == "viewer") or (route.administrators and role != "admin"):
        assert answer.status == 403
    elif OWNERS[owner] or role == "admin":
        assert answer.status in route.ok, answer.body
        assert route.shows is None or route.shows(answer.body)
    elif route.shows:
        assert answer.status == 200
        assert not route.shows(answer.body)
    else:
        assert answer.status == route.refused, answer.body


def test_every_route_is_in_the_matrix_or_reaches_no_record() -> None:
    there = {
        f"{route.method} {route.path}" for api in APIS.values() for route in (*api._static_routes, *api._dynamic_routes)
    }
    asked = {route.route for route in ROUTES}
    nouns = {*OTHERS["definitions"], *OTHERS["settings"]}
    plain = {route for route in there - asked - FREE if route.split("/")[2] in nouns and "record" not in route}
    assert there - asked - plain == FREE
    assert asked <= there

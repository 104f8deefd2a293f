"""Functions read the declaration as it was shipped, and no module is private, unless a test says otherwise."""

from collections.abc import Callable, Iterator

import pytest

from gotero.domain.modules import MODULES
from gotero.domain.visibility import Sight
from gotero.entry import wiring, wiring_sight
from gotero.ports import Definitions
from gotero.services.declare_fields import Declared


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "declare", lambda: None)


@pytest.fixture(autouse=True)
def everything_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring_sight, "sight", lambda user: Sight())


@pytest.fixture
def declaring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Definitions], None]]:
    """From now on each invocation looks at the fields of these definitions; afterwards nothing of it is left."""

    def declare(definitions: Definitions) -> None:
        monkeypatch.setattr(wiring, "declare", Declared(definitions).refresh)

    yield declare
    MODULES.declare(MODULES.shipped.values())

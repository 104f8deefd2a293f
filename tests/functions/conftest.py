"""Functions read the declaration as it was shipped, unless a test says otherwise."""

from collections.abc import Callable, Iterator

import pytest

from gotero.domain.modules import MODULES
from gotero.entry import wiring
from gotero.ports import Definitions
from gotero.services.declare_fields import Declared


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "declare", lambda: None)


@pytest.fixture
def declaring(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Definitions], None]]:
    """From now on each invocation looks at the fields of these definitions; afterwards nothing of it is left."""

    def declare(definitions: Definitions) -> None:
        monkeypatch.setattr(wiring, "declare", Declared(definitions).refresh)

    yield declare
    MODULES.declare(MODULES.shipped.values())

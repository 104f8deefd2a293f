"""The real template on an emulator of its own, IAM enforced: one for the session."""

from collections.abc import Iterator

import pytest

from infra.local.stack import Stack
from infra.local.testing import local_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with local_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running

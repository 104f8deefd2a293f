"""Two emulators for the whole folder: one with all repairs, one as it comes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from infra.local import patches
from infra.local.home import Home
from infra.local.process import stop
from infra.local.testing import FAST, launch
from tests.local.probe import Probe, deployed


@pytest.fixture(scope="session")
def repaired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    home = Home(tmp_path_factory.mktemp("repaired"))
    try:
        yield deployed(home, launch(replace(FAST, workers_per_function=2)))
    finally:
        stop(home)


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Probe]:
    home = Home(tmp_path_factory.mktemp("stock"))
    try:
        yield replace(deployed(home, launch(without=patches.NAMES)), patience=0.3)
    finally:
        stop(home)

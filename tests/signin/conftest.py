"""One application, one simulator of all providers; each test finds both empty and good."""

from collections.abc import Iterator

import pytest

from tests.support.idp import Simulator, simulator
from tests.support.idp.world import CALLBACK, World, world
from tests.support.stores import SQLite


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    """The simulator."""
    with simulator(CALLBACK) as state:
        yield state


@pytest.fixture(scope="session")
def house(running: Simulator, sqlite_store: SQLite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Our application with all providers on."""
    with sqlite_store.fresh(tmp_path_factory.mktemp("signin")) as url, world(url, running) as made:
        yield made


@pytest.fixture
def here(house: World) -> Iterator[World]:
    """Everything fresh; in the end no provider may have been asked wrongly (`sim.clear()` where a test means it)."""
    house.reset()
    yield house
    assert house.sim.violations == []

"""One application, one simulator of all providers; each test finds both empty and good."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.idp import Simulator, simulator
from tests.support.idp.world import CALLBACK, World, world
from tests.support.stores import SQLite

MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one, the thousand sign-ins here need not wait for a disk


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    """The simulator."""
    with simulator(CALLBACK) as state:
        yield state


@pytest.fixture(scope="session")
def house(running: Simulator, sqlite_store: SQLite) -> Iterator[World]:
    """Our application with all providers on."""
    with (
        tempfile.TemporaryDirectory(prefix="cw-signin-", dir=MEMORY if MEMORY.is_dir() else None) as folder,
        sqlite_store.fresh(Path(folder)) as url,
        world(url, running) as made,
    ):
        yield made


@pytest.fixture
def here(house: World) -> Iterator[World]:
    """Everything fresh; in the end no provider may have been asked wrongly (`sim.clear()` where a test means it)."""
    house.reset()
    yield house
    assert house.sim.violations == []

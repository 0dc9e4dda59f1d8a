"""Fixtures for all tests. The suite runs on SQLite and on PostgreSQL; `--db sqlite` halves the wait."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import postgres, stores
from tests.support.templates import Compiled
from widget import create_app
from widget.extensions import db
from widget.services import transaction
from widget.web import readpath

ENGINES = ("sqlite", "postgresql")
KILLS_A_TEST = 20  # a test that takes longer than five minutes is taken for one that hangs
SECRET_KEY = "only-for-tests-and-more-than-32-characters"
os.environ["WIDGET_AVATARS"] = "false"  # the people of the tests' providers have pictures somewhere on the internet
os.environ["WIDGET_LIMITS"] = "0"  # tests are in more of a hurry than people; those of limits set them
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of our own."""
    parser.addoption(
        "--screenshots", action="store_true", help="renew docs/images/ with pictures from the browser tests"
    )
    parser.addoption("--kills", type=int, default=2, help="how often the server is killed amid writes (default: 2)")
    parser.addoption("--full", action="store_true", help="run the trials of docs/trials.md with all their cases")
    parser.addoption("--db", choices=ENGINES, action="append", help="only on this database engine (default: on both)")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """The whole suite is dealt out to as many processes as there are cores; what somebody named runs in this one."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return None if whole and not (config.option.keyword or config.option.markexpr) else 0


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever asks for a database on each engine, and what asks for kills so often that there are enough."""
    if "kills" in metafunc.fixturenames:
        whole, rest = divmod(metafunc.config.getoption("kills"), KILLS_A_TEST)
        metafunc.parametrize("kills", [KILLS_A_TEST] * whole + [rest] * bool(rest))
    if "store" in metafunc.fixturenames:
        metafunc.parametrize("store", metafunc.config.getoption("db") or ENGINES, indirect=True, scope="session")


@pytest.fixture(scope="session")
def sqlite_store() -> Iterator[stores.SQLite]:
    """Fresh SQLite files, for tests that are about SQLite or need no second engine."""
    with stores.sqlite() as store:
        yield store


@pytest.fixture(scope="session")
def postgres_store() -> Iterator[stores.PostgreSQL]:
    """Fresh PostgreSQL databases on a real server."""
    with postgres.server() as server:
        yield stores.PostgreSQL(server)


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest) -> stores.Store:
    """The engine this test runs on; asking for it (or for `app`) makes a test run on both."""
    chosen: stores.Store = request.getfixturevalue({"sqlite": "sqlite_store"}.get(request.param, "postgres_store"))
    return chosen


@pytest.fixture
def database_url(store: stores.Store, tmp_path: Path) -> Iterator[str]:
    """WIDGET_DATABASE_URL of a database with all tables and no rows."""
    with store.fresh(tmp_path) as url:
        yield url


@pytest.fixture
def app_settings() -> dict[str, object]:
    """What a module's application has otherwise, by setting name."""
    return {}


@pytest.fixture
def app(database_url: str, app_settings: dict[str, object]) -> Iterator[Flask]:
    """The application on a fresh database, without a context pushed."""
    usual = {"DATABASE_URL": database_url, "SECRET_KEY": SECRET_KEY, "PUBLIC_URL": "https://comments.test"}
    app = create_app(usual | app_settings)
    yield app
    if path := readpath.of(app):
        path.close()
    with app.app_context():
        db.session.remove()
        transaction.close(app)
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Calls the application as HTTP would, in this process."""
    return app.test_client()

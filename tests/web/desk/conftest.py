"""A server with two sites and a real provider, and people with and without roles."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.support.api import put_site
from tests.support.desk import Desk
from tests.support.oidc import DemoId, demo_id
from tests.support.visitor import BLOG, SERVER
from widget import create_app
from widget.extensions import db
from widget.services import transaction
from widget.web import readpath

SHOP = "https://shop.test"


@pytest.fixture(scope="session")
def demo() -> Iterator[DemoId]:
    """The provider."""
    with demo_id() as running:
        yield running


@pytest.fixture
def desk_settings() -> dict[str, object]:
    """What a test's application has otherwise."""
    return {}


@pytest.fixture
def app(database_url: str, demo: DemoId, desk_settings: dict[str, object]) -> Iterator[Flask]:
    """The application."""
    usual = {"DATABASE_URL": database_url, "SECRET_KEY": "t" * 40, "PUBLIC_URL": SERVER, **demo.settings}
    app = create_app(usual | desk_settings)
    with app.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The Blog", [BLOG]))
        transaction.write(lambda session: put_site(session, "shop", "The Shop", [SHOP]))
    yield app
    if path := readpath.of(app):
        path.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def desk(app: Flask, demo: DemoId) -> Callable[[], Desk]:
    """Makes browsers."""
    return lambda: Desk(app, demo)

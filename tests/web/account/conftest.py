"""A server with two sites and a real provider, and Ada, who is signed in on one of them."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.api import put_site
from tests.support.oidc import DemoId, demo_id
from tests.support.people import Person, sign_in
from tests.support.visitor import BLOG, SERVER
from widget import create_app
from widget.extensions import db
from widget.services import transaction

SHOP = "https://shop.test"


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoId]:
    """The provider."""
    with demo_id() as running:
        yield running


@pytest.fixture
def app(database_url: str, demo: DemoId) -> Iterator[Flask]:
    """The application."""
    app = create_app({"DATABASE_URL": database_url, "SECRET_KEY": "t" * 40, "PUBLIC_URL": SERVER, **demo.settings})
    with app.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The Blog", [BLOG]))
        transaction.write(lambda session: put_site(session, "shop", "The Shop", [SHOP]))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def ada(app: Flask, demo: DemoId) -> Person:
    """Signed in on the blog, with her account page not open yet."""
    return sign_in(app, demo, "ada")

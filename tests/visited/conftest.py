"""Our application on a street of servers that visitors may name; each test finds the street empty."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support.api import put_site
from tests.support.stores import SQLite
from tests.support.street import Street
from tests.support.street import street as make_street
from tests.support.visitor import BLOG, SERVER, Visitor
from widget import create_app
from widget.extensions import db
from widget.services import transaction

NAMES = (
    *(f"{name}.test" for name in ("one", "two", "three", "evil", "ann", "www.ann", "bob", "mallory", "people")),
    *(f"{name}.test" for name in ("plc", "appview", "pds", "pds.evil", "auth", "auth.evil", "meta", "login")),
)


@pytest.fixture(scope="session")
def whole_street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    """The street."""
    with make_street(tmp_path_factory.mktemp("street"), *NAMES) as running:
        yield running


@pytest.fixture
def street(whole_street: Street, monkeypatch: pytest.MonkeyPatch) -> Street:
    """The street with nobody in it, trusted."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", whole_street.authority)
    whole_street.clear()
    return whole_street


def settings(street: Street, url: str) -> dict[str, Any]:
    """Everything on."""
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": "t" * 40,
        "PUBLIC_URL": SERVER,
        "MASTODON_ON": True,
        "BLUESKY_ON": True,
        "BLUESKY_PLC_URL": "https://plc.test",
        "BLUESKY_APPVIEW_URL": "https://appview.test",
        "INDIEAUTH_ON": True,
        **street.settings,
    }


def open_house(values: dict[str, Any]) -> Iterator[Flask]:
    """An application with one site, `blog`."""
    app = create_app(values)
    with app.app_context():
        transaction.write(lambda session: put_site(session, "blog", "The Blog", [BLOG]))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def house(street: Street, sqlite_store: SQLite, tmp_path: Path) -> Iterator[Flask]:
    """Our application, on SQLite."""
    with sqlite_store.fresh(tmp_path) as url:
        yield from open_house(settings(street, url))


@pytest.fixture
def app(street: Street, database_url: str) -> Iterator[Flask]:
    """Our application, on each engine."""
    yield from open_house(settings(street, database_url))


@pytest.fixture
def visitor(house: Flask) -> Visitor:
    """A browser."""
    return Visitor(house)

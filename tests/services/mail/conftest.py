"""A blog with a mail server behind it, and a worker that is called by hand."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from tests.support.api import Page, add_site
from tests.support.browser import chromium
from tests.support.hand import Hand
from tests.support.postbox import Postbox, postbox


@pytest.fixture
def box() -> Iterator[Postbox]:
    """The mail server."""
    with postbox() as made:
        yield made


@pytest.fixture
def app_settings(box: Postbox) -> dict[str, object]:
    """Where it is."""
    return {"SMTP_URL": box.url, "MAIL_FROM": "Comments <comments@comments.test>", "SMTP_TIMEOUT": 2}


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    """A page of the site `blog`, nobody signed in."""
    add_site(app)
    return Page(client)


@pytest.fixture
def hand(app: Flask) -> Hand:
    """The worker."""
    return Hand(app)


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    """A browser."""
    with chromium("none") as running:
        yield running

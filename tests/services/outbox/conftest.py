"""An outbox with one reader who has asked for everything."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import PAGE, Page, add_site
from tests.support.hand import Hand
from tests.support.postbox import Postbox, postbox


@pytest.fixture
def box() -> Iterator[Postbox]:
    """The mail server."""
    with postbox() as made:
        yield made


@pytest.fixture
def app_settings(box: Postbox) -> dict[str, object]:
    """Where it is; it has little time to answer."""
    return {
        "SMTP_URL": box.url,
        "MAIL_FROM": "comments@comments.test",
        "SMTP_TIMEOUT": 1,
        "OUTBOX_LEASE": 2,
        "MAIL_HOURLY": 1000,
    }


@pytest.fixture
def hand(app: Flask) -> Hand:
    """A worker that is called by hand."""
    return Hand(app)


@pytest.fixture
def bob(app: Flask, client: FlaskClient) -> Page:
    """Somebody who writes on a page that Ada follows."""
    add_site(app)
    ada = Page(client).be_person("Ada", email="ada@example.org", email_verified=True)
    wish = {"site": "blog", "kinds": ["thread"], "page": {"url": PAGE}}
    assert ada.send("POST", "/subscriptions", wish).status_code == 200
    return Page(client).be_guest("Bob")

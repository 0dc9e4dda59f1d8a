"""A blog whose mails can be answered, a worker that is called by hand, and a mail server."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import Page, add_site
from tests.support.hand import Hand
from tests.support.postbox import Postbox, postbox


@pytest.fixture
def box() -> Iterator[Postbox]:
    """The mail server that takes ours."""
    with postbox() as made:
        yield made


@pytest.fixture
def more_settings() -> dict[str, object]:
    """What a test sets besides."""
    return {}


@pytest.fixture
def app_settings(box: Postbox, more_settings: dict[str, object]) -> dict[str, object]:
    """Where mail goes, and where answers come to."""
    sending = {"SMTP_URL": box.url, "MAIL_FROM": "Comments <comments@comments.test>", "SMTP_TIMEOUT": 2}
    return {**sending, "REPLY_ADDRESS": "Replies@comments.test", **more_settings}


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    """A page of the site `blog`, nobody signed in."""
    add_site(app)
    return Page(client)


@pytest.fixture
def hand(app: Flask) -> Hand:
    """The worker that sends."""
    return Hand(app)

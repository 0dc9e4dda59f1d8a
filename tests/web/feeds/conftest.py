"""A page that two people write on, and whose feeds are read."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import Page, add_site


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    """A page of the site `blog`, nobody signed in."""
    add_site(app)
    return Page(client)


@pytest.fixture
def ann(page: Page) -> Page:
    """The same page with the guest Ann."""
    return Page(page.client).be_guest("Ann", website="https://ann.test/")


@pytest.fixture
def bob(page: Page) -> Page:
    """The same with Bob."""
    return Page(page.client).be_guest("Bob")

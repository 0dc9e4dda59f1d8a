"""A site, a page of it, and its conversation as a page of its own."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import Page, add_site
from tests.support.sheets import Sheets


@pytest.fixture
def sheets(page: Page) -> Sheets:
    """The pages of the blog's conversations."""
    return Sheets(page.client)


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    """A page of the site `blog`, nobody signed in."""
    add_site(app)
    return Page(client)


@pytest.fixture
def ann(page: Page) -> Page:
    """The same page with the guest Ann."""
    return Page(page.client).be_guest("Ann", website="https://ann.test/")

"""A blog that takes and tells mentions, on a street with other sites, and a worker that is called by hand."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.services.webmentions.stage import BLOG, NAMES, Stage
from tests.support.api import Page, add_site
from tests.support.elsewhere import Elsewhere
from tests.support.hand import Hand
from tests.support.street import Street
from tests.support.street import street as make_street


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


@pytest.fixture
def app_settings(street: Street) -> dict[str, object]:
    """Where the others are."""
    return street.settings


@pytest.fixture
def stage(app: Flask, client: FlaskClient, street: Street) -> Stage:
    """The blog with one page, and Ada's site elsewhere."""
    add_site(app, "blog", (BLOG,), webmentions="both")
    blog, ada = Elsewhere(street, "blog.test"), Elsewhere(street, "ada.test")
    blog.says("/post", "<!doctype html><title>Bread &amp; salt</title><h1>Bread</h1>")
    return Stage(app, Page(client), Hand(app), blog, ada)

"""A blog with a hook to a real receiver, and a worker that is called by hand."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support.api import Page, add_site
from tests.support.hand import Hand
from tests.support.receiver import Receiver, receiver
from widget.core import events
from widget.services import sites, transaction
from widget.services.hooks import store

Hooked = Callable[..., tuple[str, str]]


@pytest.fixture
def box() -> Iterator[Receiver]:
    """The receiver."""
    with receiver() as made:
        yield made


@pytest.fixture
def app_settings(box: Receiver) -> dict[str, object]:
    """Hooks may go to it."""
    return {"HOOK_HOSTS": box.place, "OUTBOX_LEASE": 20}


@pytest.fixture
def page(app: Flask, client: FlaskClient) -> Page:
    """A page of the site `blog`, nobody signed in."""
    add_site(app)
    return Page(client)


@pytest.fixture
def bob(page: Page) -> Page:
    """A guest."""
    return Page(page.client).be_guest("Bob")


@pytest.fixture
def hand(app: Flask) -> Hand:
    """The worker."""
    return Hand(app)


@pytest.fixture
def hooked(app: Flask, page: Page, box: Receiver) -> Hooked:
    """Makes a hook, of the blog unless `site` is None; (its id, its key)."""

    def make(kind: str = "json", *chosen: str, site: str | None = "blog", **more: Any) -> tuple[str, str]:
        wanted = store.Wanted(events=chosen or events.KINDS, **{"address": box.url, **more})

        def work(session: Any) -> tuple[str, str]:
            hook, key = store.add(session, sites.by_key(site).id if site else None, kind, wanted)
            return hook.public_id, key

        with app.app_context():
            return transaction.write(work)

    return make

"""Fixtures of the sign-in suite: one house for all tests, and visitors whose browsers refuse cookies of other sites."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page
from sqlalchemy import delete, select

from tests.e2e.signin import house as rig
from tests.e2e.signin.signer import Signer
from tests.support import stores, tls
from tests.support.browser import Visitor, block_third_party_cookies
from widget.models import Consent, Site


@pytest.fixture(scope="session")
def _house(
    tmp_path_factory: pytest.TempPathFactory, sqlite_store: stores.SQLite, certificate: tls.Identity
) -> Iterator[rig.House]:
    with rig.house(tmp_path_factory.mktemp("house"), sqlite_store, certificate) as running:
        yield running


@pytest.fixture
def house(_house: rig.House) -> Iterator[rig.House]:
    """The house with its doors open and nothing noted; no provider may have been asked wrongly in the end."""
    _house.apple.reset()
    for one in (_house.provider, _house.cutting, _house.back, _house.weak):
        one.open.set()
        one.broken, one.keeps, one.without = False, False, frozenset()
        one.led.clear()
        one.instead.clear()
        one.calls.clear()
    _house.change(delete(Consent).where(Consent.site_id == select(Site.id).filter_by(key="other").scalar_subquery()))
    for host in (_house.blog, _house.www, _house.other, _house.evil, _house.tracker):
        host.pages.seen.clear()
    yield _house
    assert _house.apple.violations == []


@pytest.fixture
def visit(visit: Callable[..., Visitor], house: rig.House) -> Iterator[Callable[..., Visitor]]:
    """Visitors whose tabs and windows block cookies of other sites; a cookie that got through fails the test.

    Every page of the house shows an image of tracker.test that comes with one.
    """
    visitors: list[Visitor] = []

    def make(*, third_party_cookies: bool = False, **options: object) -> Visitor:
        visitor = visit(third_party_cookies=third_party_cookies, **options)
        if not third_party_cookies:
            visitor.context.on("page", _block)
            visitors.append(visitor)
        return visitor

    yield make
    leaked = [cookie for one in visitors for cookie in one.context.cookies() if cookie["name"] == "control"]
    assert leaked == [], "third-party cookies were not blocked"
    if any(path.startswith("/") and path != "/control" for path, _ in house.blog.pages.seen):
        assert any(path == "/control" for path, _ in house.tracker.pages.seen), "the control was not asked for"


def _block(page: Page) -> None:
    block_third_party_cookies(page)


@pytest.fixture
def sit(visit: Callable[..., Visitor]) -> Callable[..., Signer]:
    """A new person in front of a new browser."""

    def make(**options: object) -> Signer:
        visitor = visit(**options)
        return Signer(visitor.page(), visitor)

    return make

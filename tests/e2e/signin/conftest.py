"""Fixtures of the sign-in suite: one house for all tests, and visitors whose browsers refuse cookies of other sites."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import delete, select

from tests.e2e.signin import firefox
from tests.e2e.signin import house as rig
from tests.e2e.signin.signer import Signer
from tests.support import stores, tls
from tests.support.browser import Visitor, block_third_party_cookies
from widget.models import Consent, Site


@pytest.fixture(scope="session")
def browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """Chromium as everywhere, or the Firefox that tools/browsers.py asks for."""
    if not firefox.wanted():
        yield request.getfixturevalue("browser")
        return
    with firefox.firefox() as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def _named(browser: Browser, record_testsuite_property: Callable[[str, object], None]) -> None:
    record_testsuite_property("browser", f"{browser.browser_type.name.capitalize()} {browser.version}")


@pytest.fixture(autouse=True)
def _described(request: pytest.FixtureRequest) -> None:
    """What the test shows, for the table that tools/browsers.py writes."""
    words = (request.function.__doc__ or request.node.name).partition("\n")[0]
    given = request.node.callspec.id if hasattr(request.node, "callspec") else ""
    request.node.user_properties.append(("shows", words.replace("{}", given)))


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
        if firefox.wanted():  # it does not know the certificate, and its preferences say what happens to cookies
            visitor = visit(third_party_cookies=True, ignore_https_errors=True, **options)
            visitor.foreseen += firefox.SAYS
            visitors.append(visitor)
            return visitor
        visitor = visit(third_party_cookies=third_party_cookies, **options)
        if not third_party_cookies:
            visitor.context.on("page", _block)
            visitors.append(visitor)
        return visitor

    yield make
    if firefox.wanted() and firefox.behaviour() == firefox.JAR_FOR_EACH_SITE:
        return  # then it is kept, and seen nowhere else: test_cookies.py
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

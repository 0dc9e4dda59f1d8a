"""Fixtures of the journeys through a real browser. A failed test leaves its picture in test-results/."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.pictures import picture
from tests.support import live as rig
from tests.support import stores, tls
from tests.support.browser import DESKTOP, Visitor, chromium


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tls.Identity:
    """The one certificate that the tests' browser trusts."""
    return tls.issue(tmp_path_factory.mktemp("tls"), "comments.test", "blog.test", "other.test")


@pytest.fixture(scope="session")
def live(
    tmp_path_factory: pytest.TempPathFactory, sqlite_store: stores.SQLite, certificate: tls.Identity
) -> Iterator[rig.Live]:
    """One running system for all journeys; every journey has a page of its own, and so a thread of its own."""
    folder = tmp_path_factory.mktemp("live")
    with sqlite_store.fresh(folder) as url, rig.live(folder, url, certificate, workers=2) as running:
        yield running


@pytest.fixture(scope="session")
def browser(certificate: tls.Identity) -> Iterator[Browser]:
    """Chromium for the whole run."""
    with chromium(certificate.pin) as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a browser did not do in time it may try once more, and pytest tells of it (R): all else fails at once."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(
                pytest.mark.flaky(reruns=1, only_rerun=["TimeoutError", "Locator expected", "Page expected"])
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Let fixtures know how the test went."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors: each with a browser profile of their own, in English and in Rome unless told otherwise.

    A test fails when the console of any of their pages said an error or a warning that was not foreseen.
    """
    visitors: list[Visitor] = []

    def make(*, third_party_cookies: bool = True, **options: Any) -> Visitor:
        chosen = {**DESKTOP, "locale": "en-GB", "timezone_id": "UTC", **options}
        visitor = Visitor(browser.new_context(**chosen), third_party_cookies)
        visitors.append(visitor)
        return visitor

    yield make
    failed = request.node.stash.get(_FAILED, False)
    for number, visitor in enumerate(visitors):
        for tab, page in enumerate(visitor.context.pages):
            if failed:
                picture(page, f"failed-{request.node.name}-{number}-{tab}")
        visitor.context.close()
    if not failed:
        assert [line for visitor in visitors for line in visitor.unexpected()] == []

"""The control: a cookie of another site does not reach it from a second page. Without this the suite shows nothing."""

from collections.abc import Callable

import pytest

from tests.e2e.signin import firefox
from tests.e2e.signin.house import House
from tests.support.browser import Visitor


def _cookies(house: House, visitor: Visitor) -> list[str | None]:
    """What tracker.test, whose image every page shows, was sent from a page of the blog, then from another site's."""
    page = visitor.page()
    for host in (house.blog, house.other):
        page.goto(house.page("/bare/", host=host, bare=True))
    return [headers.get("Cookie") for path, headers in house.tracker.pages.seen if path == "/control"]


def test_cookies_of_other_sites(house: House, visit: Callable[..., Visitor]) -> None:
    """Third-party cookies do not get through: the control cookie is absent."""
    assert _cookies(house, visit()) == [None, None]


@pytest.mark.skipif(bool(firefox.wanted()), reason="its preferences are for the whole run")
def test_control_of_cookies(house: House, visit: Callable[..., Visitor]) -> None:
    """Control: where they are allowed, the control cookie is there."""
    assert _cookies(house, visit(third_party_cookies=True)) == [None, "control=1"]

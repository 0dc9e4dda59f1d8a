"""That the tests' browser really blocks third-party cookies when asked: a control cookie goes missing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.support import tls, web
from tests.support.browser import Visitor

FETCH = "address => fetch(address, {mode: 'no-cors', credentials: 'include'}).then(() => null)"


def _cookie_seen(pages: web.Pages, page: Page, server: str, blog: str) -> str | None:
    """The cookie that `server` gets from a page of `blog`, after it has set one from there."""
    page.goto(f"{blog}/")
    page.evaluate(FETCH, f"{server}/set")
    page.evaluate(FETCH, f"{server}/get")
    path, headers = pages.seen[-1]
    assert path == "/get"
    return headers.get("Cookie")


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "blocked"])
def test_the_control_cookie(visit: Callable[..., Visitor], certificate: tls.Identity, *, allowed: bool) -> None:
    pages = web.Pages()
    pages["/"] = web.Page("<!doctype html><title>Host</title><link rel=icon href='data:,'>")
    pages["/set"] = web.Page("", headers={"Set-Cookie": "control=1; SameSite=None; Secure; Path=/"})
    pages["/get"] = web.Page("")
    with web.serve(pages, certificate.context()) as port:
        server, blog = f"https://comments.test:{port}", f"https://blog.test:{port}"
        page = visit(third_party_cookies=allowed).page()
        expected = "control=1" if allowed else None
        assert _cookie_seen(pages, page, server, blog) == expected
        page.goto(f"{server}/set")  # a visit to the server itself sets it, as its own
        assert page.context.cookies(server)
        assert _cookie_seen(pages, page, server, blog) == expected
